"""Two sequences of ops laid side by side in order, so that most are beside their like."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final, TypeAlias

__all__ = ["Token", "align", "rising"]

Token: TypeAlias = tuple[str, str, tuple[int, ...]]
"""Kind, family of kinds and shape of an op."""

_MOST_CELLS: Final = 4_000_000


def align(one: Sequence[Token], two: Sequence[Token]) -> list[tuple[int, int]]:
    """Pairs of positions, rising on both sides, of ops of one shape and one family of kinds.

    The alignment with the highest score (2 for the same kind, 1 for the same family), as of
    Needleman and Wunsch (1970) without a price for gaps.

    Examples
    --------
    >>> conv, norm, relu = (("conv2d", "conv2d", (1,)), ("norm", "norm", (1,)),
    ...                     ("relu", "relu", (1,)))
    >>> align([conv, norm, relu, conv], [conv, relu, conv])
    [(0, 0), (2, 1), (3, 2)]
    """
    if len(one) * len(two) > _MOST_CELLS:
        alike = SequenceMatcher(None, one, two, autojunk=False).get_matching_blocks()
        return [(block.a + k, block.b + k) for block in alike for k in range(block.size)]
    best = [[0] * (len(two) + 1) for _ in range(len(one) + 1)]
    for left in range(len(one) - 1, -1, -1):
        row, below = best[left], best[left + 1]
        for right in range(len(two) - 1, -1, -1):
            score = _score(one[left], two[right])
            row[right] = max(below[right], row[right + 1], score and score + below[right + 1])
    pairs, left, right = [], 0, 0
    while left < len(one) and right < len(two):
        score = _score(one[left], two[right])
        if score and best[left][right] == score + best[left + 1][right + 1]:
            pairs.append((left, right))
            left, right = left + 1, right + 1
        elif best[left][right] == best[left + 1][right]:
            left += 1
        else:
            right += 1
    return pairs


def rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Most pairs such that both sides rise: what is crossed is no anchor of an order.

    >>> rising([(0, 0), (1, 3), (2, 1), (4, 2)])
    [(0, 0), (2, 1), (4, 2)]
    """
    ends: list[int] = []  # the lowest end of a rising run of each length
    at: list[int] = []  # the pair that ends it
    before: list[int] = []
    for number, (_, two) in enumerate(pairs):
        length = bisect_left(ends, two)
        before.append(at[length - 1] if length else -1)
        ends[length : length + 1], at[length : length + 1] = [two], [number]
    chain, number = [], at[-1] if at else -1
    while number >= 0:
        chain.append(pairs[number])
        number = before[number]
    return chain[::-1]


def _score(one: Token, two: Token) -> int:
    if one[2] != two[2] or one[1] != two[1]:
        return 0
    return 2 if one[0] == two[0] else 1
