from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "make_venv.sh"
SHELL = shutil.which("sh")

pytestmark = pytest.mark.skipif(SHELL is None, reason="there is no sh on this machine")


def make_venv(folder: Path, path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own script
        [str(SHELL), str(SCRIPT), str(folder / "venv")],
        env={"PATH": str(path), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def put_python(folder: Path, name: str, body: str) -> None:
    program = folder / name
    program.write_text(f"#!{SHELL}\n{body}\n")
    program.chmod(0o755)


OLD = "exit 1"  # fails the question for its version, as an old Python and a dead shim do
BARE = 'case "$2" in *ensurepip*) exit 1;; esac'  # the right version, without pip


def test_no_python_at_all_is_said(tmp_path: Path) -> None:
    done = make_venv(tmp_path, tmp_path)
    assert done.returncode == 1
    assert done.stderr == (
        "Layerwalk: no Python 3.11, 3.12, 3.13 or 3.14 was found on the PATH; "
        "install one, or name it: make demo PYTHON=/path/to/python3\n"
    )


def test_an_old_python_is_none(tmp_path: Path) -> None:
    put_python(tmp_path, "python3", OLD)
    done = make_venv(tmp_path, tmp_path)
    assert (done.returncode, "no Python 3.11" in done.stderr) == (1, True)


def test_a_python_without_pip_is_said(tmp_path: Path) -> None:
    put_python(tmp_path, "python3", OLD)
    put_python(tmp_path, "python3.13", BARE)
    done = make_venv(tmp_path, tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("Layerwalk: python3.13 has no venv module with pip; install it")


def test_a_named_python_that_does_not_fit_is_said(tmp_path: Path) -> None:
    put_python(tmp_path, "python2", OLD)
    done = make_venv(tmp_path, tmp_path, PYTHON="python2")
    assert done.returncode == 1
    assert done.stderr.startswith(
        "Layerwalk: PYTHON=python2 is not Python 3.11, 3.12, 3.13 or 3.14;"
    )


def test_the_first_python_that_fits_is_taken(tmp_path: Path) -> None:
    put_python(tmp_path, "python3", OLD)
    put_python(tmp_path, "python3.14", BARE)
    asked = tmp_path / "asked"
    for name in ("python3.12", "python3.11"):
        put_python(tmp_path, name, f'echo {name} "$@" >> {asked}')
    done = make_venv(tmp_path, tmp_path)
    assert done.returncode == 0, done.stderr
    calls = asked.read_text().splitlines()
    assert calls[-1] == f"python3.12 -m venv --clear {tmp_path / 'venv'}"
    assert not any(call.startswith("python3.11") for call in calls)


@pytest.mark.slow
def test_a_real_environment_has_pip(tmp_path: Path) -> None:
    done = make_venv(tmp_path, tmp_path, PYTHON=sys.executable)
    assert done.returncode == 0, done.stderr
    assert next(tmp_path.glob("venv/lib/python3.*/site-packages/pip/__init__.py")).is_file()
