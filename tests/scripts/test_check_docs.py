from __future__ import annotations

from pathlib import Path

import pytest

import check_docs
from check_docs import House

HOUSE = House(
    targets=frozenset({"demo", "test"}),
    commands={"": frozenset({"--version"}), "show": frozenset({"image", "--out", "-o"})},
    names=frozenset({"trace", "open", "__version__"}),
)

COMPLETE = """
# A house

`lw.trace`, `lw.open` and `layerwalk --version`; see [the plan](docs/plan.md#the-first-floor).

```sh
make demo    # makes everything
.venv/bin/layerwalk show dog.jpg --out walk
```
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text(COMPLETE)
    (tmp_path / "docs" / "plan.md").write_text("## The first floor\n\n[back](../README.md)\n")
    return tmp_path


def test_complete_documents_have_no_complaints(repository: Path) -> None:
    assert check_docs.complaints(repository, HOUSE) == []


@pytest.mark.parametrize(
    ("added", "complaint"),
    [
        ("[a](docs/gone.md)", "README.md: there is no docs/gone.md"),
        ("![a](docs/walk.png)", "README.md: there is no docs/walk.png"),
        (
            "[a](docs/plan.md#the-attic)",
            "README.md: there is no heading for docs/plan.md#the-attic",
        ),
        ("[a](#a-cellar)", "README.md: there is no heading for #a-cellar"),
        ("`make tea`", "README.md: make has no target tea: make tea"),
        ("```sh\ncd x && make tea\n```", "README.md: make has no target tea: cd x && make tea"),
        ("`layerwalk sing`", "README.md: layerwalk has no command sing: layerwalk sing"),
        (
            "```sh\nlayerwalk show a.jpg \\\n  --loud\n```",
            "README.md: layerwalk show has no --loud: layerwalk show a.jpg    --loud",
        ),
        ("`lw.tracer(x)`", "README.md: layerwalk has no tracer: lw.tracer(x)"),
    ],
)
def test_each_falsehood_is_noticed(repository: Path, added: str, complaint: str) -> None:
    (repository / "README.md").write_text(f"{COMPLETE}\n{added}\n")
    assert check_docs.complaints(repository, HOUSE) == [complaint]


@pytest.mark.parametrize(
    ("gone", "complaint"),
    [
        ("`lw.trace`", "lw.trace is documented nowhere"),
        ("--version", "layerwalk --version is documented nowhere"),
        ("--out", "layerwalk show --out is documented nowhere"),
        ("layerwalk show", "layerwalk show is documented nowhere"),
    ],
)
def test_each_silence_is_noticed(repository: Path, gone: str, complaint: str) -> None:
    (repository / "README.md").write_text(COMPLETE.replace(gone, ""))
    assert complaint in check_docs.complaints(repository, HOUSE)


@pytest.mark.parametrize(
    "innocent",
    [
        "[a](https://example.org/a.md)",
        "`[not](a-link.md)`",
        "we make tea",
        "`make demo PYTHON=python3.12`",
        "`import layerwalk as lw`",
        "`layerwalk.errors`",
        "`layerwalk show --help`",
    ],
)
def test_what_is_no_promise_is_let_pass(repository: Path, innocent: str) -> None:
    (repository / "README.md").write_text(f"{COMPLETE}\n{innocent}\n")
    assert check_docs.complaints(repository, HOUSE) == []


def test_the_house_itself_is_read(repository: Path) -> None:
    house = check_docs.house(check_docs.ROOT)
    assert {"demo", "test", "check", "bench", "help"} <= house.targets
    assert "trace" in house.names
    assert "--out" in house.commands["show"]
