from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

import layerwalk as lw
from layerwalk.surfaces.cli import app
from surfaces.commandline import CommandLine

HEAVY = ("torch", "torchvision", "timm", "matplotlib", "PIL", "numpy", "safetensors")
TREE: Any = get_command(app)


def start(
    *words: str, folder: Path, code: str | None = None, **environment: str
) -> subprocess.Popen[bytes]:
    program = ["-c", code] if code else ["-m", "layerwalk", *words]
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, *program],
        cwd=folder,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        # A job in the background is born deaf to interrupts, and so would its children be.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom layerwalk.surfaces.cli import main\n"
        "assert main(['show', '--help']) == 0\nassert main([]) == 0\n"
        f"print('heavy:', [name for name in {HEAVY} if name in sys.modules])"
    )
    with start(folder=tmp_path, code=code) as program:
        out, err = program.communicate()
    assert err == b""
    assert out.splitlines()[-1] == b"heavy: []"


def test_the_program_is_a_module(tmp_path: Path) -> None:
    with start("--version", folder=tmp_path) as program:
        out, err = program.communicate()
    assert (program.returncode, err) == (0, b"")
    assert out.decode().split() == ["layerwalk", lw.__version__]


def test_no_words_are_a_question(layerwalk: CommandLine) -> None:
    assert layerwalk.done().out == layerwalk.done("--help").out
    assert layerwalk.done("-h").out == layerwalk.done("--help").out


@pytest.mark.parametrize("command", ["", *TREE.commands])
def test_help_says_what_every_option_does(layerwalk: CommandLine, command: str) -> None:
    words = [command] if command else []
    told = layerwalk.done(*words, "--help", columns=200).out
    parameters = (TREE.commands[command] if command else TREE).params
    assert parameters
    for parameter in parameters:
        assert len(parameter.help or "") > 10, parameter.name
        spelled = parameter.opts if parameter.param_type_name == "option" else [parameter.metavar]
        for name in spelled:
            assert re.search(rf"{re.escape(name)}\b", told), name
    assert "[default: efficientnet_lite0]" in told or command not in ("show", "trace")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes close otherwise there")
def test_a_closed_pipe_is_no_fault(tmp_path: Path) -> None:
    words = ("show", "sample:digits/3", "-m", "lenet5", "--layers", "none", "-o", "out")
    with start(*words, folder=tmp_path) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.close()
        err = program.stderr.read()
    assert err == b""
    assert program.returncode == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk here is always full")
@pytest.mark.parametrize("buffered", ["", "1"])
@pytest.mark.parametrize("words", [("filters", "--list"), ("--help",), ("--version",)])
def test_an_output_that_cannot_be_written(
    tmp_path: Path, words: tuple[str, ...], buffered: str
) -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123 - not a path but a device
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "layerwalk", *words],
            cwd=tmp_path,
            env={**os.environ, "PYTHONUNBUFFERED": buffered},
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    # Not 1, which says that a check failed.
    assert done.returncode == 2
    assert done.stderr == (
        b"error: the output cannot be written (No space left on device); "
        b"check the space where it goes.\n"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="signals are others there")
def test_an_interrupt_prints_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(
        "import time\nfrom pathlib import Path\nPath('ready').touch()\ntime.sleep(600)\n"
    )
    with start("show", "sample:cat", "-m", "net.py:Net", folder=tmp_path) as program:
        while not (tmp_path / "ready").exists() and program.poll() is None:
            pass
        program.send_signal(signal.SIGINT)
        _, err = program.communicate(timeout=120)
    assert program.returncode == 130
    assert err == b"note: stopped.\n"


def test_a_terminal_of_ascii_letters(tmp_path: Path) -> None:
    words = ("show", "sample:digits/3", "-m", "lenet5", "--layers", "none", "-o", "out")
    with start(*words, folder=tmp_path, PYTHONIOENCODING="ascii") as program:
        out, err = program.communicate()
    assert (program.returncode, err) == (0, b"")
    text = out.decode("ascii")
    assert "conv2d 5x5 padding 2" in text
    assert re.search(r"\d\.\d% +#+ ", text)
