#!/usr/bin/env bash
# Gradescope runs this once, when it builds the image of an autograder: Node, and the package that grades.
set -euo pipefail
source=${AUTOGRADER:-/autograder}/source
apt-get update -qq
apt-get install -y -qq --no-install-recommends ca-certificates curl xz-utils
curl -fsSL https://nodejs.org/dist/latest-v22.x/SHASUMS256.txt -o /tmp/SHASUMS256.txt
archive=$(grep -o 'node-v[0-9.]*-linux-x64\.tar\.xz' /tmp/SHASUMS256.txt)
curl -fsSL "https://nodejs.org/dist/latest-v22.x/$archive" -o "/tmp/$archive"
(cd /tmp && grep " $archive\$" SHASUMS256.txt | sha256sum --check --quiet)
tar -xJf "/tmp/$archive" -C /usr/local --strip-components=1
rm "/tmp/$archive" /tmp/SHASUMS256.txt
cd "$source"
npm install --omit=dev --no-audit --no-fund --onnxruntime-node-install=skip ./text-recognizer-*.tgz
