"""False alarms of two usual ways to watch for drift, on the requests of `monitor drill --measurements FILE`.

    python3 -m venv .venv && .venv/bin/pip install scipy evidently "pandas<3"
    .venv/bin/python tests/bench/drift-baselines.py FILE [REQUESTS]

Both compare each thousand of undisturbed requests, drawn with replacement from those kept aside, with the reference:
- a plain Kolmogorov-Smirnov test of each signal at p < 0.05, an alarm if any signal differs;
- Evidently's default for numbers: that test at p < 0.05 where the reference has at most 1,000 rows, otherwise the Wasserstein distance
  in standard deviations at 0.1; an alarm if half of the signals differ.
The plain test is given with Bonferroni's correction for the number of signals, too.
"""

import json
import sys

import numpy as np
import pandas.core.dtypes.common as dtypes

if not hasattr(dtypes, "infer_dtype_from_object"):
    # Evidently 0.7 imports what pandas 3 does not have, and does not use it here.
    dtypes.infer_dtype_from_object = None

import pandas as pd
from evidently.legacy.calculations.stattests.registry import _get_default_stattest
from evidently.legacy.core import ColumnType
from scipy import stats

WINDOW = 1000

with open(sys.argv[1]) as file:
    data = json.load(file)
requests = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
reference, aside = (pd.DataFrame(rows) for rows in (data["reference"], data["aside"]))
signals = [name for name in reference.columns if reference[name].notna().mean() > 0.5]
random = np.random.default_rng(1)

counts = dict.fromkeys(["ks", "ks, corrected", "evidently: a signal", "evidently: half of the signals"], 0)
for _ in range(requests // WINDOW):
    window = aside.iloc[random.integers(len(aside), size=WINDOW)]
    p_values, drifted = [], []
    for name in signals:
        old, new = reference[name].dropna(), window[name].dropna()
        p_values.append(stats.ks_2samp(old, new, method="asymp").pvalue)
        test = _get_default_stattest(old, new, ColumnType.Numerical)
        drifted.append(test(old, new, ColumnType.Numerical, None).drifted)
    counts["ks"] += min(p_values) < 0.05
    counts["ks, corrected"] += min(p_values) < 0.05 / len(signals)
    counts["evidently: a signal"] += any(drifted)
    counts["evidently: half of the signals"] += np.mean(drifted) >= 0.5

print(json.dumps({"requests": requests, "window": WINDOW, "signals": len(signals), "reference": len(reference), "alarms": {k: int(v) for k, v in counts.items()}}))
