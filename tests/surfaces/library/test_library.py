"""Traces come, are found, and make room for each other."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch
from torch import nn

import layerwalk as lw
from layerwalk.errors import NotFoundError
from layerwalk.record import Trace
from layerwalk.surfaces.library import Library, Network, Picture
from layerwalk.surfaces.library.problem import DroppedError
from layerwalk.surfaces.wire import TraceCard

SIZE = 1000 * 4 * 2  # what a trace of `numbers` takes: its input and its output


def numbers(count: int = 1000) -> Trace:
    return lw.trace(nn.ReLU(), torch.zeros(count))


def test_a_trace_is_found_by_its_id(edges: Trace) -> None:
    library = Library()
    key = library.add(edges)
    assert re.fullmatch("cat-[a-z0-9]{6}", key)
    assert library.opened(key).trace is edges
    (card,) = library.cards()
    assert card == TraceCard(key, "edges", "sample:cat", 3, card.bytes, open=True)
    assert card.bytes > 0


def test_a_trace_that_is_open_keeps_its_id(edges: Trace) -> None:
    library = Library()
    assert library.add(edges) == library.add(edges)
    assert len(library.cards()) == 1


def test_a_trace_that_is_added_again_is_the_newest_again() -> None:
    # A notebook's cell shows the newest, and that is the one it was asked to show.
    library, trace = Library(), numbers()
    first, second = library.add(trace), library.add(numbers())
    library.add(trace)
    assert [card.id for card in library.cards()] == [first, second]


def test_no_id_comes_twice() -> None:
    library, trace = Library(), numbers(1)
    keys = set()
    for _ in range(100):
        keys.add(library.add(trace))
        library.close(next(iter(library.cards())).id)
    assert len(keys) == 100


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("sample:digits/17", "digits-17"),
        ("My Dog (2).JPEG", "my-dog-2"),
        ("..", "walk"),
        ("собака.png", "walk"),
        ('"><script>', "script"),
        ("a" * 80, "a" * 24),
    ],
)
def test_an_id_is_plain_letters_whatever_the_picture_is_called(name: str, stem: str) -> None:
    photo = lw.load_image("sample:digits")
    trace = lw.trace(lw.load_model("lenet5"), lw.Image(photo.pixels, name, "RGB"))
    assert re.fullmatch(stem + "-[a-z0-9]{6}", Library().add(trace))


def test_the_newest_is_first() -> None:
    library = Library()
    first, second = library.add(numbers()), library.add(numbers())
    library.opened(first)
    assert [card.id for card in library.cards()] == [second, first]


def test_the_longest_unused_makes_room() -> None:
    library = Library(limit=2 * SIZE)
    first, second = library.add(numbers()), library.add(numbers())
    library.opened(first)
    told: list[str] = []
    third = library.add(numbers(), tell=told.append)
    (said,) = told
    assert said == (
        f"The numbers of {second} (ReLU) were dropped for want of memory: walk it again to see "
        "them."
    )
    assert [(card.id, card.open) for card in library.cards()] == [
        (third, True), (second, False), (first, True),
    ]  # fmt: skip
    with pytest.raises(DroppedError) as error:
        library.opened(second)
    assert str(error.value) == (
        f"{second}: the numbers of this walk of ReLU were dropped for want of memory; "
        "walk it again."
    )


def test_the_newest_stays_however_large_it_is() -> None:
    library = Library(limit=SIZE)
    small = library.add(numbers())
    large = library.add(numbers(50_000))
    assert library.opened(large).trace.ops
    with pytest.raises(DroppedError):
        library.opened(small)


def test_what_frees_no_memory_is_not_dropped(tmp_path: Path) -> None:
    library = Library(limit=SIZE)
    mapped = library.add(lw.open(numbers().save(tmp_path / "a.safetensors")))
    library.add(numbers())
    library.add(numbers())
    assert library.opened(mapped).trace.ops


def test_the_weights_of_one_network_count_once() -> None:
    net = nn.Linear(1000, 10).eval()
    library = Library(limit=100_000)
    for _ in range(5):
        library.add(lw.trace(net, torch.zeros(1, 1000)))
    assert all(card.open for card in library.cards())


def kept(library: Library, name: str, size: int) -> Network:
    """A network of so many bytes that a library keeps."""
    network = Network(name, lambda: lw.load_model(nn.Linear(size // 4, 1, bias=False)), name)
    library.networks.model(network)
    return network


def names(library: Library) -> list[str]:
    return [one.name for one in library.networks.ready()]


def test_networks_that_are_kept_count_and_go_before_traces() -> None:
    library = Library(limit=3 * SIZE)
    kept(library, "one", SIZE)
    kept(library, "two", SIZE)
    told: list[str] = []
    first = library.add(numbers(), tell=told.append)
    assert (names(library), told) == (["one", "two"], [])
    library.add(numbers(), tell=told.append)
    assert names(library) == ["two"], "the longest unused"
    library.add(numbers(), tell=told.append)
    assert names(library) == []
    assert library.opened(first).trace.ops
    said = "was dropped for want of memory: it is loaded again when it is next walked."
    assert told == [f"The network {name} {said}" for name in ("one", "two")]


def test_the_network_of_the_newest_trace_stays() -> None:
    library = Library(limit=SIZE)
    used = kept(library, "used", 2 * SIZE)
    kept(library, "other", SIZE)
    library.add(numbers(), network=used)
    assert names(library) == ["used"]


def test_a_network_whose_weights_a_trace_holds_anyway_stays() -> None:
    net = nn.Linear(1000, 2, bias=False).eval()
    library = Library(limit=10_000)
    library.networks.model(Network("net", lambda: lw.load_model(net), "net"))
    library.add(lw.trace(net, torch.zeros(1, 1000)))
    library.add(numbers(1))
    assert names(library) == ["net"]


def test_the_dropped_are_listed_for_a_while() -> None:
    library = Library(limit=1)
    keys = [library.add(numbers()) for _ in range(40)]
    listed = [card.id for card in library.cards()]
    assert listed == keys[:-34:-1]
    with pytest.raises(NotFoundError, match="may have been closed"):
        library.opened(keys[0])


def test_a_closed_trace_is_forgotten() -> None:
    library = Library()
    key = library.add(numbers())
    library.close(key)
    assert library.cards() == ()
    for ask in (library.opened, library.close, library.network_of, library.picture_of):
        with pytest.raises(NotFoundError, match=f"there is no walk {key!r} here"):
            ask(key)


def test_the_picture_of_a_dropped_trace_is_kept_if_it_is_small(edges: Trace) -> None:
    library = Library(limit=1)
    picture = Picture("dog.jpg", bytes(100))
    kept = library.add(edges, picture=picture)
    large = library.add(numbers(), picture=Picture("large.jpg", bytes(9 << 20)))
    library.add(numbers())
    assert library.picture_of(kept) is picture
    with pytest.raises(NotFoundError, match="the picture of this walk is not at hand"):
        library.picture_of(large)


def test_the_files_of_uploaded_pictures_count() -> None:
    library = Library(limit=3 * SIZE + 100)
    content = bytes(2 * SIZE)
    first = library.add(numbers(), picture=Picture("a.png", content))
    library.add(numbers(1), picture=Picture("a.png", content))
    assert library.opened(first).trace.ops, "the same file counts once"
    library.add(numbers(1), picture=Picture("b.png", bytes(2 * SIZE)))
    with pytest.raises(DroppedError):
        library.opened(first)


def test_where_the_original_is_not_at_hand_the_network_s_view_is_the_picture(lite0: Trace) -> None:
    library = Library()
    image = library.picture_of(library.add(lite0)).load()
    assert lite0.photo is not None
    assert (image.pixels == lite0.photo.pixels).all()
    assert image.name == lite0.photo.name


def test_a_trace_of_plain_numbers_has_no_picture() -> None:
    library = Library()
    with pytest.raises(NotFoundError, match="the picture of this walk is not at hand"):
        library.picture_of(library.add(numbers()))


def test_many_threads_at_once() -> None:
    library = Library(limit=10 * SIZE)

    def visit(_: int) -> int:
        key = library.add(numbers())
        assert library.opened(key).trace.ops
        library.close(key)
        return len(library.cards())

    with ThreadPoolExecutor(8) as pool:
        assert max(pool.map(visit, range(200))) < 10
    assert library.cards() == ()


def test_what_is_worked_out_of_a_trace_goes_with_it() -> None:
    library = Library(limit=SIZE)
    key = library.add(numbers())
    opened = library.opened(key)
    made = [opened.once("sheet", object) for _ in range(2)]
    assert made[0] is made[1]
    library.add(numbers())
    with pytest.raises(DroppedError):
        library.opened(key)
    assert opened.trace.ops, "whoever holds it still can read it"
