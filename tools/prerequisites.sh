#!/bin/sh
# Looks for what Cairn's set-up stands on: git, make, and Python 3.11 or newer with venv. Prints the Python to use;
# where something is missing, says in one sentence which command installs it. Not here: anything that can be installed for you.
set -eu

python=""
venv=""
for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
    "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue
    python=$name
    "$name" -c 'import ensurepip, venv' >/dev/null 2>&1 || continue
    venv=yes
    break
done

missing=""
command -v git >/dev/null 2>&1 || missing="$missing git"
command -v make >/dev/null 2>&1 || missing="$missing make"
if [ "$(uname -s)" = Darwin ]; then
    [ -n "$venv" ] || missing="$missing python@3.12"
    install="brew install"
else
    [ -n "$python" ] || missing="$missing python3"
    [ -n "$venv" ] || missing="$missing python3-venv"
    install="apt install"
    [ "$(id -u)" = 0 ] || install="sudo apt install"
fi

if [ -n "$missing" ]; then
    echo "Cairn needs git, make and Python 3.11 or newer with venv; install what is missing with: $install$missing" >&2
    exit 1
fi
echo "$python"
