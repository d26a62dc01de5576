"""Write the explorer's message schema and the TypeScript types made from it.

    python scripts/wire.py            write web/src/wire/schema.json and schema.d.ts
    python scripts/wire.py --check    say whether they are what the code says

The schema is the OpenAPI document of the server itself, with the messages of notebooks and
reports besides; the npm package openapi-typescript makes the types, so ``web``'s packages have
to be installed (``make web``).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from layerwalk.surfaces.library import Library
from layerwalk.surfaces.server.app import make_app

WEB = Path(__file__).parent.parent / "web"
SCHEMA = WEB / "src" / "wire" / "schema.json"
TYPES = WEB / "src" / "wire" / "schema.d.ts"


def schema() -> str:
    """The schema of every route and message, as the text of an OpenAPI document."""
    return json.dumps(make_app(Library()).openapi(), indent=1) + "\n"


def types(text: str, folder: Path) -> str:
    """The TypeScript types of a schema."""
    given, made = folder / "schema.json", folder / "schema.d.ts"
    given.write_text(text)
    subprocess.run(  # noqa: S603 - the program of this repository's own packages
        [WEB / "node_modules" / ".bin" / "openapi-typescript", given, "--output", made],
        check=True,
        capture_output=True,
    )
    return made.read_text()


def main() -> int:
    """Write the files, or compare them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    check = parser.parse_args().check
    text = schema()
    with tempfile.TemporaryDirectory() as folder:
        wanted = {SCHEMA: text, TYPES: types(text, Path(folder))}
    stale = [file for file, said in wanted.items() if not file.exists() or file.read_text() != said]
    if check:
        for file in stale:
            print(f"{file.relative_to(WEB.parent)} is not what the code says: run make wire")
        return 1 if stale else 0
    for file in stale:
        file.write_text(wanted[file])
        print(f"wrote {file.relative_to(WEB.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
