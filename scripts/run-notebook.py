"""Runs the cells of a notebook in order with the Deno kernel and prints the notebook with what they gave: `run-notebook.py DENO NOTEBOOK`."""

import json
import os
import pathlib
import sys
import tempfile

import nbformat
from nbclient import NotebookClient

deno, notebook = sys.argv[1:]
with tempfile.TemporaryDirectory() as folder:
    kernel = pathlib.Path(folder, "kernels", "deno")
    kernel.mkdir(parents=True)
    argv = [deno, "jupyter", "--kernel", "--conn", "{connection_file}"]
    (kernel / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "Deno", "language": "typescript"}))
    os.environ["JUPYTER_PATH"] = folder
    cells = nbformat.read(notebook, as_version=4)
    resources = {"metadata": {"path": str(pathlib.Path(notebook).parent)}}
    NotebookClient(cells, kernel_name="deno", resources=resources, timeout=600, record_timing=False).execute()
print(nbformat.writes(cells))
