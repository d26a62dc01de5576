"""The open traces: added, found, and dropped again when there is no room for all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from layerwalk.errors import NotFoundError
from layerwalk.record import Trace
from layerwalk.runs import Run
from layerwalk.surfaces.library.data_sets import DataSets
from layerwalk.surfaces.library.inquiry import Inquiry
from layerwalk.surfaces.library.job import Tell
from layerwalk.surfaces.library.jobs import Jobs
from layerwalk.surfaces.library.memory import Memories, memories_of, memory_of_all, usual_limit
from layerwalk.surfaces.library.names import letters, name_for, name_of
from layerwalk.surfaces.library.network import Build, Network, Networks
from layerwalk.surfaces.library.open_run import AT, OpenRun
from layerwalk.surfaces.library.opened import Opened
from layerwalk.surfaces.library.order import Order
from layerwalk.surfaces.library.picture import Picture
from layerwalk.surfaces.library.problem import DroppedError
from layerwalk.surfaces.wire import TraceCard

__all__ = ["Library"]

_MOST_DROPPED = 32
_MOST_EDITED = 6
_MOST_STEPS = 128
_EDITED = "~"  # between a trace's id and the letters of an edited form of it
_UPLOAD_LIMIT = 64 << 20


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The place of one trace; ``opened`` is gone where its numbers were dropped.

    ``base`` is the trace of which this one is an edited form, if it is one.
    """

    card: TraceCard
    memories: Memories
    network: Network
    picture: Picture | None
    opened: Opened | None
    base: str | None = None


