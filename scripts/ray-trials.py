"""Runs trials with Ray Tune for compare-ray.ts.

Each line of the input is a JSON list with an entry for each trial: a command of the shell, or null for a trial that does nothing. Each line of the
output is a JSON object with the seconds that Ray Tune took for all of them. The argument is the number of cores.
"""

import json
import subprocess
import sys
import tempfile
import time

import ray
from ray import tune

# Ray Tune prints to the standard output.
answers, sys.stdout = sys.stdout, sys.stderr


def answer(value):
    print(json.dumps(value), file=answers, flush=True)


def run(commands, folder):
    def trial(config):
        command = commands[config["index"]]
        if command is not None:
            subprocess.run(command, shell=True, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return {"done": 1}

    tuner = tune.Tuner(
        tune.with_resources(trial, {"cpu": 1}),
        param_space={"index": tune.grid_search(list(range(len(commands))))},
        run_config=tune.RunConfig(storage_path=folder, verbose=0),
    )
    start = time.perf_counter()
    results = tuner.fit()
    return {"seconds": time.perf_counter() - start, "trials": len(results), "failed": results.num_errors}


with tempfile.TemporaryDirectory() as folder:
    ray.init(num_cpus=int(sys.argv[1]), include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    answer({"version": ray.__version__})
    for line in sys.stdin:
        answer(run(json.loads(line), folder))
