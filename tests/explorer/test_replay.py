"""A recorded training as a user replays it: slider, play, compare, curves, why, link, report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from explorer.conftest import Complaints, Opened, tries
from explorer.sheet import drawn, number_of
from explorer.test_accessibility import violations
from layerwalk.render.numerals import tell_chance
from layerwalk.runs import Run
from layerwalk.surfaces.server.server import Server
from recorded_runs import recorded

_CELL = "op=conv&channel=2&at=1,2,3,4"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return recorded(tmp_path_factory.mktemp("runs") / "first")


@pytest.fixture(scope="module")
def key(served: Server, run: Run) -> Iterator[str]:
    key = served.library.add_run(run)
    yield key
    served.library.close(key)


def bar(page: Page) -> Locator:
    return page.get_by_role("region", name="Training step")


def training(page: Page) -> Locator:
    return page.get_by_role("region", name="Training", exact=True)


def at_step(page: Page, step: int) -> None:
    """Wait until a step is shown."""
    expect(bar(page).locator("output")).to_have_text(f"step {step}")
    page.wait_for_function(
        "step => new URLSearchParams(location.hash.slice(1)).get('trace')?.endsWith('@' + step)",
        arg=str(step),
    )


def said(page: Page) -> dict[str, str]:
    return {name: one[0] for name, one in parse_qs(page.evaluate("location.hash.slice(1)")).items()}


def cell(page: Page) -> Locator:
    return page.locator("main > .cell")


def shows(page: Page, number: float, near: float = 1e-6) -> None:
    """Wait until the cell's panel tells of a number."""
    told = ""
    for _ in tries():
        told = cell(page).locator("header").inner_text()
        found = re.search(r"= (\S+)", told)
        if found and number_of(found[1]) == pytest.approx(number, rel=near, abs=near):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"{told!r} does not tell of {number}")


def test_the_slider_shows_every_panel_at_any_step(open_page: Opened, key: str, run: Run) -> None:
    page = open_page(key, _CELL)
    at_step(page, 40)
    drawn(page, "conv")
    shows(page, float(run.trace(40)["conv"].array()[1, 2, 3, 4]))
    slider = bar(page).get_by_role("slider", name="Step")
    expect(slider).to_have_attribute("aria-valuetext", "after 40 of 40 updates")
    slider.focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    step = run.steps[-5]
    at_step(page, step)
    shows(page, float(run.trace(step)["conv"].array()[1, 2, 3, 4]))
    # What is looked at stayed.
    assert said(page).items() >= {"op": "conv", "at": "1,2,3,4"}.items()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press(".")
    at_step(page, run.steps[-4])
    page.keyboard.press(",")
    at_step(page, step)
    box = slider.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 8, box["y"] + box["height"] / 2)
    at_step(page, 0)
    shows(page, float(run.trace(0)["conv"].array()[1, 2, 3, 4]))
    page.go_back()
    at_step(page, step)


def test_it_plays_to_the_end(open_page: Opened, key: str, run: Run) -> None:
    page = open_page(f"{key}@{run.steps[-4]}", reduced_motion="no-preference")
    at_step(page, run.steps[-4])
    bar(page).get_by_role("button", name="Play").click()
    expect(bar(page).get_by_role("button", name="Pause")).to_be_visible()
    at_step(page, 40)
    expect(bar(page).get_by_role("button", name="Play")).to_be_visible()
    expect(bar(page).get_by_role("button", name="The next step")).to_be_disabled()
    # From the beginning again; space stops it.
    page.locator("h1").click()
    page.keyboard.press("p")
    at_step(page, 0)
    bar(page).get_by_role("slider").focus()
    page.keyboard.press(" ")
    expect(bar(page).get_by_role("button", name="Play")).to_be_visible()


