"""The queue of walks: order, progress, cancelling, failures."""

from __future__ import annotations

import logging
import random
import sys
import threading
from collections.abc import Callable, Iterator

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from layerwalk.errors import ModelError, NotFoundError
from layerwalk.models import Model
from layerwalk.models.seed import seeded
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.library.problem import BusyError
from layerwalk.surfaces.wire import JobSheet
from surfaces.gate import Gate, order, tiny


@pytest.fixture
def library() -> Iterator[Library]:
    library = Library()
    yield library
    library.stop()


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.door.set()


def ended(library: Library, job: JobSheet) -> JobSheet:
    """The last sheet of a walk."""
    while job.state in ("queued", "running"):
        newer = library.walks.sheet(job.id, seen=job.change, patience=60)
        assert newer.change > job.change
        job = newer
    return job


class Small(nn.Conv2d):
    def __init__(self) -> None:
        super().__init__(3, 2, 3)


def test_a_walk_becomes_an_open_trace(library: Library) -> None:
    job = library.walks.submit(order(Small()))
    assert (job.state, job.stage, job.before, job.problem) == ("queued", "waiting", 0, None)
    last = ended(library, job)
    assert (last.state, last.stage, last.notes) == ("done", "done", ())
    assert last.trace is not None
    assert [op.kind for op in library.opened(last.trace).trace] == ["conv2d"]
    assert library.picture_of(last.trace).name == "sample:cat"
    assert library.network_of(last.trace).name == "Small"


def test_stages_and_modules_are_told(library: Library, gate: Gate) -> None:
    stages = []
    job = library.walks.submit(order(gate))
    assert gate.came.acquire(timeout=60)
    sheet = library.walks.sheet(job.id)
    assert (sheet.state, sheet.stage) == ("running", "walking sample:cat")
    assert 0 < sheet.done <= 3
    assert sheet.of == 4
    gate.door.set()
    while sheet.state == "running":
        stages.append(sheet.stage)
        sheet = library.walks.sheet(job.id, seen=sheet.change, patience=60)
    assert set(stages) == {"walking sample:cat"}


def test_one_after_another_each_told_how_many_are_before_it(library: Library, gate: Gate) -> None:
    first = library.walks.submit(order(gate))
    assert gate.came.acquire(timeout=60)
    second, third = library.walks.submit(order(Small())), library.walks.submit(order(Small()))
    assert (second.before, third.before) == (1, 2)
    gate.door.set()
    ended(library, first)
    newer = library.walks.sheet(third.id, seen=third.change, patience=60)
    assert newer.change > third.change
    assert newer.before < 2
    assert ended(library, third).state == "done"
    done = [library.walks.sheet(job.id).trace for job in (third, second, first)]
    assert [card.id for card in library.cards()] == done


def test_the_question_waits_for_news(library: Library, gate: Gate) -> None:
    job = library.walks.submit(order(gate))
    assert gate.came.acquire(timeout=60)
    seen = library.walks.sheet(job.id)
    assert library.walks.sheet(job.id, seen=seen.change, patience=0.01) == seen
    found: list[JobSheet] = []
    asking = threading.Thread(
        target=lambda: found.append(library.walks.sheet(job.id, seen=seen.change, patience=60))
    )
    asking.start()
    gate.door.set()
    asking.join(60)
    assert found[0].change > seen.change


def test_a_waiting_walk_is_cancelled_at_once(library: Library, gate: Gate) -> None:
    library.walks.submit(order(gate))
    assert gate.came.acquire(timeout=60)
    second = library.walks.submit(order(Small()))
    third = library.walks.submit(order(Small()))
    assert library.walks.cancel(second.id).state == "cancelled"
    assert library.walks.sheet(third.id).before == 1
    gate.door.set()
    assert ended(library, third).state == "done"
    assert library.walks.sheet(second.id).state == "cancelled"
    assert len(library.cards()) == 2


