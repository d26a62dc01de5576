"""Links, pictures and reports."""

from __future__ import annotations

import io
import json
import re
import threading
from collections.abc import Generator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image as Pillow
from playwright.sync_api import Locator, Page, expect

from explorer.conftest import Opened, Walks
from layerwalk.surfaces.report import Writing, make_report, report_sizes
from layerwalk.surfaces.server.server import Server

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


def _dialog(page: Page) -> Locator:
    _shares(page)
    page.get_by_role("menuitem", name="Save report").click()
    dialog = page.get_by_role("dialog", name="Save report")
    expect(dialog).to_be_visible()
    return dialog


def _megabytes(text: str) -> float:
    return float(re.findall(r"([\d.]+) MB", text)[0])


def test_the_report_is_saved_from_the_page(open_page: Opened, walks: Walks, tmp_path: Path) -> None:
    trace, key = walks("tiny_vgg")
    page = open_page(key)
    dialog = _dialog(page)
    expect(dialog.get_by_role("radio", name=re.compile("^half"))).to_be_checked()
    expect(dialog.get_by_role("radio", name=re.compile("^some"))).to_be_checked()
    dialog.get_by_role("radio", name=re.compile("^compact")).check()
    dialog.get_by_role("radio", name=re.compile("^none")).check()
    expect(dialog).to_contain_text("10 weight tensors left out")
    told = dialog.get_by_role("button", name="Save, about").inner_text()
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Save, about").click()
    file = tmp_path / "saved.html"
    download.value.save_as(file)
    expect(page.get_by_text("The report is written")).to_be_visible()
    expect(dialog).to_be_hidden()
    size = file.stat().st_size
    assert _megabytes(told) == pytest.approx(size / 1e6, rel=0.08)
    assert size == len(make_report(trace, detail="compact", weights="none").content)
    report = open_page(url=file.as_uri())
    expect(report.get_by_role("region", name="Prediction").locator("tbody tr")).to_have_count(5)
    expect(report.get_by_role("region", name="Prediction")).to_contain_text(trace.top(1)[0][0])
    expect(report.get_by_role("banner")).to_contain_text("255 levels a channel")


def test_every_choice_of_a_report_has_its_size(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("tiny_vgg")
    page = open_page(key)
    dialog = _dialog(page)
    expect(dialog.locator("label .number").filter(has_text="MB")).to_have_count(6)
    wanted = {(size.detail, size.weights): size.bytes / 1e6 for size in report_sizes(trace)}
    for weights in ("all", "some", "none"):
        dialog.get_by_role("radio", name=re.compile(f"^{weights}")).check()
        for detail in ("exact", "half", "compact"):
            row = dialog.locator(
                "label", has=page.get_by_role("radio", name=re.compile(f"^{detail}"))
            )
            assert _megabytes(row.inner_text()) == float(f"{wanted[detail, weights]:.2g}")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_a_report_that_takes_long_can_be_stopped(
    open_page: Opened, walks: Walks, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, key = walks("tiny_vgg")
    stopped = threading.Event()

    def parts(_: Writing) -> Generator[bytes]:
        try:
            while True:
                yield bytes(1 << 12)
                stopped.wait(0.02)
        finally:
            stopped.set()

    page = open_page(key)
    dialog = _dialog(page)
    save = dialog.get_by_role("button", name=re.compile(r"Save, about \d"))
    expect(save).to_be_visible()
    monkeypatch.setattr(Writing, "parts", parts)
    save.click()
    progress = dialog.get_by_role("progressbar", name="Writing the report")
    page.wait_for_function(
        "bar => bar.position > 0 && bar.position < 1", arg=progress.element_handle()
    )
    dialog.get_by_role("button", name="Stop").click()
    expect(save).to_be_visible()
    assert stopped.wait(30)
    expect(dialog.get_by_role("alert")).to_have_count(0)


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
        expect(sums).to_be_visible()
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
    expect(page.get_by_role("banner")).to_contain_text("perhaps by more where the page works")
    # What only a server can do is not offered.
    banner = page.get_by_role("banner").first
    for name in ("sample:dog", "tiny_vgg"):
        expect(banner.get_by_role("button", name=name)).to_be_disabled()
    _shares(page)
    expect(page.get_by_role("menuitem", name="Save report")).to_have_count(0)
    page.keyboard.press("Escape")
    # Its weights are not there: the maps are, and a sentence says what is missing.
    expect(page.locator("main > .cell")).to_contain_text("is not in this report")
    page.evaluate("() => { location.hash = 'op=relu_1_2&at=0,1,2,3'; }")
    expect(page.locator("main > .cell details").first).to_be_visible()
    expect(page.locator("main > .cell")).to_contain_text("half precision")


def test_the_interface_describes_itself(open_page: Opened, walks: Walks, served: Server) -> None:
    _, key = walks("tiny_vgg")
    page = open_page(key)
    headers = {"headers": {"Authorization": f"Bearer {served.token}"}}
    text = page.evaluate("async how => (await fetch('/api/openapi.json', how)).text()", headers)
    assert "/api/traces/{trace}" in json.dumps(json.loads(text)["paths"])
