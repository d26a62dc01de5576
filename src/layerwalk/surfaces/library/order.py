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

_LIGHT = 40 << 20  # bytes of pixels: a photo of 12 megapixels has less


@dataclass(frozen=True, eq=False, slots=True)
class Order:
    """A picture and a network to walk it through.

    Attributes
    ----------
    network, picture
        What is walked through what.
    image
        The picture as it was loaded; ``None`` where it is so large that it is loaded anew when
        its turn comes: many orders may wait.
    """

    network: Network
    picture: Picture
    image: Image | None

    @property
    def name(self) -> str:
        """What the network is called."""
        return self.network.name

    @classmethod
    def checked(cls, network: Network, picture: Picture) -> Order:
        """The order of a picture that has been found to be readable.

        Raises
        ------
        ImageError
            It cannot be read.
        """
        image = picture.load()
        return cls(network, picture, image if image.pixels.nbytes <= _LIGHT else None)

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
        return watched_trace(watch, model, self.image or self.picture.load())