class Library:
    """The open traces and the walks that make more of them; many threads may use it.

    What is beyond the limit is dropped: networks that are kept for their next walk, then traces,
    the longest unused first; never the trace that was just added, nor its network. A dropped
    trace stays in the list, and asking for it says what to do.

    Parameters
    ----------
    limit
        How many bytes numbers and weights may take together, those in mapped files left out;
        by default 4 GiB or a quarter of the memory, whichever is less.
    network
        The network that is walked where none is named.
    upload_limit
        How many bytes an uploaded picture may have.

    Examples
    --------
    >>> import layerwalk as lw
    >>> library = Library()
    >>> key = library.add(lw.trace(lw.load_model("edges"), "sample:cat"))
    >>> key, library.opened(key).trace           # doctest: +SKIP
    ('cat-k3x9qa', <Trace of edges: 3 ops>)
    """

    def __init__(
        self,
        *,
        limit: int | None = None,
        network: Network | None = None,
        upload_limit: int = _UPLOAD_LIMIT,
    ) -> None:
        self.limit = usual_limit() if limit is None else limit
        self.upload_limit = upload_limit
        self.networks = Networks(network)
        self.data = DataSets()
        self.walks = Jobs(self._walk)
        # In a thread of their own: a network that is being loaded keeps no question waiting.
        self.inquiries = Jobs(Inquiry.found, "question")
        # The longest unused first; the order of the cards is that of the numbers in them.
        self._shelves: dict[str, _Shelf] = {}
        self._order: list[str] = []
        self._runs: dict[str, OpenRun] = {}
        self._lock = threading.Lock()

    def add(
        self,
        trace: Trace,
        *,
        network: Network | None = None,
        picture: Picture | None = None,
        tell: Callable[[str], object] = lambda _: None,
    ) -> str:
        """The id of a trace that is open from now on; one that is open already keeps its own.

        Either way it is the newest.

        Parameters
        ----------
        trace
            The trace.
        network, picture
            What it was made of, where that is at hand: to walk them again.
        tell
            Told in a sentence of each trace and network that had to make room.
        """
        memories = memories_of(trace)
        if picture is not None:
            memories = replace(memories, held={**memories.held, **picture.held})
        with self._lock:
            for found, shelf in self._shelves.items():
                if shelf.opened is not None and shelf.opened.trace is trace:
                    self._order.remove(found)
                    self._order.append(found)
                    return found
            name = name_of(trace)
            photo = trace.photo.name if trace.photo is not None else None
            card = TraceCard(name, trace.name, photo, len(trace), memories.bytes, open=True)
            self._shelves[name] = _Shelf(
                card, memories, network or Network.of(trace), picture, Opened(name, trace)
            )
            self._order.append(name)
            gone = self._make_room(name)
        for sentence in gone:
            tell(sentence)
        return name

    def add_edited(self, base: str, trace: Trace) -> str:
        """The id of an edited form of an open trace, which is in no list.

        The last few of each trace are kept; what they share with it takes no memory twice.

        Raises
        ------
        DroppedError
            The numbers of the trace itself were dropped for want of memory.
        NotFoundError
            There is no such trace.
        """
        self.opened(base)
        with self._lock:
            shelf = self._found(base)
            name = f"{shelf.base or base}{_EDITED}{letters()}"
            self._shelves[name] = replace(
                shelf, memories=memories_of(trace), opened=Opened(name, trace),
                base=shelf.base or base,
            )  # fmt: skip
            forms = [key for key, one in self._shelves.items() if one.base == (shelf.base or base)]
            for key in forms[:-_MOST_EDITED]:
                del self._shelves[key]
            self._make_room(name)
        return name

    def add_run(self, run: Run, build: Build | None = None) -> str:
        """The id of a run that is open from now on, as is every step of it.

        The trace of a step is read when it is asked for. A run that is open keeps its id.
        ``build`` gives its network for other pictures, see :meth:`.Network.of_step`.
        """
        with self._lock:
            for found, known in self._runs.items():
                if known.run.path.resolve() == run.path.resolve():
                    known.build = build or known.build
                    self._order.remove(found)
                    self._order.append(found)
                    return found
            name = name_for(run.name, "run")
            self._runs[name] = OpenRun(name, run, build)
            self._order.append(name)
        return name

    def run(self, key: str) -> OpenRun:
        """The run of an id, or of that of one of its steps.

        Raises
        ------
        NotFoundError
            There is no such run.
        """
        found = self._runs.get(key.partition(AT)[0])
        if found is None:
            raise NotFoundError(f"there is no run {key!r} here", mend="replay it again")
        return found

    def has_run(self, key: str) -> bool:
        """Whether an id is a run's own."""
        return key in self._runs

    def opened(self, key: str) -> Opened:
        """The open trace of an id; it is now the last one used.

        Raises
        ------
        DroppedError
            Its numbers were dropped for want of memory.
        NotFoundError
            There is no such trace.
        FileError
            It is the step of a run, and its file is damaged.
        """
        if self._is_step(key):
            return self._opened_step(self.run(key), key)
        with self._lock:
            shelf = self._found(key)
            if shelf.opened is None:
                raise DroppedError(
                    f"the numbers of this walk of {shelf.card.model} were dropped for want of "
                    "memory",
                    where=key,
                    mend="walk it again",
                )
            self._shelves[key] = self._shelves.pop(key)
            return shelf.opened

    def network_of(self, key: str) -> Network:
        """The network of a trace, open or dropped; of a run's step that as it was then.

        Raises
        ------
        NotFoundError
            There is no such trace.
        """
        if self._is_step(key):
            return self.run(key).network(key)
        with self._lock:
            return self._found(key).network

    def picture_of(self, key: str) -> Picture:
        """The picture of a trace; where the original is not at hand, what the network saw.

        Raises
        ------
        NotFoundError
            There is no such trace, or it has no picture.
        """
        with self._lock:
            shelf = None if self._is_step(key) else self._found(key)
        photo = shelf.opened.trace.photo if shelf is not None and shelf.opened is not None else None
        if shelf is not None and shelf.picture is not None:
            return shelf.picture
        if photo is not None:
            return Picture(photo.name, photo)
        raise NotFoundError(
            "the picture of this walk is not at hand", where=key, mend="choose a picture"
        )

    def cards(self) -> tuple[TraceCard, ...]:
        """The traces, open and dropped, the newest first."""
        with self._lock:
            return tuple(
                self._runs[key].card() if key in self._runs else self._shelves[key].card
                for key in reversed(self._order)
            )

    def close(self, key: str) -> None:
        """Forget a trace, or a data set.

        Raises
        ------
        NotFoundError
            There is no such trace.
        """
        if self.data.close(key):
            return
        with self._lock:
            if key not in self._runs:
                self._found(key)
            forms = [name for name, one in self._shelves.items() if one.base == key]
            for form in {*forms, *self._steps_of(key)}:
                del self._shelves[form]
            self._forget(key)

    def stop(self) -> None:
        """End the walks; what waits for one is answered at once."""
        self.walks.stop()
        self.inquiries.stop()
        self.data.stop()

    def jobs_of(self, job: str) -> Jobs[Order] | Jobs[Inquiry]:
        """The queue that a job is in; that of the walks, where it is in none."""
        return self.inquiries if job in self.inquiries else self.walks

    def _found(self, key: str) -> _Shelf:
        if key not in self._shelves and _EDITED in key:
            raise DroppedError(
                "these edits were dropped for newer ones", where=key, mend="make them again"
            )
        if key not in self._shelves:
            raise NotFoundError(
                f"there is no walk {key!r} here", mend="it may have been closed: walk it again"
            )
        return self._shelves[key]

    def _is_step(self, key: str) -> bool:
        """Whether it is the step of a run, not open yet."""
        if key in self._shelves or _EDITED in key:
            return False
        return key.partition(AT)[0] in self._runs

    def _opened_step(self, run: OpenRun, key: str) -> Opened:
        """A step's trace, read now if it is not open."""
        step = run.step_of(key)
        name = run.steps()[step]
        trace = run.run.trace(step)
        memories = memories_of(trace)
        card = TraceCard(name, trace.name, None, len(trace), memories.bytes, open=True)
        with self._lock:
            # Another question may have opened it meanwhile.
            known = self._shelves.get(name)
            opened = known.opened if known is not None else None
            if opened is not None:
                return opened
            opened = Opened(name, trace)
            self._shelves[name] = _Shelf(card, memories, run.network(name), None, opened)
            for old in self._steps_of(run.id)[:-_MOST_STEPS]:
                del self._shelves[old]
            self._make_room(name)
        return opened

    def _steps_of(self, run: str) -> list[str]:
        return [name for name in self._shelves if name.startswith(f"{run}{AT}")]

    def _forget(self, key: str) -> None:
        self._shelves.pop(key, None)
        self._runs.pop(key, None)
        if key in self._order:
            self._order.remove(key)

    def _memories(self) -> list[Mapping[int, int]]:
        """The memories of the open traces."""
        return [one.memories.held for one in self._shelves.values() if one.opened is not None]

    def _fits(self) -> bool:
        kept = [one.held for one in self.networks.ready()]
        return memory_of_all([*self._memories(), *kept]) <= self.limit

    def _make_room(self, newest: str) -> list[str]:
        """Drop the longest unused until the others fit; what there is to tell of that."""
        gone: list[str] = []
        seen = {memory for held in self._memories() for memory in held}
        for one in self.networks.ready():
            if self._fits():
                break
            if one.key == self._shelves[newest].network.key or seen.issuperset(one.held):
                continue  # it is in use, or a trace holds its weights anyway
            self.networks.drop(one.key)
            gone.append(
                f"The network {one.name} was dropped for want of memory: it is loaded again when "
                "it is next walked."
            )
        for name, shelf in list(self._shelves.items()):
            if self._fits():
                break
            if name == newest or shelf.opened is None or not shelf.memories.held:
                continue
            light = shelf.picture if shelf.picture is not None and shelf.picture.light else None
            if name not in self._order:  # an edited form, or a step, which is read again
                self._forget(name)
                continue
            card = replace(shelf.card, open=False)
            self._shelves[name] = replace(shelf, card=card, picture=light, opened=None)
            gone.append(
                f"The numbers of {card.id} ({card.model}) were dropped for want of memory: walk it "
                "again to see them."
            )
        walks = [name for name in self._order if name in self._shelves]
        dropped = [name for name in walks if self._shelves[name].opened is None]
        for name in dropped[:-_MOST_DROPPED]:
            self._forget(name)
        return gone

    def _walk(self, order: Order, tell: Tell) -> str:
        """Walk as ordered, and add what came of it; the trace's id."""
        name = order.network.name

        def waiting(busy: str) -> None:
            tell.stage(f"loading {name}" if busy == name else f"loading {busy}, then {name}")

        tell.stage(f"loading {name}")
        model = self.networks.model(order.network, waiting)
        tell.stage(f"walking {order.picture.name}")
        trace = order.walked(model, tell)
        tell.check()  # stopped within the last module: nothing is to make room for it
        if trace.failure is not None:
            tell.note(
                f"{trace.name} raised at {trace.failure.where}: "
                f"{trace.failure.message.rstrip('.')}. The ops before it were kept."
            )
        return self.add(trace, network=order.network, picture=order.picture, tell=tell.note)