def test_two_steps_are_compared(open_page: Opened, key: str, run: Run) -> None:
    page = open_page(key, _CELL)
    at_step(page, 40)
    bar(page).get_by_label("compare with").select_option("step 2")
    expect(bar(page).get_by_role("button", name="difference")).to_have_attribute(
        "aria-pressed", "true"
    )
    place = (1, 2, 3, 4)
    after, before = (float(run.trace(step)["conv"].array()[place]) for step in (40, 2))
    expect(cell(page)).to_contain_text("difference")
    expect(cell(page)).to_contain_text(f"{abs(after - before):.5f}"[:-1])
    expect(page.locator("main > .walk")).to_contain_text("at step 2")
    assert said(page)["against"] == "2"
    assert said(page)["side"] == "difference"
    # The link holds it; and so does a reload.
    page.reload()
    expect(cell(page)).to_contain_text(f"{abs(after - before):.5f}"[:-1])
    bar(page).get_by_role("button", name="step 2", exact=True).click()
    shows(page, before)
    page.keyboard.press(",")
    at_step(page, run.steps[-2])
    bar(page).get_by_label("compare with").select_option("nothing")
    shows(page, float(run.trace(run.steps[-2])["conv"].array()[place]))
    assert "against" not in said(page)


def test_curves_lead_to_their_steps(open_page: Opened, key: str, run: Run) -> None:
    page = open_page(key)
    at_step(page, 40)
    loss = training(page).locator("figure").filter(has_text="Loss").first
    drawing = loss.get_by_role("img")
    value = run.series["loss"].at(40)
    expect(drawing).to_have_attribute(
        "aria-label", re.compile(rf"training {value:.4g}\b.*at step 40")
    )
    drawing.scroll_into_view_if_needed()
    drawing.click(position={"x": 47, "y": 60})
    at_step(page, 0)
    page.go_back()
    at_step(page, 40)
    loss.get_by_text("as table").click()
    rows = loss.get_by_role("row")
    expect(rows).to_have_count(1 + len(run.steps))
    expect(rows.nth(2)).to_contain_text(f"{run.series['loss'].at(1):.3f}"[:-1])
    for name in ("Accuracy", "Gradient sizes", "Dead channels", "Scores"):
        expect(training(page).get_by_role("img", name=re.compile(f"^{name}"))).to_be_visible()


def test_the_probes_scores(open_page: Opened, key: str, run: Run) -> None:
    page = open_page(key, "op=conv&sample=1")
    at_step(page, 40)
    scores = training(page).get_by_role("img", name=re.compile("^Scores"))
    logits = run.trace(40)["out"].array()[1].astype(np.float64)
    chances = np.exp(logits - logits.max())
    chances /= chances.sum()
    assert run.description.probe_labels is not None
    truth = run.description.probe_labels[1]
    expect(scores).to_have_attribute(
        "aria-label", re.compile(f"of probe 1, which is digit {truth}:")
    )
    told = re.escape(f"digit {truth} {tell_chance(chances[truth])}")
    expect(scores).to_have_attribute("aria-label", re.compile(told))


def test_confusion_and_mistakes(open_page: Opened, key: str, run: Run) -> None:
    page = open_page(key)
    at_step(page, 40)
    found = run.evaluation(40)
    panel = training(page)
    expect(panel).to_contain_text(f"{100 * found.accuracy:.1f} % right")
    off = found.confusion - np.diag(np.diag(found.confusion))
    label, predicted = (int(k) for k in np.unravel_index(off.argmax(), off.shape))
    grid = panel.get_by_role("grid", name="Confusion")
    words = f"row digit {label}, column digit {predicted}: {off.max()}"
    grid.get_by_role("button", name=words).click()
    expect(panel).to_contain_text(
        f"{off.max()} of {found.confusion[label].sum()} pictures of digit {label} were taken for "
        f"digit {predicted}"
    )
    pictures = panel.get_by_role("img", name=f"digit {label} taken for digit {predicted}")
    worst = found.worst
    count = int(((worst.label == label) & (worst.predicted == predicted)).sum())
    expect(pictures).to_have_count(count)
    panel.get_by_role("button", name="all mistakes").click()
    expect(panel.get_by_role("img", name="taken for")).to_have_count(len(worst))


