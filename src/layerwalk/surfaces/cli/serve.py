"""``layerwalk show`` and ``layerwalk serve``: the explorer in the browser."""

from __future__ import annotations

import contextlib
import importlib
import threading
from collections.abc import Sequence
from functools import partial

from layerwalk.data import load_image
from layerwalk.errors import CaptureError, missing
from layerwalk.record import Trace
from layerwalk.store import load
from layerwalk.surfaces.browser import open_browser
from layerwalk.surfaces.cli.lines import about, scores
from layerwalk.surfaces.cli.options import ModelChoice
from layerwalk.surfaces.cli.source import is_trace_file
from layerwalk.surfaces.cli.terminal import Terminal
from layerwalk.surfaces.cli.walking import complain_if_incomplete, walk
from layerwalk.surfaces.library import Library, Network, Picture
from layerwalk.surfaces.server.address import LOOPBACK, Address, bind, is_loopback
from layerwalk.surfaces.server.hosts import Hosts

__all__ = ["serve", "serve_library"]

_SERVER = "layerwalk.surfaces.server.server"


def serve(
    sources: Sequence[str],
    choice: ModelChoice,
    terminal: Terminal,
    *,
    top: int | None = None,
    host: str = LOOPBACK,
    allowed: Sequence[str] = (),
    port: int | None = None,
    browser: bool = True,
    memory: float | None = None,
) -> None:
    """Walk the photos, open the saved walks, and serve them until Ctrl-C.

    Parameters
    ----------
    sources
        Photos and saved walks.
    choice
        The network that photos are walked through, here and from the page.
    terminal
        Where it is told.
    top
        How many classes of the one photo to print.
    host, port
        Where to listen.
    allowed
        Other names by which browsers may call it.
    browser
        Whether to open it.
    memory
        How many gigabytes walks may take.

    Raises
    ------
    LayerwalkError
        Something that was given cannot be used.
    """
    choice.check()
    Hosts(host, allowed)  # what is no name is told before anything that takes long
    address = bind(host, port)
    with contextlib.closing(address.socket):
        photos = {name: load_image(name) for name in sources if not is_trace_file(name)}
        # Half a second of imports, while the network loads.
        threading.Thread(target=_import_server, daemon=True).start()
        network = Network(choice.name, choice.load, repr(choice))
        library = Library(limit=_bytes(memory), network=network)
        ready = partial(library.networks.model, network)
        newest, traces = "", []
        with terminal.job() as job:
            for name in sources:
                if name in photos:
                    trace = walk(choice, photos[name], terminal, job, ready)
                    newest = library.add(trace, network=network, picture=Picture.named(name))
                else:
                    job.stage(f"opening {name}")
                    trace = load(name)
                    newest = library.add(trace)
                traces.append(trace)
        for trace in traces:
            _tell(trace, choice, terminal, top)
        serve_library(library, address, allowed, newest, terminal, browser=browser)


def _tell(trace: Trace, choice: ModelChoice, terminal: Terminal, top: int | None) -> None:
    room = terminal.room
    if top is not None:
        terminal.say(*about(trace, room), "")
        if trace.complete:
            terminal.say(*scores(trace, top, room, plain=terminal.ascii_only), "")
    try:
        complain_if_incomplete(trace, choice)
    except CaptureError as error:
        terminal.note(str(error))


def serve_library(
    library: Library,
    address: Address,
    allowed: Sequence[str],
    newest: str,
    terminal: Terminal,
    *,
    browser: bool,
    beside: str = "",
) -> None:
    """Serve what is in a library until Ctrl-C, and say where.

    The link opens ``newest``, and ``beside`` it a second run if there is one.

    Raises
    ------
    MissingPackageError
        A package of the server is not installed.
    """
    try:
        server = importlib.import_module(_SERVER).Server(library, address, allowed)
    except ModuleNotFoundError as error:
        raise missing(error) from error
    if not is_loopback(address.host):
        terminal.note(
            f"everybody who reaches {address.host} and has the link may look and walk, and what "
            "is sent can be read on the way."
        )
    try:
        with server:
            link = server.link(newest, beside=beside)
            terminal.say(f"The explorer is at {link}", "Ctrl-C ends it.")
            if browser and not open_browser(server.link(newest, beside=beside, once=True)):
                terminal.note("no browser could be opened here: open the link yourself.")
            server.wait()
    except KeyboardInterrupt:
        return  # the way to end it


def _bytes(memory: float | None) -> int | None:
    return None if memory is None else int(memory * 1e9)


def _import_server() -> None:
    # What is missing is told where it is needed.
    with contextlib.suppress(ImportError):
        importlib.import_module(_SERVER)
