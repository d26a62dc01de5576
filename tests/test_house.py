"""The rules of the house: what every file keeps, and a proof that each gate can fail."""

from __future__ import annotations

import ast
import importlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from jaxtyping import TypeCheckError

import layerwalk
from layerwalk.models.edges import Edges
from tracked import tracked_files

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "layerwalk"
HEAVY = ("torch", "torchvision", "timm", "matplotlib", "PIL", "typer", "safetensors")

# Written so that this file does not match itself.
ELSEWHERE = re.compile(
    r"/(?:work|root|farm|opt|tmp)/|/home/[a-z]|[.]pyenv|/[.]library\b|[a-z]:[\\]Users"
    r"|python[h]osted|pypi[.]org|registry[.]npm|localhost:\d+/simple|file:///[a-z]"
)


def run(*words: str, folder: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - words of our own
        words,
        cwd=folder,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def python_files(*folders: str) -> list[Path]:
    inside = tuple(ROOT / folder for folder in folders)
    return [
        path
        for path in tracked_files(ROOT)
        if path.suffix == ".py" and any(path.is_relative_to(folder) for folder in inside)
    ]


# Imports


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    if not program.exists():
        found = shutil.which("lint-imports")
        assert found, "import-linter is not installed; `make test` installs it"
        program = Path(found)
    return run(
        str(program),
        "--no-cache",
        "--no-logo",
        folder=folder,
        PYTHONPATH=str(folder / "src"),
        COLUMNS="200",
    )


@pytest.fixture
def copy_of_house(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    ignored = shutil.ignore_patterns("__pycache__", "*.jpg", "*.npz", "static")
    shutil.copytree(SOURCE, tmp_path / "src" / "layerwalk", ignore=ignored)
    return tmp_path


def test_imports_run_one_way(copy_of_house: Path) -> None:
    done = lint_imports(copy_of_house)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("file", "line", "complaint"),
    [
        ("record/wrong.py", "import layerwalk.store", "layerwalk.record is not allowed to import"),
        ("render/wrong.py", "import torch", "layerwalk.render is not allowed to import torch"),
        ("store/wrong.py", "import layerwalk.render", "layerwalk.store is not allowed to import"),
    ],
)
def test_an_import_the_wrong_way_is_noticed(
    copy_of_house: Path, file: str, line: str, complaint: str
) -> None:
    with (copy_of_house / "src" / "layerwalk" / file).open("a", encoding="utf-8") as wrong:
        wrong.write(f"\n{line}\n")
    done = lint_imports(copy_of_house)
    assert done.returncode == 1, done.stdout + done.stderr
    assert complaint in done.stdout


def modules_after(code: str) -> set[str]:
    done = run(sys.executable, "-c", f"{code}\nimport sys\nprint('\\n', *sys.modules)")
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split())


def test_importing_the_package_imports_nothing_heavy() -> None:
    assert modules_after("import layerwalk").isdisjoint({*HEAVY, "numpy"})


def test_modules_after_sees_a_heavy_import() -> None:
    assert "numpy" in modules_after("import numpy")


@pytest.mark.parametrize(
    "room", ["record", "errors", "prediction", "data", "filters", "store", "render"]
)
def test_rooms_of_arrays_import_no_torch(room: str) -> None:
    assert "torch" not in modules_after(f"import layerwalk.{room}")


def test_help_imports_no_torch_and_no_matplotlib() -> None:
    code = (
        "import sys\nsys.argv = ['layerwalk', '--help']\n"
        "from layerwalk.surfaces.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code\n"
    )
    assert modules_after(code).isdisjoint({"torch", "torchvision", "timm", "matplotlib", "PIL"})


@pytest.mark.parametrize("name", layerwalk.__all__)
def test_every_public_name_has_a_home(name: str) -> None:
    assert name in dir(layerwalk)
    assert getattr(layerwalk, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'tracer'"):
        getattr(layerwalk, "tracer")  # noqa: B009 - mypy would see through the plain spelling


def test_every_late_verb_has_a_home() -> None:
    tree = ast.parse((SOURCE / "record" / "trace.py").read_text(encoding="utf-8"))
    homes = [
        tuple(ast.literal_eval(word) for word in call.args)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "_late"
    ]
    assert len(homes) >= 3
    for module, name in homes:
        assert callable(getattr(importlib.import_module(module), name))


# Files


def too_long(paths: list[Path], limit: int = 400) -> list[str]:
    return [
        path.name for path in paths if len(path.read_text(encoding="utf-8").splitlines()) > limit
    ]


def test_no_file_is_past_400_lines() -> None:
    assert too_long(python_files("src", "tests", "benchmarks", "scripts")) == []


def test_a_file_of_401_lines_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "long.py").write_text("pass\n" * 401)
    (tmp_path / "short.py").write_text("pass\n" * 400)
    assert too_long(sorted(tmp_path.iterdir())) == ["long.py"]


