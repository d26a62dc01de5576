"""The article before a word that a program made."""

from __future__ import annotations

__all__ = ["a_or_an"]

_VOWELS = ("a", "e", "i", "o")  # "a uint8", "a UserDict"


def a_or_an(word: str) -> str:
    """The word with its article, by its first letter.

    Examples
    --------
    >>> a_or_an("int"), a_or_an("dict"), a_or_an("OrderedDict")
    ('an int', 'a dict', 'an OrderedDict')
    """
    return f"{'an' if word.lower().startswith(_VOWELS) else 'a'} {word}"