def test_a_kernel_through_the_steps_and_why_it_changed(
    open_page: Opened, key: str, run: Run, complaints: Complaints
) -> None:
    page = open_page(f"{key}@4", "op=conv&channel=2")
    at_step(page, 4)
    panel = training(page)
    expect(panel.get_by_role("heading", name="Kernel of conv, channel 2")).to_be_visible()
    strip = panel.get_by_role("button", name=re.compile(r"^step \d+$"))
    expect(strip).to_have_count(len(run.steps))
    grid = panel.get_by_role("grid", name="at step 4")
    weight = float(run.update(4).parameters["conv.weight"].before[2, 0, 1, 3])
    grid.get_by_role("button").nth(8).click()
    why = panel.get_by_role("region", name="Why conv.weight[2, 0, 1, 3] changed")
    expect(why).to_contain_text("Update 5, by Adam")
    expect(why).to_contain_text(f"{weight:.6g}"[1:7])
    told = run.why("conv.weight", (2, 0, 1, 3), 4)
    for term in told.terms:
        # Typed with hyphens and letters, and set with signs: the numbers are the same.
        for number in re.findall(r"\d+\.\d+", term.formula):
            expect(why).to_contain_text(number)
    names = ["weight", "gradient g", *(term.name for term in told.terms[:-2])]
    expect(why.locator("dt").filter(has_text=re.compile("^[a-z]"))).to_contain_text(
        [*names, "new weight", "optimiser"]
    )
    expect(why).to_contain_text("residue")
    # At the last step nothing followed: Python's own sentence.
    strip.last.click()
    at_step(page, 40)
    expect(why).to_contain_text("step 40 was not recorded with its update")
    assert [one for one in complaints if "404" not in one] == []
    complaints.clear()


def test_all_kernels_of_the_layer(open_page: Opened, key: str, run: Run) -> None:
    page = open_page(f"{key}@4", "op=conv&channel=2")
    at_step(page, 4)
    panel = training(page)
    weights = run.update(4).parameters["conv.weight"].before
    tiles = panel.get_by_role("group", name="Kernels of conv").get_by_role("button")
    expect(tiles).to_have_count(len(weights))
    expect(tiles.nth(2)).to_have_attribute("aria-pressed", "true")
    least = np.abs(weights).max()
    for k in (0, 2):
        level = (
            tiles.nth(k)
            .locator("canvas")
            .evaluate("one => [...one.getContext('2d').getImageData(0, 0, 1, 1).data]")
        )
        # Blue below zero, red above, the more the farther from it.
        number = float(weights[k, 0, 0, 0])
        assert (level[0] > level[2]) == (number > 0) or abs(number) < 0.02 * least
    tiles.nth(1).click()
    expect(panel.get_by_role("heading", name="Kernel of conv, channel 1")).to_be_visible()
    assert said(page)["channel"] == "1"
    # Whoever pressed it can go on from there.
    expect(tiles.nth(1)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(tiles.nth(2)).to_have_attribute("aria-pressed", "true")
    page.go_back()
    expect(tiles.nth(1)).to_have_attribute("aria-pressed", "true")
    bar(page).get_by_label("compare with").select_option("step 40")
    expect(panel).to_contain_text("Kernels of conv at step 4 less those at step 40")
    bar(page).get_by_role("button", name="step 40", exact=True).click()
    expect(panel.get_by_text("Kernels of conv at step 40", exact=True)).to_be_visible()


def test_what_does_not_change_is_not_asked_anew(open_page: Opened, key: str, run: Run) -> None:
    page = open_page(f"{key}@0", "op=conv", reduced_motion="no-preference")
    at_step(page, 0)
    expect(training(page).get_by_role("img", name=re.compile("^Scores"))).to_be_visible()
    expect(training(page).get_by_role("button", name="step 40", exact=True)).to_be_visible()
    page.wait_for_timeout(300)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.partition("/api/")[2]))
    bar(page).get_by_role("button", name="Play").click()
    at_step(page, 40)
    assert [one for one in asked if "/values/" in one or "/series" in one] == []
    assert len([one for one in asked if one.endswith("/values")]) <= 2 * len(run.steps)