def test_a_running_walk_ends_at_its_next_module(library: Library, gate: Gate) -> None:
    before = [parameter.clone() for parameter in gate.parameters()]
    job = library.walks.submit(order(gate))
    assert gate.came.acquire(timeout=60)
    stopping = library.walks.cancel(job.id)
    assert (stopping.state, stopping.stage) == ("running", "stopping")
    gate.door.set()
    last = ended(library, stopping)
    assert (last.state, last.trace, last.problem) == ("cancelled", None, None)
    assert library.cards() == ()
    assert all(torch.equal(*pair) for pair in zip(before, gate.parameters(), strict=True))
    assert library.walks.cancel(job.id).state == "cancelled"
    assert ended(library, library.walks.submit(order(gate))).state == "done", "it walks again"


def test_a_walk_is_cancelled_while_its_network_loads(library: Library) -> None:
    loading, door, loads = threading.Event(), threading.Event(), []
    gate = Gate()
    gate.door.set()

    def load() -> Model:
        loads.append(1)
        loading.set()
        assert door.wait(60)
        return tiny(gate)

    small = Small()
    library.networks.model(order(small).network)
    job = library.walks.submit(order(load))
    assert loading.wait(60)
    stopping = library.walks.cancel(job.id)
    assert (stopping.state, stopping.stage) == ("running", "stopping")
    assert ended(library, stopping).state == "cancelled", "though the network is not there yet"
    # Others have their turn; who wants the same network waits for what is loading already.
    same, other = library.walks.submit(order(small)), library.walks.submit(order(load))
    assert ended(library, same).state == "done"
    door.set()
    assert ended(library, other).state == "done"
    assert loads == [1]


def test_a_network_waits_for_one_whose_walk_was_given_up(library: Library) -> None:
    loading, door = threading.Event(), threading.Event()

    def load() -> Model:
        loading.set()
        assert door.wait(60)
        return Gate().network().load()

    job = library.walks.submit(order(load))
    assert loading.wait(60)
    library.walks.cancel(job.id)
    job = library.walks.submit(order(Small()))
    while job.stage != "loading function, then Small":
        job = library.walks.sheet(job.id, seen=job.change, patience=60)
    door.set()
    assert ended(library, job).state == "done"


def test_what_loading_raised_in_vain_is_raised_again_to_the_next(library: Library) -> None:
    loads = []

    def load() -> Model:
        loads.append(1)
        raise ModelError("it is broken", where="net", mend="mend it")

    for count in (1, 2):
        last = ended(library, library.walks.submit(order(load)))
        assert last.problem is not None
        assert last.problem.sentence == "net: it is broken; mend it."
        assert len(loads) == count


@pytest.mark.parametrize("kind", ["torch", "numpy", "python"])
def test_what_a_cell_draws_meanwhile_is_not_drawn_again(
    library: Library, gate: Gate, kind: str
) -> None:
    draw: Callable[[], float] = {
        "torch": lambda: torch.rand(1).item(),
        "numpy": np.random.rand,
        "python": random.random,
    }[kind]
    with seeded(7):
        wanted = [draw() for _ in range(4)]
    with seeded(7):
        drawn = [draw()]
        job = library.walks.submit(order(gate))
        assert gate.came.acquire(timeout=60)
        drawn.append(draw())
        drawn.append(draw())
        gate.door.set()
        assert ended(library, job).state == "done"
        drawn.append(draw())
    assert drawn == wanted


def test_what_cannot_be_used_is_a_problem(library: Library) -> None:
    class Wide(nn.Conv2d):
        def __init__(self) -> None:
            super().__init__(5, 2, 3)

    last = ended(library, library.walks.submit(order(Wide())))
    assert last.state == "failed"
    assert last.problem is not None
    assert "expected input" in last.problem.what
    assert last.problem.sentence.startswith("Wide (conv2d): ")