def undocumented(source: str) -> Iterator[str]:
    tree = ast.parse(source)
    if not ast.get_docstring(tree):
        yield "the file"
    waiting: list[ast.stmt] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        overload = any("overload" in ast.unparse(mark) for mark in node.decorator_list)
        if node.name.startswith("_") or overload:
            continue
        if not ast.get_docstring(node):
            yield node.name
        if isinstance(node, ast.ClassDef):
            waiting += node.body


@pytest.mark.parametrize(
    "path", python_files("src", "scripts"), ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_everything_public_has_a_docstring(path: Path) -> None:
    assert list(undocumented(path.read_text(encoding="utf-8"))) == []


def test_a_missing_docstring_is_noticed() -> None:
    source = '''
"""A file."""
def said():
    """Said."""
def unsaid(): ...
def _private(): ...
class Thing:
    """A thing."""
    def __init__(self): ...
    def method(self): ...
'''
    assert sorted(undocumented(source)) == ["method", "unsaid"]


def test_the_changelog_begins_with_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## \[?(\d+\.\d+\.\d+)", changelog, re.MULTILINE)
    assert versions[0] == layerwalk.__version__


@pytest.mark.slow
def test_the_python_of_the_readme_runs(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    # Whoever runs the tests wants no browser.
    quiet = code.replace("trace.show()", "trace.show(browser=False).close()")
    assert quiet != code
    done = run(sys.executable, "-W", "error", "-c", quiet, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"dog.safetensors", "dog.html"}


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = []
    for path in tracked_files(ROOT):
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
            for number, line in enumerate(text.splitlines(), start=1)
            if ELSEWHERE.search(line)
        ]
    assert found == []


@pytest.mark.parametrize("folder", ["work", "root", "tmp"])
def test_a_machine_path_is_noticed(folder: str) -> None:
    assert ELSEWHERE.search(f'open("/{folder}/photo.jpg")')
    assert not ELSEWHERE.search(f"docs/{folder}.md")


# Shapes


def test_a_wrong_shape_is_noticed(pytestconfig: pytest.Config) -> None:
    if not pytestconfig.getoption("--jaxtyping-packages"):
        pytest.skip("shapes are not checked in this run")
    network = Edges()
    assert network(torch.zeros(1, 1, 8, 8)).shape == (1, 4, 2, 2)
    with pytest.raises(TypeCheckError, match="n 1 h w"):
        network(torch.zeros(1, 3, 8, 8))


# Dependencies


def test_constraints_pin_every_requirement_and_nothing_else() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert all(re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", pin) for pin in pins), pins
    pinned = {pin.split("==")[0] for pin in pins}
    asked = re.findall(
        r'^ *(?:all = \[|bench = \[)?"([\w-]+)>=',
        (ROOT / "pyproject.toml").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert {"torch", "numpy", "pytest", "torchlens", "torchvision"} <= set(asked)
    assert {name.lower() for name in asked} <= pinned


@pytest.mark.slow
def test_the_wheel_holds_the_whole_package(tmp_path: Path) -> None:
    words = ("pip", "wheel", ".", "--no-deps", "--no-build-isolation", "--no-index")
    done = run(sys.executable, "-m", *words, "--wheel-dir", str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = tmp_path.glob("layerwalk-*.whl")
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())
        entry = packed.read(next(name for name in names if name.endswith("entry_points.txt")))
    ours = {path.relative_to(ROOT / "src").as_posix() for path in tracked_files(SOURCE)}
    assert {"layerwalk/py.typed", "layerwalk/record/trace.py"} <= ours
    assert any(name.endswith(".jpg") for name in ours), "no sample photo"
    assert {name for name in names if name.startswith("layerwalk/")} == ours
    about = f"layerwalk-{layerwalk.__version__}.dist-info"
    assert {f"{about}/licenses/LICENSE", f"{about}/METADATA"} <= names
    assert b"layerwalk = layerwalk.surfaces.cli:main" in entry
