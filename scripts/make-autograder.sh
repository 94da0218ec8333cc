#!/usr/bin/env bash
# Puts together what Gradescope takes as an autograder: make-autograder.sh LAB FOLDER [DATA]. Zip what is in FOLDER, or build
# infra/gradescope/Dockerfile of it. LAB is a number, or a file of your own; DATA is the prefix of data that students do not have.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
if (($# < 2)); then echo "Usage: make-autograder.sh LAB FOLDER [DATA]" >&2; exit 2; fi
lab=$1 folder=$2 data=${3:-}
mkdir -p "$folder"
cp "$root"/infra/gradescope/{run_autograder,setup.sh} "$folder"
if [[ -f $lab ]]; then
  cp "$lab" "$folder/lab.json"
  lab=lab.json
fi
echo "$lab" >"$folder/lab"
if [[ -n $data ]]; then
  mkdir -p "$folder/hidden"
  cp "$data"* "$folder/hidden"
  echo "hidden/$(basename "$data")" >"$folder/data"
fi
package=$(find "$root/dist" -maxdepth 1 -name 'text-recognizer-*.tgz' 2>/dev/null | head -n 1)
if [[ -z $package ]]; then echo "There is no package in dist: make it with npm run release." >&2; exit 1; fi
cp "$package" "$folder"
echo "$folder is ready."
