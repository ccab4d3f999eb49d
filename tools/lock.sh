#!/bin/sh
# Write requirements/*.txt anew from pyproject.toml: names, versions and hashes, never an address.
set -eu
cd "$(dirname "$0")/.."

lock() {
    .tools/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate -p 3.11 "$@"
}

echo "Locking; this asks the package index ..."
lock pyproject.toml -o requirements/base.txt
lock pyproject.toml --group dev -c requirements/base.txt -o requirements/dev.txt
lock --group tools -o requirements/tools.txt
lock --group node -o requirements/node.txt
