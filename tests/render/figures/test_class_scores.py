from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from layerwalk.errors import LayerwalkError, NotFoundError
from layerwalk.record import Photo
from layerwalk.render.figures import class_scores
from layerwalk.render.paper import ACCENT, hexadecimal

Texts = Callable[[Figure], list[str]]


def lengths(figure: Figure) -> list[float]:
    """How long the bars are, in pixels."""
    from matplotlib.colors import to_hex

    return [
        patch.get_width() * figure.bbox.width
        for patch in figure.artists
        if isinstance(patch, Rectangle)
        if to_hex(patch.get_facecolor()) == hexadecimal(ACCENT)
    ]


def test_bars_are_as_long_as_the_probabilities(texts: Texts) -> None:
    figure = class_scores([("dog", 0.75), ("cat", 0.25), ("hen", 1e-7), ("pig", 0.0)])
    assert lengths(figure) == pytest.approx([480, 160, 1], abs=0.01)
    assert [text for text in texts(figure) if text.endswith("%") and "to" not in text] == [
        "75.0 %",
        "25.0 %",
        "< 0.1 %",
        "0.0 %",
    ]


def test_a_trace_gives_its_best_classes_and_its_photo(
    make_trace: Any, photo: Photo, texts: Texts, images: Any
) -> None:
    logits = np.log(np.array([[0.1, 0.7, 0.2]]))
    trace = make_trace(
        [("fc", "linear", logits)], labels=("hen", "German shepherd", "cat"), photo=photo
    )
    figure = class_scores(trace, count=2)
    found = texts(figure)
    assert found.index("German shepherd") < found.index("cat")
    assert "hen" not in found
    assert {"net", "disc.png  ·  probabilities, 0 to 100 %", "70.0 %", "20.0 %"} <= set(found)
    assert len(images(figure)) == 1


def test_a_long_label_keeps_its_start(texts: Texts) -> None:
    label = "German shepherd, German shepherd dog, German police dog, alsatian"
    (drawn,) = (text for text in texts(class_scores([(label, 1.0)])) if "shepherd" in text)
    assert drawn.endswith("…")
    assert label.startswith(drawn[:-1])


def test_what_is_not_a_probability_is_refused(make_trace: Any) -> None:
    with pytest.raises(LayerwalkError, match=r"dog: a score of 3\.5 is not a probability"):
        class_scores([("dog", 3.5)])
    with pytest.raises(LayerwalkError, match="no score to draw"):
        class_scores([])
    with pytest.raises(NotFoundError, match="class scores"):
        class_scores(make_trace([("conv", "conv2d", np.zeros((1, 2, 3, 3)))]))


def test_a_logit_that_is_not_a_number_leaves_no_probability(make_trace: Any, texts: Texts) -> None:
    logits = np.array([[1.0, np.nan, 2.0, np.inf]])
    trace = make_trace([("fc", "linear", logits)], labels=("hen", "dog", "cat", "ant"))
    figure = class_scores(trace)
    found = texts(figure)
    assert lengths(figure) == []
    assert "probabilities, 0 to 100 %  ·  2 classes without a finite score" in found
    assert found[found.index("dog") + 1] == "NaN"
    assert found[found.index("ant") + 1] == "inf"
    assert "hen" not in found


def test_finite_probabilities_are_drawn_beside_those_that_are_not(
    make_trace: Any, texts: Texts
) -> None:
    trace = make_trace([("fc", "sigmoid", np.array([[0.25, np.nan, 0.5]]))])
    figure = class_scores(trace)
    assert lengths(figure) == pytest.approx([320, 160], abs=0.01)
    found = texts(figure)
    assert found.index("class 2") < found.index("class 0") < found.index("class 1")
    assert "probabilities, 0 to 100 %  ·  1 class without a finite score" in found
    pairs = class_scores([("dog", 0.5), ("cat", float("nan"))])
    assert lengths(pairs) == pytest.approx([320], abs=0.01)
    assert "NaN" in texts(pairs)


def test_an_untrained_network_is_called_one(make_trace: Any, texts: Texts) -> None:
    steps = [("fc", "linear", np.array([[1.0, 2.0]]))]
    found = texts(class_scores(make_trace(steps, trained="random, seed 0")))
    assert found[0] == "net, untrained (random weights)"
    assert texts(class_scores(make_trace(steps, trained="file net.pth")))[0] == "net"


def test_the_picture(looks_like: Callable[[Figure, str], None]) -> None:
    scores = [("German shepherd", 0.971), ("malinois", 0.004), ("kelpie", 1e-6)]
    looks_like(class_scores(scores), "class-scores")
