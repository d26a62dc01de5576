"""What may be walked, from a page."""

from __future__ import annotations

import io
from collections.abc import Iterator

import PIL.Image
import pytest

import layerwalk as lw
from layerwalk.errors import ImageError, NotFoundError
from layerwalk.record import Trace
from layerwalk.surfaces.answer import answer
from layerwalk.surfaces.library import Library, Network
from layerwalk.surfaces.library.problem import NotAPictureError, RequestError
from layerwalk.surfaces.wire import AskCancel, AskJob, AskWalk, JobSheet


@pytest.fixture
def library() -> Iterator[Library]:
    library = Library(network=Network("edges", lambda: lw.load_model("edges"), "own"))
    yield library
    library.stop()


def walked(library: Library, ask: AskWalk, upload: bytes = b"") -> Trace:
    job = answer(library, ask, upload=upload)
    assert isinstance(job, JobSheet)
    while job.state in ("queued", "running"):
        newer = answer(library, AskJob(job.id, job.change))
        assert isinstance(newer, JobSheet)
        job = newer
    assert job.problem is None
    assert job.trace is not None
    return library.opened(job.trace).trace


def png() -> bytes:
    stream = io.BytesIO()
    PIL.Image.new("RGB", (30, 20), "red").save(stream, "PNG")
    return stream.getvalue()


def test_a_sample_through_the_usual_network(library: Library) -> None:
    trace = walked(library, AskWalk(picture="sample:cat"))
    assert trace.name == "edges"
    assert trace.photo is not None
    assert trace.photo.name == "sample:cat"


def test_an_uploaded_picture_through_a_named_network(library: Library) -> None:
    trace = walked(library, AskWalk(model="tiny_vgg", name="red.png"), png())
    assert trace.name == "tiny_vgg"
    assert trace.photo is not None
    assert (trace.photo.name, trace.photo.original) == ("red.png", (30, 20))


def test_the_network_of_a_trace_and_another_picture(library: Library) -> None:
    key = library.add(walked(library, AskWalk(model="tiny_vgg", picture="sample:cat")))
    trace = walked(library, AskWalk(trace=key, picture="sample:digits/3"))
    assert trace.name == "tiny_vgg"
    assert trace.photo is not None
    assert trace.photo.name == "sample:digits/3"


def test_the_picture_of_a_trace_and_another_network(library: Library) -> None:
    first = walked(library, AskWalk(name="red.png"), png())
    trace = walked(library, AskWalk(trace=library.add(first), model="tiny_vgg"))
    assert trace.name == "tiny_vgg"
    assert trace.photo is not None
    assert (trace.photo.name, trace.photo.original) == ("red.png", (30, 20))


def test_a_trace_made_elsewhere_is_walked_again(library: Library, lite0: Trace) -> None:
    trace = walked(library, AskWalk(trace=library.add(lite0), picture="sample:dog"))
    assert (trace.outputs[0].array() == lite0.outputs[0].array()).all()


def test_a_dropped_trace_is_walked_again() -> None:
    library = Library(limit=1)
    first = library.add(walked(library, AskWalk(model="edges", picture="sample:cat")))
    walked(library, AskWalk(model="edges", picture="sample:digits"))
    assert [card.open for card in library.cards()] == [True, False]
    again = walked(library, AskWalk(trace=first))
    assert again.photo is not None
    assert again.photo.name == "sample:cat"
    library.stop()


@pytest.mark.parametrize(
    ("ask", "kind", "said"),
    [
        (AskWalk(), RequestError, "there is nothing to walk; upload a picture"),
        (AskWalk(name="dog.jpg"), NotAPictureError, "dog.jpg: the file is empty; choose another"),
        (AskWalk(picture="/etc/passwd"), RequestError, "'/etc/passwd' is no sample"),
        (AskWalk(picture="sample:nope"), ImageError, "there is no such sample"),
        (AskWalk(model="net.py:Net", picture="sample:cat"), RequestError, "is not opened from"),
        (AskWalk(trace="gone"), NotFoundError, "there is no walk 'gone' here"),
    ],
)
def test_what_may_not_be_walked_is_told_at_once(
    library: Library, ask: AskWalk, kind: type[Exception], said: str
) -> None:
    with pytest.raises(kind, match=said):
        answer(library, ask)


def test_what_is_no_picture_is_told_at_once(library: Library) -> None:
    with pytest.raises(NotAPictureError, match=r"a\.png: this is a text"):
        answer(library, AskWalk(name="a.png"), upload=b"text")
    with pytest.raises(ImageError, match="cut short"):
        answer(library, AskWalk(name="a.png"), upload=png()[:50])
    small = Library(upload_limit=10)
    with pytest.raises(RequestError, match=r"a\.png: the picture has \d+ bytes, and 10 are"):
        answer(small, AskWalk(name="a.png"), upload=png())


def test_a_bomb_is_refused_from_its_header(library: Library) -> None:
    # A PNG that says it is 60,000 x 60,000: half a kilobyte that would be 10 GB.
    raw = bytearray(png())
    raw[16:24] = (60_000).to_bytes(4, "big") * 2
    with pytest.raises(ImageError, match=r"bomb\.png: .*pixels"):
        answer(library, AskWalk(name="bomb.png"), upload=bytes(raw))


def test_a_model_that_is_not_there_is_the_walk_s_problem(library: Library) -> None:
    job = answer(library, AskWalk(model="resnet1", picture="sample:cat"))
    assert isinstance(job, JobSheet)
    while job.state in ("queued", "running"):
        newer = answer(library, AskJob(job.id, job.change))
        assert isinstance(newer, JobSheet)
        job = newer
    assert job.problem is not None
    assert "resnet1" in job.problem.sentence
    assert answer(library, AskCancel(job.id)) == job
