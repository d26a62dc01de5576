"""The page of what the zoo gave."""

from __future__ import annotations

from dataclasses import replace

from capture.zoo_check import Outcome
from recipes.coverage import Known
from zoo_page import Member, document

KNOWN = Known(
    known=10, missing=(), checked=1000, share=2.5e-7, where="conv", wrong=(), attends=False
)
GOOD = Outcome(
    parameters=5, shape=(1, 3, 8, 8), ops=10, opaque=0, rereads=0, replayed=10, output=True,
    replay=True, untouched=True, reachable=True, recipes=KNOWN,
)  # fmt: skip


def member(name: str, library: str = "timm") -> Member:
    return Member(library, name, (3, 8, 8))


def page(*outcomes: Outcome | str) -> str:
    found = {member(f"net{k}"): outcome for k, outcome in enumerate(outcomes)}
    return document(found, "The rule.", "Python 3", 300)


def test_a_network_that_passed() -> None:
    text = page(GOOD)
    assert "**1 of 1 networks pass.** They ran 10 ops" in text
    assert "| net0 | 8x8 | 10 | yes | yes | yes | all | 2e-07 |  |" in text
    assert "| convolutional | 1 | 10 | 10 (100.00%) | 1,000 | 2.5e-07 |" in text
    assert "Ops without a recipe, by kind" not in text


def test_ops_without_a_recipe_are_counted_by_kind() -> None:
    lacking = replace(KNOWN, known=7, missing=(("lstm", 1), ("sort", 2)), attends=True)
    text = page(GOOD, replace(GOOD, recipes=lacking), replace(GOOD, recipes=lacking))
    assert "| with attention | 2 | 20 | 14 (70.00%) |" in text
    assert "| sort | 4 | 2 |" in text
    assert text.index("| sort |") < text.index("| lstm |")
    assert "| net1 | 8x8 | 10 | yes | yes | yes | 70.0% |" in text


def test_what_failed_says_so() -> None:
    wrong = replace(GOOD, replay=False, notes=("replay: a|b",))
    arithmetic = replace(GOOD, recipes=replace(KNOWN, wrong=("conv: off",)))
    text = page(wrong, "no end within 9 s", arithmetic)
    assert "**0 of 3 networks pass.**" in text
    assert "| yes | **no** | yes | all | 2e-07 | replay: a\\|b |" in text
    assert "| net1 | 8x8 | | | | | | | no end within 9 s |" in text


def test_each_library_has_its_table() -> None:
    found = {member("a", "torchvision"): GOOD, member("b"): GOOD, member("c"): GOOD}
    text = document(found, "", "", 300)
    assert "## torchvision: 1 networks" in text
    assert "## timm: 2 networks" in text