def test_any_other_exception_is_a_problem_too_and_is_logged(
    library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    def load() -> Model:
        raise ZeroDivisionError("division by zero")

    with caplog.at_level(logging.ERROR):
        last = ended(library, library.walks.submit(order(load)))
    assert last.problem is not None
    assert last.problem.sentence == "It failed with ZeroDivisionError: division by zero."
    assert "ZeroDivisionError" in caplog.text
    assert ended(library, library.walks.submit(order(Small()))).state == "done", "the next walks"


def test_a_network_that_ends_the_program_does_not(library: Library) -> None:
    class Leaves(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            sys.exit(3)

    last = ended(library, library.walks.submit(order(Leaves())))
    assert last.problem is not None
    assert last.problem.sentence == (
        "Leaves: its code ended the program (exit status 3); take sys.exit() out of it, or raise "
        "an error there."
    )


@pytest.mark.parametrize("kind", [KeyboardInterrupt, GeneratorExit])
def test_whatever_a_network_raises_the_next_walk_has_its_turn(
    library: Library, kind: type[BaseException]
) -> None:
    class Odd(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            raise kind

    last = ended(library, library.walks.submit(order(Odd())))
    assert last.problem is not None
    assert last.problem.sentence == f"It failed with {kind.__name__}."
    assert ended(library, library.walks.submit(order(Small()))).state == "done"


def test_a_walk_that_is_cancelled_in_its_last_module_leaves_nothing(library: Library) -> None:
    came, door = threading.Event(), threading.Event()

    class Last(Small):
        def forward(self, x: Tensor) -> Tensor:
            y = super().forward(x)
            came.set()
            assert door.wait(60)
            return y

    job = library.walks.submit(order(Last()))
    assert came.wait(60)
    stopping = library.walks.cancel(job.id)
    door.set()
    assert ended(library, stopping).state == "cancelled"
    assert library.cards() == ()


def test_the_end_of_the_program_waits_for_the_network_but_not_for_its_loading(gate: Gate) -> None:
    library = Library()
    library.walks.submit(order(gate))
    assert gate.came.acquire(timeout=60)
    library.stop()
    ending = threading.Thread(target=library.walks.end)
    ending.start()
    assert ending.is_alive()
    gate.door.set()
    ending.join(60)
    assert library.walks._thread is not None
    assert not library.walks._thread.is_alive()

    other, loading, door = Library(), threading.Event(), threading.Event()

    def load() -> Model:
        loading.set()
        assert door.wait(60)
        return gate.network().load()

    other.walks.submit(order(load))
    assert loading.wait(60)
    other.walks.end()
    assert not door.is_set(), "it was not waited for"
    door.set()


@pytest.mark.filterwarnings("ignore:.*raised at")
def test_a_network_that_raises_half_way_keeps_what_it_did(library: Library) -> None:
    class Breaks(Small):
        def forward(self, x: Tensor) -> Tensor:
            super().forward(x)
            raise ValueError("the bridge is out.")

    last = ended(library, library.walks.submit(order(Breaks())))
    assert last.state == "done"
    assert last.notes == (
        "Breaks raised at Breaks: the bridge is out. The ops before it were kept.",
    )
    assert last.trace is not None
    assert not library.opened(last.trace).trace.complete


def test_a_walk_tells_which_traces_made_room_for_it(gate: Gate) -> None:
    library = Library(limit=1)
    gate.door.set()
    first = ended(library, library.walks.submit(order(gate))).trace
    second = ended(library, library.walks.submit(order(gate)))
    (note,) = second.notes
    assert note == (
        f"The numbers of {first} (gate) were dropped for want of memory: walk it again to see them."
    )
    library.stop()


def test_sixteen_may_wait(library: Library, gate: Gate) -> None:
    library.walks.submit(order(gate))
    assert gate.came.acquire(timeout=60)
    for _ in range(16):
        library.walks.submit(order(Small()))
    with pytest.raises(BusyError, match="16 walks are waiting already; try again when some"):
        library.walks.submit(order(Small()))


def test_an_unknown_walk(library: Library) -> None:
    for ask in (library.walks.sheet, library.walks.cancel):
        with pytest.raises(NotFoundError, match="there is no walk 'x' under way"):
            ask("x")


def test_stopping_ends_everything_and_answers_who_waits(gate: Gate) -> None:
    library = Library()
    job = library.walks.submit(order(gate))
    assert gate.came.acquire(timeout=60)
    waiting = library.walks.submit(order(Small()))
    seen = library.walks.sheet(job.id)
    found: list[JobSheet] = []
    asking = threading.Thread(
        target=lambda: found.append(library.walks.sheet(job.id, seen=seen.change, patience=600))
    )
    asking.start()
    library.stop()
    asking.join(60)
    assert found[0].stage == "stopping"
    assert library.walks.sheet(waiting.id).state == "cancelled"
    with pytest.raises(BusyError, match="the explorer is ending"):
        library.walks.submit(order(Small()))
