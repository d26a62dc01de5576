"""A walk that is asked for, and how it gets on."""

from __future__ import annotations

from layerwalk.data.samples import PREFIX
from layerwalk.surfaces.library import Library, Network, Order, Picture
from layerwalk.surfaces.library.data_sets import PREFIX as DATA
from layerwalk.surfaces.library.problem import NotAPictureError, RequestError
from layerwalk.surfaces.wire import AskCancel, AskJob, AskWalk, JobSheet

__all__ = ["cancel", "job", "walk"]


def walk(library: Library, ask: AskWalk, upload: bytes) -> JobSheet:
    """The sheet of a walk that is now in the queue; its picture is read already.

    Raises
    ------
    LayerwalkError
        The picture cannot be read, the network may not be named, there is nothing to walk, or
        too many walks are waiting.
    """
    if len(upload) > library.upload_limit:
        raise RequestError(
            f"the picture has {len(upload):,} bytes, and {library.upload_limit:,} are allowed",
            where=ask.name or None,
            mend="save it smaller",
        )
    network = _network(library, ask)
    picture = _picture(library, ask, upload)
    return library.walks.submit(Order.checked(network, picture))


def job(library: Library, ask: AskJob, patience: float) -> JobSheet:
    """How a walk, or a question, gets on; waits so many seconds for something new.

    Raises
    ------
    NotFoundError
        There is no such job.
    """
    return library.jobs_of(ask.job).sheet(ask.job, seen=ask.seen, patience=patience)


def cancel(library: Library, ask: AskCancel) -> JobSheet:
    """How a walk, or a question, gets on that is to end.

    Raises
    ------
    NotFoundError
        There is no such job.
    """
    return library.jobs_of(ask.job).cancel(ask.job)


def _network(library: Library, ask: AskWalk) -> Network:
    if ask.model:
        return library.networks.find(ask.model)
    return library.network_of(ask.trace) if ask.trace else library.networks.usual


def _picture(library: Library, ask: AskWalk, upload: bytes) -> Picture:
    if upload:
        return Picture.uploaded(upload, ask.name)
    if ask.name:
        raise NotAPictureError("the file is empty", where=ask.name, mend="choose another")
    if ask.picture.startswith(PREFIX):
        return Picture.named(ask.picture)
    if ask.picture.startswith(DATA):
        return library.data.picture(ask.picture)
    if ask.picture:
        # A page may not read the files of whoever serves it.
        raise RequestError(
            f"{ask.picture[:80]!r} is no sample", where="picture", mend="upload the picture itself"
        )
    if ask.trace:
        return library.picture_of(ask.trace)
    raise RequestError("there is nothing to walk", mend="upload a picture, or name a sample")
