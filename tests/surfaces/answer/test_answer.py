"""The dispatcher answers every question that there is."""

from __future__ import annotations

import importlib
import subprocess
import sys
import typing

import pytest

import layerwalk
from layerwalk.errors import NotFoundError
from layerwalk.record import Trace
from layerwalk.surfaces import wire
from layerwalk.surfaces.answer import answer
from layerwalk.surfaces.answer.answer import _MAKERS
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.library.problem import DroppedError


def test_every_question_has_an_answer() -> None:
    asked = set(typing.get_args(wire.Request))
    assert asked == {*_MAKERS, wire.AskWalk, wire.AskJob}
    assert asked == {getattr(wire, name) for name in wire.__all__ if name.startswith("Ask")}


def test_who_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: object())
    library = Library(upload_limit=5)
    assert answer(library, wire.AskWelcome()) == wire.Welcome(
        version=layerwalk.__version__,
        walks=True,
        reports=True,
        upload_limit=5,
        edits=True,
        data=library.data.cards(),
    )


@pytest.mark.parametrize(
    ("there", "what", "whose"),
    [
        ((), "torchvision and timm are", "their"),
        (("torchvision",), "timm is", "its"),
    ],
)
def test_which_networks_are_lacking(
    monkeypatch: pytest.MonkeyPatch, there: tuple[str, ...], what: str, whose: str
) -> None:
    importlib.import_module("layerwalk.models.package")
    packages = {"torch", *there}
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name if name in packages else None)
    found = answer(Library(), wire.AskWelcome())
    assert isinstance(found, wire.Welcome)
    mend = f"run pip install 'layerwalk[all]' for {whose} networks"
    assert found.lacking == f"{what} not installed: {mend}."


def test_without_torch_nothing_is_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    found = answer(Library(), wire.AskWelcome())
    assert isinstance(found, wire.Welcome)
    assert not found.walks
    assert found.lacking is None


def test_the_first_answer_does_not_wait_for_torch() -> None:
    code = (
        "import sys; from layerwalk.surfaces.answer import answer; "
        "from layerwalk.surfaces.library import Library; from layerwalk.surfaces import wire; "
        "found = answer(Library(), wire.AskWelcome()); "
        "print(found.lacking is not None or 'torch' not in sys.modules)"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "True\n", done.stderr


def test_the_list_and_closing(edges: Trace) -> None:
    library = Library()
    key = library.add(edges)
    assert answer(library, wire.AskTraces()) == library.cards() != ()
    assert answer(library, wire.AskClose(key)) == ()
    with pytest.raises(NotFoundError):
        answer(library, wire.AskClose(key))


def test_the_networks_are_listed() -> None:
    found = answer(Library(), wire.AskModels())
    assert isinstance(found, tuple)
    assert found[0] == wire.ListedModel(
        "efficientnet_lite0",
        "built-in",
        4_652_008,
        (3, 224, 224),
        found[0].note,  # type: ignore[union-attr]
    )


@pytest.mark.parametrize(
    "ask",
    [
        wire.AskSheet, wire.AskPhoto, wire.AskReport,
        lambda key: wire.AskTensor(key, 0), lambda key: wire.AskDigests(key, (0,)),
        lambda key: wire.AskField(key, 0, (0, 0, 0, 0)),
    ],
)  # fmt: skip
def test_what_was_dropped_says_so(
    ask: typing.Callable[[str], wire.Request], edges: Trace, lite0: Trace
) -> None:
    library = Library(limit=1)
    key = library.add(edges)
    library.add(lite0)
    with pytest.raises(DroppedError, match="walk it again"):
        answer(library, ask(key))
