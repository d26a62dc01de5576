"""Write the exact version of everything Layerwalk's extras need into a constraints file.

The versions are those that the running environment holds, so an upgrade is
``.venv/bin/pip install --upgrade ...``, the tests, then ``make constraints``. What another
platform needs besides (CUDA's libraries, say) stays free: its owner pins it by itself.
"""

from __future__ import annotations

import argparse
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

EXTRAS = ("all", "dev", "bench")

HEADER = """\
# The versions Layerwalk is built and tested with; written by `make constraints`.
#   pip install -c constraints.txt '.[all]'
"""


def closure(package: str, extras: frozenset[str]) -> dict[str, str]:
    """Name to public version of everything ``package`` with ``extras`` needs, itself left out.

    Raises
    ------
    PackageNotFoundError
        Something that is needed is not installed.
    """
    versions: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(package, extra) for extra in ("", *sorted(extras))]
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        found = distribution(name)
        # A local tag (2.13.0+cpu) names one build; the public version fits them all.
        versions[name] = Version(found.version).public
        for line in found.requires or ():
            need = Requirement(line)
            if need.marker is None or need.marker.evaluate({"extra": extra}):
                child = canonicalize_name(need.name)
                waiting += [(child, wanted) for wanted in ("", *need.extras)]
    versions.pop(package)
    return versions


def main() -> int:
    """Write the file that the command line names; 0 if it could."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    options = parser.parse_args()
    try:
        versions = closure("layerwalk", frozenset(EXTRAS))
    except PackageNotFoundError as error:
        print(f"{error.name} is not installed; run `make constraints`", file=sys.stderr)
        return 1
    pins = "".join(f"{name}=={version}\n" for name, version in sorted(versions.items()))
    options.file.write_text(HEADER + pins, encoding="utf-8")
    print(f"{options.file}: {len(versions)} versions")
    return 0


if __name__ == "__main__":
    sys.exit(main())
