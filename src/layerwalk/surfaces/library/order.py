"""A walk that was asked for: which picture through which network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from layerwalk.data import Image
from layerwalk.errors import missing
from layerwalk.record import Trace
from layerwalk.surfaces.library.network import Network
from layerwalk.surfaces.library.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Callable

    from layerwalk.models import Model

__all__ = ["Order"]


@dataclass(frozen=True, eq=False, slots=True)
class Order:
    """A picture, as it was loaded and where it came from, and a network to walk it through."""

    network: Network
    picture: Picture
    image: Image

    def walked(self, model: Model, watch: Callable[[int, int], None]) -> Trace:
        """The trace of the walk.

        Raises
        ------
        LayerwalkError
            The picture does not fit the network, or the network raised at once.
        """
        try:
            from layerwalk.walk import watched_trace
        except ModuleNotFoundError as error:
            raise missing(error) from error
        return watched_trace(watch, model, self.image)