def test_the_bar_leads_to_the_curves(open_page: Opened, key: str) -> None:
    page = open_page(f"{key}@4", viewport={"width": 390, "height": 844})
    at_step(page, 4)
    loss = training(page).get_by_role("img", name=re.compile("^Loss"))
    expect(loss).not_to_be_in_viewport()
    bar(page).get_by_role("button", name="curves").click()
    expect(loss).to_be_in_viewport()
    # In a row that is wider than the page, the kernel of the step that is shown is in sight.
    strip = training(page).get_by_role("button", name=re.compile(r"^step \d+$"))
    strip.first.scroll_into_view_if_needed()
    for _ in range(4):
        page.keyboard.press(".")
    expect(strip.and_(page.locator("[aria-current]"))).to_be_in_viewport()
    strip.first.evaluate("one => one.parentElement.scrollTo(0, 0)")
    page.keyboard.press(".")
    expect(strip.and_(page.locator("[aria-current]"))).to_be_in_viewport()


def test_edits_hold_at_every_step(open_page: Opened, key: str, run: Run) -> None:
    page = open_page(key, _CELL)
    at_step(page, 40)
    drawn(page, "conv")
    page.keyboard.press("s")
    expect(page.get_by_role("region", name="Edits")).to_contain_text("silence")
    expect(bar(page).get_by_label("compare with")).to_have_count(0)
    page.keyboard.press(",")
    at_step(page, run.steps[-2])
    expect(page.get_by_role("region", name="Edits")).to_have_attribute("aria-busy", "false")
    expect(page.get_by_role("region", name="Edits")).to_contain_text("silence")
    expect(cell(page)).to_contain_text(
        f"{abs(float(run.trace(run.steps[-2])['conv'].array()[1, 2, 3, 4])):.4f}"[:-1]
    )


def test_a_report_of_the_run_needs_no_server(
    open_page: Opened, key: str, run: Run, tmp_path: Path
) -> None:
    page = open_page(key)
    at_step(page, 40)
    page.get_by_role("button", name="Share").click()
    page.get_by_role("menuitem", name=re.compile("Save report")).click()
    dialog = page.get_by_role("dialog", name="Save report")
    expect(dialog).to_contain_text(f"{len(run.steps)} stored steps")
    dialog.get_by_role("radio", name=re.compile("^all all that ops read")).check()
    expect(dialog).to_contain_text("All weights are in it.")
    button = dialog.get_by_role("button", name=re.compile(r"Save, about [\d.]+ MB"))
    with page.expect_download() as download:
        button.click()
    path = tmp_path / "run.html"
    download.value.save_as(path)
    offline = open_page(url=path.as_uri(), view=_CELL, offline=True)
    at_step(offline, 40)
    shows(offline, float(run.trace(40)["conv"].array()[1, 2, 3, 4]), near=1e-3)
    offline.locator("h1").click()
    offline.keyboard.press(",")
    at_step(offline, run.steps[-2])
    number = float(run.trace(run.steps[-2])["conv"].array()[1, 2, 3, 4])
    shows(offline, number, near=1e-3)
    panel = training(offline)
    expect(panel).to_contain_text(f"{100 * run.evaluation(40).accuracy:.1f} % right")
    expect(panel.get_by_role("button", name=re.compile(r"^step \d+$"))).to_have_count(
        len(run.steps)
    )
    bar(offline).get_by_label("compare with").select_option("step 0")
    expect(cell(offline)).to_contain_text("difference")


def test_a_step_of_a_run_that_is_gone(open_page: Opened, key: str, complaints: Complaints) -> None:
    page = open_page("nobody-abc@3")
    expect(page.locator("body")).to_contain_text("not open here")
    page = open_page(f"{key}@5")
    at_step(page, 4)
    complaints.clear()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_no_rule_of_axe_is_broken(open_page: Opened, key: str, scheme: str, width: int) -> None:
    page = open_page(
        f"{key}@4",
        "op=conv&channel=2&against=1&side=difference",
        color_scheme=scheme,
        viewport={"width": width, "height": 900},
    )
    at_step(page, 4)
    panel = training(page)
    panel.get_by_role("grid", name="at step 4").get_by_role("button").first.click()
    expect(panel).to_contain_text("residue")
    panel.get_by_text("as table").first.click()
    page.wait_for_timeout(300)
    assert violations(page) == []
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
