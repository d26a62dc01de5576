"""``python -m layerwalk``: the command line where no program was installed."""

from __future__ import annotations

import sys

from layerwalk.surfaces.cli import main

if __name__ == "__main__":
    sys.exit(main())
