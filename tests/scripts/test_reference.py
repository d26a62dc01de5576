from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.main import get_command

import reference


def widen(image: str, *, factor: float = 2.0) -> int:
    """The wider image, see :func:`layerwalk.trace`.

    Every ``pixel`` is repeated.

    Parameters
    ----------
    image
        What to widen,
        from the left.
    factor
        How much:

        - a little;
        - a lot,
          or more.

    Raises
    ------
    ValueError
        ``factor`` is negative.

    Examples
    --------
    >>> widen("dog", factor=3)  # doctest: +SKIP
    9
    """
    return int(len(image) * factor)


class Picture:
    """A picture."""

    def turn(self, by: int = 90) -> str:
        """The picture turned. Then more is said."""
        return str(by)

    @property
    def height(self) -> int:
        """Rows of pixels."""
        return 1

    def _hidden(self) -> None:
        """Nothing to see."""


PYTHON = """\
<!-- Written by `make docs`; edit the docstrings instead. -->

# Python

`import layerwalk as lw` gives these names.

## `lw.widen`

```python
lw.widen(image: str, *, factor: float = 2.0) -> int
```

The wider image, see `layerwalk.trace`.

Every `pixel` is repeated.

**Parameters**

- `image`: What to widen, from the left.
- `factor`: How much:
  - a little;
  - a lot, or more.

**Raises**

- `ValueError`: `factor` is negative.

```python
>>> widen("dog", factor=3)
9
```

## `lw.Picture`

A picture.

**Methods and properties**

- `.turn(by: int = 90) -> str`: The picture turned. Then more is said.
- `.height`: Rows of pixels.
"""


def test_no_page_tells_where_something_lay_in_memory() -> None:
    for path, text in reference.pages().items():
        assert " at 0x" not in text, path.name


def test_the_python_page_is_made_of_docstrings() -> None:
    assert reference.python_page({"Picture": Picture, "widen": widen}, {}) == PYTHON


def test_a_long_call_has_one_parameter_a_line() -> None:
    def draw(
        first_of_all: str, *, colour_of_the_frame: str = "black", and_much_more: int | None = None
    ) -> str:
        return first_of_all

    assert reference.signature("lw.draw", draw) == (
        "lw.draw(\n"
        "    first_of_all: str,\n"
        "    *,\n"
        "    colour_of_the_frame: str = 'black',\n"
        "    and_much_more: int | None = None,\n"
        ") -> str"
    )


def program() -> typer.Typer:
    app = typer.Typer(help="Eyes.", add_completion=False)

    @app.command()
    def show(
        image: Annotated[str, typer.Argument(help="The photo.")],
        out: Annotated[str, typer.Option("--out", "-o", help="Where to.")] = "walk",
        secret: Annotated[bool, typer.Option("--secret", hidden=True)] = False,
    ) -> None:
        """Walk a photo."""

    @app.command()
    def models() -> None:
        """List the networks."""

    return app


COMMANDS = """\
<!-- Written by `make docs`; edit the docstrings instead. -->

# Command line

Eyes.

## `layerwalk models`

List the networks.

## `layerwalk show`

Walk a photo.

- `IMAGE`: The photo.
- `--out, -o`: Where to. Default: `walk`.
"""


def test_the_command_page_lists_commands_and_options() -> None:
    assert reference.command_page(get_command(program())) == COMMANDS


def test_a_stale_page_fails_the_check_and_writing_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "docs" / "reference" / "python.md"
    monkeypatch.setattr(reference, "ROOT", tmp_path)
    monkeypatch.setattr(reference, "pages", lambda: {page: "new\n"})
    monkeypatch.setattr("sys.argv", ["reference.py", "--check"])
    assert reference.main() == 1
    assert "docs/reference/python.md is older than the code" in capsys.readouterr().out
    assert not page.exists()

    monkeypatch.setattr("sys.argv", ["reference.py"])
    assert reference.main() == 0
    assert page.read_text() == "new\n"

    monkeypatch.setattr("sys.argv", ["reference.py", "--check"])
    assert reference.main() == 0
