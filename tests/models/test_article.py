from __future__ import annotations

import pytest

from layerwalk.models.article import a_or_an


@pytest.mark.parametrize(
    ("word", "said"), [("int", "an int"), ("set", "a set"), ("Image", "an Image"), ("", "a ")]
)
def test_the_article_fits(word: str, said: str) -> None:
    assert a_or_an(word) == said
