"""Photos in: from any file or array to what a network reads, and the samples.

``load_image`` makes an :class:`Image` of anything that holds a picture; a
:class:`Preprocessing` turns it into the array that one network was trained on and keeps the
:class:`~layerwalk.record.Photo` of what the network saw. numpy and Pillow only.
"""

from __future__ import annotations

from layerwalk.data.images import Image, ImageSource, load_image
from layerwalk.data.preprocessing import Prepared, Preprocessing
from layerwalk.data.samples import Digits, Sample, digits, samples

__all__ = [
    "Digits",
    "Image",
    "ImageSource",
    "Prepared",
    "Preprocessing",
    "Sample",
    "digits",
    "load_image",
    "samples",
]
