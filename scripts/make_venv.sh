#!/bin/sh
# Makes the virtual environment FOLDER with the first Python at hand that fits.
#
#   scripts/make_venv.sh .venv
#   PYTHON=/path/to/python3.12 scripts/make_venv.sh .venv
set -eu

folder=$1
wanted="3.11, 3.12, 3.13 or 3.14"

fits() { # Each is run, not just looked up: version managers put names on the PATH that only answer with an error.
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' >/dev/null 2>&1
}

can_make() { # Debian and Ubuntu keep this part of Python in a package of its own.
    "$1" -c 'import ensurepip, venv' >/dev/null 2>&1
}

refuse() {
    echo "Layerwalk: $1" >&2
    exit 1
}

bare=""
for python in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
    fits "$python" || continue
    if can_make "$python"; then
        echo "Making $folder with $("$python" -c 'import platform; print("Python", platform.python_version())')"
        "$python" -m venv --clear "$folder" || refuse "$python could not make $folder; see its message above."
        exit 0
    fi
    bare=$python
done

if [ -n "$bare" ]; then
    refuse "$bare has no venv module with pip; install it (Debian, Ubuntu: apt install python3-venv) and try again."
fi
if [ -n "${PYTHON:-}" ]; then
    refuse "PYTHON=$PYTHON is not Python $wanted; name one that is, or leave PYTHON out."
fi
refuse "no Python $wanted was found on the PATH; install one, or name it: make demo PYTHON=/path/to/python3"
