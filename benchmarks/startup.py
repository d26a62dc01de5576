"""What it costs to import Layerwalk and to ask its command line for help.

    python benchmarks/startup.py

CPU seconds of fresh processes, medians of interleaved runs. Goals: importing layerwalk and
torch costs at most 5 % more than importing torch; ``layerwalk --help`` answers in under
0.3 s of CPU.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys

ROUNDS = 9
PROGRAMS = {
    "import torch": "import torch",
    "import layerwalk, torch": "import layerwalk, torch",
    "import layerwalk": "import layerwalk",
    "layerwalk --help": "from layerwalk.surfaces.cli import main; main(['--help'])",
    "python itself": "pass",
}


def cpu_seconds(program: str) -> float:
    before = os.times()
    command = [sys.executable, "-c", program]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    after = os.times()
    return (after.children_user - before.children_user) + (
        after.children_system - before.children_system
    )


def main() -> None:
    took: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for _ in range(ROUNDS):
        for name, program in PROGRAMS.items():
            took[name].append(cpu_seconds(program))
    middle = {name: statistics.median(times) for name, times in took.items()}
    for name, seconds in middle.items():
        print(f"{name:26} {seconds:6.3f} s")
    more = middle["import layerwalk, torch"] / middle["import torch"] - 1
    print(f"importing layerwalk as well: {more:+.1%}   goal: at most +5 %")
    print(f"help: {middle['layerwalk --help']:.3f} s   goal: under 0.3 s")


if __name__ == "__main__":
    main()
