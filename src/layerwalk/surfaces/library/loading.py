"""A network that is being loaded, in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from layerwalk.models import Model

__all__ = ["Loading"]

_OFTEN = 0.05  # seconds between two looks whether it is still wanted


class Loading:
    """A network that will be there; who waits for it can stop waiting.

    Parameters
    ----------
    load
        Loads it. It goes on where nobody waits any more: what was begun cannot be stopped.
    """

    def __init__(self, load: Callable[[], Model]) -> None:
        self._load = load
        self._done = threading.Event()
        self._model: Model | None = None
        self._error: BaseException | None = None
        threading.Thread(target=self._run, name="layerwalk-loading", daemon=True).start()

    def wait(self, check: Callable[[], object]) -> Model:
        """The network, when it is loaded; raises what loading it raised.

        Parameters
        ----------
        check
            Called now and then meanwhile; what it raises ends the waiting.
        """
        while not self._done.wait(_OFTEN):
            check()
        if self._model is None:
            raise self._error or RuntimeError("nothing was loaded")
        return self._model

    def _run(self) -> None:
        try:
            self._model = self._load()
        except BaseException as error:
            self._error = error  # raised to whoever waits
        finally:
            self._done.set()
