"""The walk along the top: folding, stepping, finding, and what is drawn of branches and skips."""

from __future__ import annotations

import itertools

import pytest
import torch
from playwright.sync_api import expect
from torch import nn

import layerwalk as lw
from explorer.conftest import Opened, Walks
from explorer.link import says
from explorer.strip import card_button, cards_of, current_card, shows, step_to, strip_of
from layerwalk.surfaces.server.server import Server


def test_three_ops_by_click(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("edges")
    page = open_page(key)
    shows(page, "input")
    assert list(cards_of(page)) == ["photo", *(op.name for op in trace)]
    for op in trace:
        card_button(page, op.name).click()
        shows(page, op.name)
        assert current_card(page).name == op.name
        says(page, f"op={op.name}")
    expect(page.get_by_role("button", name="Unfold all")).to_have_count(0)


def test_twelve_ops_by_keys(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("tiny_vgg")
    page = open_page(key)
    names = [op.name for op in trace]
    card_button(page, "photo").focus()
    for name in names:
        step_to(page, "ArrowRight", name)
    step_to(page, "ArrowLeft", names[-2])
    step_to(page, "Home", "input", "photo")
    # The last card is the prediction, and beside it stands what it was made of.
    page.keyboard.press("End")
    shows(page, names[-1])
    expect(card_button(page, "prediction")).to_be_focused()
    assert current_card(page).name == names[-1]
    # Brackets walk op by op from anywhere; at the ends they stay.
    page.get_by_role("button", name="Share").focus()
    for name in reversed(names[-4:-1]):
        page.keyboard.press("[")
        shows(page, name)
        assert current_card(page).in_view
    page.keyboard.press("]")
    shows(page, names[-3])
    assert page.evaluate("document.activeElement.textContent.trim()") == "share"


def test_letters_are_not_taken_for_keys(open_page: Opened, walks: Walks) -> None:
    _, key = walks("tiny_vgg")
    page = open_page(key, "op=conv_1_2")
    shows(page, "conv_1_2")
    field = page.get_by_role("combobox", name="Find a layer by name or kind")
    field.focus()
    page.keyboard.type("]?/[")
    expect(field).to_have_value("]?/[")
    shows(page, "conv_1_2")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    # Nor are those with Control, which belong to the browser.
    page.keyboard.press("Escape")
    page.locator("main > .layer h2").click()
    page.keyboard.press("Control+]")
    page.keyboard.press("]")
    shows(page, "relu_1_2")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("]")
    shows(page, "relu_1_2")


def test_a_hundred_and_forty_nine_ops_fold_and_unfold(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("efficientnet_lite0")
    page = open_page(key, viewport={"width": 1280, "height": 940})
    shows(page, "input")
    # Folded to what one looks over at once.
    assert 6 <= len(cards_of(page)) <= 16
    before = cards_of(page)["features.3"]
    card_button(page, "features.3").click()
    last = [op.name for op in trace if op.name.startswith("features.3.")][-1]
    shows(page, last)
    opened = cards_of(page)
    # It opened where it stood: its heading and its first card are there now.
    assert opened["features.3"].heading
    assert opened["features.3"].x == pytest.approx(before.x, abs=2)
    assert opened["features.3.expand"].x == pytest.approx(before.x, abs=2)
    assert opened["features.3.expand"].y > opened["features.3"].y
    # By the keyboard into it, deeper, and out again.
    card_button(page, "features.3.expand").focus()
    page.keyboard.press("Enter")
    shows(page, "features.3.expand.act")
    card_button(page, "features.3.expand.conv").focus()
    step_to(page, "ArrowRight", "features.3.expand.norm")
    page.keyboard.press("Escape")
    expect(card_button(page, "features.3.expand")).to_be_focused()
    expect(card_button(page, "features.3.expand")).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Escape")
    expect(card_button(page, "features.3")).to_be_focused()
    expect(card_button(page, "features.3")).to_have_attribute("aria-expanded", "false")
    folded = cards_of(page)["features.3"]
    assert folded.in_view
    assert folded.current
    # And by a click on the heading.
    page.keyboard.press("Enter")
    expect(card_button(page, "features.3")).to_have_attribute("aria-expanded", "true")
    place = cards_of(page)["features.3"].x
    card_button(page, "features.3").click()
    expect(card_button(page, "features.3")).to_have_attribute("aria-expanded", "false")
    assert cards_of(page)["features.3"].x == pytest.approx(place, abs=2)


def test_everything_unfolds_and_folds_about_what_is_looked_at(
    open_page: Opened, walks: Walks
) -> None:
    trace, key = walks("efficientnet_lite0")
    page = open_page(key, "op=features.9.project.conv")
    shows(page, "features.9.project.conv")
    place = current_card(page).x
    page.get_by_role("button", name="Unfold all").click()
    expect(page.get_by_role("button", name="Fold all")).to_be_visible()
    after = current_card(page)
    assert after.name == "features.9.project.conv"
    assert after.x == pytest.approx(place, abs=2)
    # Step by step over all of it, as far as the next block: no card is left out.
    card_button(page, after.name).focus()
    names = [op.name for op in trace]
    here = names.index(after.name)
    for name in names[here + 1 : here + 6]:
        step_to(page, "ArrowRight", name)
    page.get_by_role("button", name="Fold all").click()
    folded = current_card(page)
    assert folded.in_view
    assert names[here + 5].startswith(folded.name)


def test_finding_a_layer(open_page: Opened, walks: Walks) -> None:
    _, key = walks("efficientnet_lite0")
    page = open_page(key)
    shows(page, "input")
    page.keyboard.press("/")
    field = page.get_by_role("combobox", name="Find a layer by name or kind")
    expect(field).to_be_focused()
    page.keyboard.type("features.11 conv")
    options = page.get_by_role("option")
    first = options.first.locator(".name")
    expect(first).to_have_text("features.11.expand.conv")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    wanted = options.nth(1).locator(".name").inner_text()
    page.keyboard.press("Enter")
    shows(page, wanted)
    # Unfolded even to that op, with the focus on it.
    expect(card_button(page, wanted)).to_be_focused()
    assert current_card(page).name == wanted
    assert current_card(page).in_view
    page.keyboard.press("/")
    page.keyboard.type("no such layer")
    expect(page.get_by_text("No layer is called so.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(field).to_have_value("")
    shows(page, wanted)


def test_a_link_shows_the_op_itself(open_page: Opened, walks: Walks) -> None:
    _, key = walks("googlenet")
    for width in (1280, 1920, 390):
        # The last op of its group: the group's card would show the same maps.
        viewport = {"width": width, "height": 940}
        page = open_page(key, "op=inception4a.cat&at=0,54,3,3", viewport=viewport)
        shows(page, "inception4a.cat")
        expect(card_button(page, "inception4a.cat")).to_have_attribute("aria-current", "step")
        assert current_card(page).in_view
        # No gap where branches stand that are elsewhere.
        shown = [card for card in cards_of(page).values() if -card.width < card.x < card.right]
        lowest = max(card.y + card.height for card in shown)
        assert shown[0].bottom - lowest < 24, width


def test_a_link_to_another_network_shows_its_op_itself(open_page: Opened, walks: Walks) -> None:
    _, first = walks("tiny_vgg")
    _, other = walks("googlenet")
    page = open_page(first, "op=conv_1_2")
    shows(page, "conv_1_2")
    # The last op of its group: the folded group's card would show the same maps.
    link = f"trace={other}&op=inception4a.cat&at=0,54,3,3"
    page.evaluate("hash => { location.hash = hash; }", link)
    shows(page, "inception4a.cat")
    expect(card_button(page, "inception4a.cat")).to_have_attribute("aria-current", "step")
    assert current_card(page).in_view


def test_branches_of_googlenet_stand_under_each_other(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("googlenet")
    page = open_page(key, "op=inception4a.cat")
    shows(page, "inception4a.cat")
    cards = cards_of(page)
    branches = sorted(
        (cards[f"inception4a.branch{k}"] for k in (1, 2, 3, 4)), key=lambda card: card.y
    )
    assert len({card.x for card in branches}) == 1
    for upper, lower in itertools.pairwise(branches):
        assert lower.y >= upper.y + upper.height
    assert all(card.in_view for card in branches)
    # The longest goes straight on.
    assert branches[0].y == cards["inception4a.cat"].y
    # Down from branch to branch, by keys.
    card_button(page, branches[0].name).focus()
    for branch in branches[1:]:
        last = [op.name for op in trace if op.name.startswith(f"{branch.name}.")][-1]
        step_to(page, "ArrowDown", last, branch.name)


def test_skips_of_resnet_are_arcs(open_page: Opened, walks: Walks) -> None:
    _, key = walks("resnet18")
    page = open_page(key, "op=layer1.0.add")
    shows(page, "layer1.0.add")
    cards = cards_of(page)
    paths = strip_of(page).evaluate(
        """strip => {
            const frame = strip.getBoundingClientRect();
            return [...strip.querySelectorAll("path:not(.tip)")].map(path => {
                const box = path.getBoundingClientRect();
                return [box.x - frame.x, box.right - frame.x, box.y - frame.y];
            });
        }"""
    )
    block = cards["layer1.0.conv1"]
    into = cards["layer1.0.add"]
    arcs = [
        (left, right)
        for left, right, top in paths
        if top < block.y - 5 and left < block.x and into.x < right < into.x + into.width
    ]
    assert arcs, "an arc leads from before the block over its cards into the sum"


def test_back_leads_to_where_one_was(open_page: Opened, walks: Walks) -> None:
    _, key = walks("efficientnet_lite0")
    page = open_page(key, "op=features.2.depthwise.conv")
    shows(page, "features.2.depthwise.conv")
    page.keyboard.press("/")
    page.keyboard.type("features.14.project.conv")
    page.keyboard.press("Enter")
    shows(page, "features.14.project.conv")
    card_button(page, "features.14.project.norm").click()
    shows(page, "features.14.project.norm")
    for op in ("features.14.project.conv", "features.2.depthwise.conv"):
        page.go_back()
        shows(page, op)
        expect(card_button(page, op)).to_have_attribute("aria-current", "step")
        assert current_card(page).in_view
    page.go_forward()
    shows(page, "features.14.project.conv")


class Stops(nn.Module):
    """A network whose last layer does not fit."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 4, 3)
        self.second = nn.Conv2d(4, 8, 3)
        self.head = nn.Linear(10, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Raises at the head."""
        made: torch.Tensor = self.head(self.second(self.first(x).relu()))
        return made


def test_a_walk_that_stopped_says_where(open_page: Opened, served: Server) -> None:
    with pytest.warns(UserWarning, match="raised at head"):
        trace = lw.trace(Stops(), torch.rand(1, 3, 12, 12))
    page = open_page(served.library.add(trace))
    shows(page, "input")
    end = card_button(page, "stopped here")
    expect(end).to_contain_text("head (linear)")
    expect(end).to_contain_text("shapes cannot be multiplied")
    expect(page.get_by_role("region", name="Prediction")).to_contain_text("stopped before")
    # What it had made until then can be looked at.
    end.click()
    shows(page, "second")
    page.keyboard.press("ArrowLeft")
    shows(page, "second")
    expect(card_button(page, "second")).to_be_focused()


def test_details_and_graph(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("efficientnet_lite0")
    page = open_page(key, "op=features.0.conv")
    shows(page, "features.0.conv")
    card = card_button(page, "features.0.conv")
    weights = f"{sum(v.size for v in trace['features.0.conv'].inputs if v.role == 'parameter'):,}"
    expect(card).not_to_contain_text(f"{weights} parameters")
    page.get_by_role("button", name="Details").click()
    expect(card.locator(".words")).to_contain_text(f"{weights} parameters")
    numbers = trace["features.0.conv"].array()
    expect(card.locator(".words")).to_contain_text(f"{numbers.max():.4g}"[:5])
    page.get_by_role("button", name="Details").click()
    page.get_by_role("button", name="Unfold all").click()
    page.get_by_role("button", name="Graph").click()
    size = page.get_by_role("group", name="Size of the graph")
    expect(size).to_be_visible()
    assert len({card.y for card in cards_of(page).values() if not card.heading}) > 1
    assert current_card(page).in_view
    size.get_by_role("button", name="Fit").click()
    # Drawn so small that all of it is in view, and nothing is lost.
    expect(size.get_by_role("button", name="Fit")).to_be_focused()
    assert strip_of(page).evaluate("strip => strip.scrollHeight <= strip.clientHeight + 1")
    shown = {card.name for card in cards_of(page).values() if not card.heading}
    assert {op.name for op in trace} <= shown
    # Cards are boxes in the colours of their kinds, which a legend tells; stages keep their names.
    legend = page.locator("main > .walk").get_by_role("list").last
    expect(legend).to_contain_text("normalisation")
    colours = {
        name: card_button(page, f"features.3.expand.{name}").evaluate(
            "card => getComputedStyle(card).backgroundColor"
        )
        for name in ("conv", "norm", "act")
    }
    assert len(set(colours.values())) == 3
    told = legend.locator(".swatch").evaluate_all(
        "swatches => swatches.map(swatch => getComputedStyle(swatch).backgroundColor)"
    )
    assert set(colours.values()) <= set(told)
    heights = strip_of(page).evaluate(
        """strip => [...strip.querySelectorAll(".heading .label")].map(label =>
            label.getBoundingClientRect().height)"""
    )
    assert min(heights) > 10
    page.get_by_role("button", name="Graph").click()
    expect(size).to_be_hidden()
    assert current_card(page).in_view


def test_by_touch_on_a_narrow_page(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("efficientnet_lite0")
    page = open_page(key, viewport={"width": 390, "height": 840}, has_touch=True)
    shows(page, "input")
    card_button(page, "features.0").tap()
    shows(page, "features.0.act")
    card_button(page, "features.0.conv").tap()
    shows(page, "features.0.conv")
    assert current_card(page).in_view
    small = [card.name for card in cards_of(page).values() if card.width < 24 or card.height < 24]
    assert small == []
    card_button(page, "features.0").tap()
    expect(card_button(page, "features.0")).to_have_attribute("aria-expanded", "false")
    assert cards_of(page)["features.0"].in_view
    # The strip scrolls by itself: the page does not.
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    strip_of(page).evaluate("strip => strip.scrollTo(strip.scrollWidth, 0)")
    card_button(page, "prediction").tap()
    shows(page, trace[len(trace) - 1].name)


@pytest.mark.parametrize("model", ["efficientnet_lite0", "googlenet"])
def test_what_stands_on_a_card_is_in_its_name(open_page: Opened, walks: Walks, model: str) -> None:
    _, key = walks(model)
    page = open_page(key)
    shows(page, "input")
    for press in ((), ("Details",), ("Unfold all", "Details")):
        for name in press:
            page.get_by_role("button", name=name).click()
        wrong = strip_of(page).evaluate(
            """strip => [...strip.querySelectorAll("button[data-node]")].flatMap(button => {
                const name = button.querySelector(".unseen").textContent;
                const words = [...button.querySelectorAll(
                    ".seen .name, .seen .meta, .seen .label, .seen .where, .label, .size")]
                    .map(element => element.textContent.trim()).filter(Boolean);
                // To read the widths of the letters is no part of it: only what they say.
                return words.filter(word => !name.includes(word)).map(word => [name, word]);
            })"""
        )
        assert wrong == [], press
        # And nothing takes the place of that name.
        assert strip_of(page).locator("button[aria-label]").count() == 0
