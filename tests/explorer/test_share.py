"""Links, pictures and reports."""

from __future__ import annotations

import io
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image as Pillow
from playwright.sync_api import Page, expect

from explorer.conftest import Opened, Walks

_VIEW = "op=conv_1_2&at=0,3,10,12&map=magma&scale=channel&order=strength"


def _shares(page: Page) -> None:
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_role("menu", name="Share")).to_be_visible()


def test_a_copied_link_leads_to_the_same_view(open_page: Opened, walks: Walks) -> None:
    _, key = walks("tiny_vgg")
    page = open_page(key, _VIEW, permissions=["clipboard-read", "clipboard-write"])
    expect(page.locator("main > .cell details").first).to_be_visible()
    _shares(page)
    page.get_by_role("menuitem", name="Copy link").click()
    expect(page.get_by_text("The link is copied.")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.url
    expect(page.locator("main > .cell")).to_contain_text("receptive field 5")
    shown = page.locator("main > .cell").inner_text()
    page.reload()
    expect(page.locator("main > .cell")).to_have_text(shown, use_inner_text=True)
    expect(page.get_by_role("combobox", name="colours")).to_have_value("magma")


def test_every_offered_picture_is_one(open_page: Opened, walks: Walks) -> None:
    _, key = walks("tiny_vgg")
    page = open_page(key, _VIEW)
    expect(page.locator("main > .cell details").first).to_be_visible()
    page.wait_for_timeout(500)
    _shares(page)
    names = page.get_by_role("menuitem").all_inner_texts()
    pictures = [name for name in names if name.startswith("Save picture")]
    assert len(pictures) >= 4
    page.keyboard.press("Escape")
    endings = set()
    for name in pictures:
        _shares(page)
        with page.expect_download() as download:
            page.get_by_role("menuitem", name=name, exact=True).click()
        file = Path(download.value.path())
        ending = Path(download.value.suggested_filename).suffix
        endings.add(ending)
        if ending == ".svg":
            root = ElementTree.fromstring(file.read_text(encoding="utf-8"))  # noqa: S314 - our own
            assert root.tag.endswith("svg")
            assert len(root) > 3
        else:
            picture = Pillow.open(io.BytesIO(file.read_bytes()))
            assert picture.format == "PNG"
            assert min(picture.size) > 60
            colours = picture.convert("RGB").getcolors(maxcolors=1 << 24)
            assert colours is not None
            assert len(colours) > 4
    assert endings == {".png", ".svg"}


def test_the_report_is_saved_from_the_page(open_page: Opened, walks: Walks, tmp_path: Path) -> None:
    trace, key = walks("tiny_vgg")
    page = open_page(key)
    _shares(page)
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Save report").click()
    file = tmp_path / "saved.html"
    download.value.save_as(file)
    expect(page.get_by_text("The report is written")).to_be_visible()
    report = open_page(url=file.as_uri())
    expect(report.get_by_role("region", name="Prediction").locator("tbody tr")).to_have_count(5)
    expect(report.get_by_role("region", name="Prediction")).to_contain_text(trace.top(1)[0][0])


@pytest.mark.parametrize("model", ["tiny_vgg", "efficientnet_lite0"])
def test_a_report_opens_without_a_network(
    open_page: Opened, walks: Walks, tmp_path: Path, model: str
) -> None:
    trace, _ = walks(model)
    file = trace.report(tmp_path / "walk.html", detail="exact", weights="all")
    page = open_page(url=file.as_uri(), offline=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    expect(page.get_by_role("region", name="Prediction").locator("tbody tr")).to_have_count(5)
    ops = [op for op in trace if len(op.shape) == 4][2:20:5]
    for op in ops:
        at = ",".join(str(length // 2) for length in op.shape)
        page.evaluate("hash => { location.hash = hash; }", f"op={op.name}&at={at}")
        expect(page.locator("main > .layer h2")).to_have_text(op.name)
        sums = page.locator("main > .cell details").first
        expect(sums).to_be_visible(timeout=30_000)
        recorded = float(op.array()[tuple(length // 2 for length in op.shape)])
        sums.evaluate("details => { details.open = true; }")
        told = sums.locator("dd").all_inner_texts()
        # What the page works out itself is as exact as its float32 can be.
        numbers = [float(text.split(" ")[0].replace("\N{MINUS SIGN}", "-").replace(",", ""))
                   for text in told if not text.startswith("no")]  # fmt: skip
        assert any(abs(number - recorded) <= 1e-5 * max(1, abs(recorded)) for number in numbers), (
            op.name, recorded, told,
        )  # fmt: skip
    assert [url for url in asked if not url.startswith(("blob:", "data:", "file:"))] == []


def test_a_rounded_report_says_so(open_page: Opened, walks: Walks, tmp_path: Path) -> None:
    trace, _ = walks("tiny_vgg")
    file = trace.report(tmp_path / "walk.html", detail="half", weights="none")
    page = open_page(url=f"{file.as_uri()}#op=conv_1_2&at=0,1,2,3")
    expect(page.get_by_role("banner")).to_contain_text("half precision: off by at most")
    # Its weights are not there: the maps are, and a sentence says what is missing.
    expect(page.locator("main > .cell")).to_contain_text("is not in this report")
    page.evaluate("() => { location.hash = 'op=relu_1_2&at=0,1,2,3'; }")
    expect(page.locator("main > .cell details").first).to_be_visible()
    expect(page.locator("main > .cell")).to_contain_text("half precision")


def test_the_interface_describes_itself(open_page: Opened, walks: Walks) -> None:
    _, key = walks("tiny_vgg")
    page = open_page(key)
    text = page.evaluate("async () => (await fetch('/api/openapi.json')).text()")
    assert "/api/traces/{trace}" in json.dumps(json.loads(text)["paths"])
