"""A Pillow picture of any mode turned into red, green and blue."""

from __future__ import annotations

import io

import numpy as np
import PIL.Image

from layerwalk.data.levels import levels, wide_levels
from layerwalk.errors import ImageError

__all__ = ["red_green_blue"]

_DEEP = {"I", "F", "I;16", "I;16L", "I;16B", "I;16N"}


def red_green_blue(picture: PIL.Image.Image, where: str) -> PIL.Image.Image:
    """The picture in mode ``"RGB"``, of the same size.

    - Whatever is transparent lies on white.
    - 16-bit grey and floats are scaled to 8 bits by :func:`layerwalk.data.levels.levels`,
      32-bit whole numbers by :func:`layerwalk.data.levels.wide_levels`.
    - CMYK goes through its embedded colour profile where there is one that works, else by
      Pillow's plain formula; CIE L*a*b* goes through LittleCMS.
    - The numbers of an RGB picture stay as they are, even with a colour profile: the
      networks were trained on pictures read that way.

    Examples
    --------
    >>> clear = PIL.Image.new("RGBA", (1, 1), (255, 0, 0, 0))
    >>> red_green_blue(clear, "a pixel").getpixel((0, 0))
    (255, 255, 255)

    Raises
    ------
    ImageError
        Its numbers have no meaning as brightness, or Pillow knows no way from its mode.
    """
    if picture.mode in _DEEP:
        return _from_deep(picture, where)
    if picture.mode == "CMYK":
        return _from_cmyk(picture)
    if picture.mode in ("P", "PA") and picture.palette is None:
        raise ImageError("it has colour numbers but no palette", where=where, mend="save it as RGB")
    try:
        if picture.mode == "La":
            picture = picture.convert("LA")
        if picture.has_transparency_data:
            return _on_white(picture.convert("RGBA"))
        # Pillow's convert would copy a picture that is RGB already.
        return picture if picture.mode == "RGB" else picture.convert("RGB")
    except (ValueError, OSError) as error:
        raise ImageError(
            f"pictures of mode {picture.mode!r} cannot be turned into colours",
            where=where,
            mend="save it as RGB",
        ) from error


def _on_white(picture: PIL.Image.Image) -> PIL.Image.Image:
    ground = PIL.Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture)
    return ground


def _from_deep(picture: PIL.Image.Image, where: str) -> PIL.Image.Image:
    values = np.asarray(picture)
    grey = (wide_levels if picture.mode == "I" else levels)(values, where)
    clear = picture.info.get("transparency")
    if isinstance(clear, int):
        grey = np.where(values == clear, np.uint8(255), grey)
    return PIL.Image.fromarray(grey).convert("RGB")


def _from_cmyk(picture: PIL.Image.Image) -> PIL.Image.Image:
    profile = picture.info.get("icc_profile")
    if not profile:
        return picture.convert("RGB")
    from PIL import ImageCms

    try:
        inks = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        screen = ImageCms.createProfile("sRGB")
        made = ImageCms.profileToProfile(picture, inks, screen, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ImportError):
        # A profile that LittleCMS refuses, or no LittleCMS: the picture is still there.
        made = None
    return picture.convert("RGB") if made is None else made
