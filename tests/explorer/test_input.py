"""Pictures and networks, chosen in every way that the page has."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from playwright.sync_api import Page, expect

import layerwalk as lw
from explorer.conftest import Complaints, Opened
from explorer.link import says
from layerwalk.surfaces.library import Library, Network, Picture
from layerwalk.surfaces.server.server import Server


@pytest.fixture
def fresh() -> Iterator[tuple[Server, str]]:
    """An explorer of its own, with a small walk: what is opened in it concerns no other test."""
    model = lw.load_model("tiny_vgg", weights="none")
    network = Network("tiny_vgg", lambda: model, "tiny_vgg")
    library = Library(network=network)
    trace = lw.trace(model, "sample:dog")
    key = library.add(trace, network=network, picture=Picture.named("sample:dog"))
    with Server(library) as server:
        yield server, key


def _png(level: int = 120) -> bytes:
    file = io.BytesIO()
    Pillow.fromarray(np.full((40, 60, 3), level, dtype=np.uint8)).save(file, "PNG")
    return file.getvalue()


def _choose_picture(page: Page) -> None:
    expect(page.locator("main > .layer")).to_be_visible()
    page.get_by_role("banner").get_by_role("button").first.click()
    expect(page.get_by_role("dialog", name="Which picture?")).to_be_visible()


def _walks(page: Page, picture: str, model: str = "tiny_vgg") -> None:
    """The page has come to show this walk."""
    bar = page.get_by_role("banner")
    expect(bar.get_by_role("button", name=picture)).to_be_visible()
    expect(bar.get_by_role("button", name=model)).to_be_visible()


def test_a_file_that_is_chosen(fresh: tuple[Server, str], open_page: Opened) -> None:
    server, key = fresh
    page = open_page(url=server.link(key), view="op=relu_1_1")
    _choose_picture(page)
    file = {"name": "grey.png", "mimeType": "image/png", "buffer": _png()}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    _walks(page, "grey.png")
    # The layer that was looked at stays.
    expect(page.locator("main > .layer h2")).to_have_text("relu_1_1")
    cards = server.library.cards()
    assert [card.picture for card in cards] == ["grey.png", "sample:dog"]
    says(page, f"trace={cards[0].id}")
    page.go_back()
    _walks(page, "sample:dog")


def test_a_file_that_is_dropped_or_pasted(fresh: tuple[Server, str], open_page: Opened) -> None:
    server, key = fresh
    page = open_page(url=server.link(key))
    _walks(page, "sample:dog")
    give = """([data, how, name]) => {
        const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0));
        const given = new DataTransfer();
        given.items.add(new File([bytes], name, {type: "image/png"}));
        const target = document.querySelector(how === "drop" ? ".page" : "body");
        const event = how === "drop"
            ? new DragEvent("drop", {dataTransfer: given, bubbles: true, cancelable: true})
            : new ClipboardEvent("paste", {clipboardData: given, bubbles: true});
        target.dispatchEvent(event);
    }"""
    page.evaluate(give, [base64.b64encode(_png()).decode(), "drop", "dropped.png"])
    _walks(page, "dropped.png")
    _choose_picture(page)
    page.evaluate(give, [base64.b64encode(_png(40)).decode(), "paste", "pasted.png"])
    _walks(page, "pasted.png")


def test_a_sample(fresh: tuple[Server, str], open_page: Opened) -> None:
    server, key = fresh
    page = open_page(url=server.link(key))
    _choose_picture(page)
    gallery = page.get_by_role("dialog")
    expect(gallery.locator("img")).not_to_have_count(0)
    gallery.get_by_role("button", name=re.compile("cat")).click()
    _walks(page, "sample:cat")


def test_a_drawn_digit(fresh: tuple[Server, str], open_page: Opened) -> None:
    server, key = fresh
    page = open_page(url=server.link(key))
    _choose_picture(page)
    walk = page.get_by_role("button", name="Walk it through lenet5")
    expect(walk).to_be_disabled()
    pad = page.get_by_label("Draw a digit here with the pointer")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 84, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 140, steps=5)
    page.mouse.up()
    walk.click()
    _walks(page, "drawn digit.png", "lenet5")
    photo = server.library.opened(server.library.cards()[0].id).trace.photo
    assert photo is not None
    assert photo.pixels.shape == (28, 28, 1)
    lit = np.argwhere(photo.pixels[:, :, 0] > 200)
    # A stroke from top to bottom, in the middle of the picture.
    assert lit[:, 0].max() - lit[:, 0].min() > 14
    assert abs(lit[:, 1].mean() - 13.5) < 2


def test_the_camera(fresh: tuple[Server, str], open_page: Opened) -> None:
    server, key = fresh
    page = open_page(url=server.link(key), permissions=["camera"])
    _choose_picture(page)
    page.get_by_role("button", name="Use the camera").click()
    expect(page.get_by_label("What the camera sees")).to_be_visible()
    expect(page.get_by_label("What the camera sees")).to_have_js_property("readyState", 4)
    page.get_by_role("button", name="Take the picture").click()
    _walks(page, "camera.png")


def test_another_network(fresh: tuple[Server, str], open_page: Opened) -> None:
    server, key = fresh
    page = open_page(url=server.link(key))
    page.get_by_role("banner").get_by_role("button", name="tiny_vgg").click()
    field = page.get_by_role("searchbox", name="Find a network")
    # torchvision and timm take their time to be asked.
    listed = page.get_by_text(re.compile(r"networks; the first \d+ are shown"))
    expect(listed).to_be_visible()
    field.fill("edges")
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^edges")).click()
    _walks(page, "sample:dog", "edges")
    expect(page.locator("main > .layer h2")).to_have_text("input")


def test_networks_that_are_not_listed_are_told_how_to_get(
    fresh: tuple[Server, str], open_page: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "timm is not installed: run pip install 'layerwalk[all]' for its networks."
    monkeypatch.setattr("layerwalk.surfaces.answer.welcome._lacking", lambda: said)
    server, key = fresh
    page = open_page(url=server.link(key))
    page.get_by_role("banner").get_by_role("button", name="tiny_vgg").click()
    expect(page.get_by_role("dialog", name="Which network?")).to_contain_text(said)


@pytest.mark.parametrize(
    ("name", "content"), [("notes.txt", b"no picture at all"), ("cut.png", _png()[:60])]
)
def test_what_is_no_picture_is_told_in_a_sentence(
    fresh: tuple[Server, str],
    open_page: Opened,
    complaints: Complaints,
    name: str,
    content: bytes,
) -> None:
    server, key = fresh
    page = open_page(url=server.link(key))
    _choose_picture(page)
    file = {"name": name, "mimeType": "image/png", "buffer": content}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    status = page.get_by_role("status").filter(has_text=name)
    expect(status).to_be_visible()
    _walks(page, "sample:dog")
    complaints[:] = [one for one in complaints if "Failed to load resource" not in one]


def test_one_that_is_too_large_is_not_sent(
    fresh: tuple[Server, str], open_page: Opened, tmp_path: Path
) -> None:
    server, key = fresh
    server.library.upload_limit = 1000
    page = open_page(url=server.link(key))
    _choose_picture(page)
    large = tmp_path / "large.png"
    large.write_bytes(b"x" * 2000)
    page.locator("input[type=file]").set_input_files(large)
    expect(page.get_by_role("alert")).to_contain_text("large.png")
    assert len(server.library.cards()) == 1


def test_open_walks_are_listed(fresh: tuple[Server, str], open_page: Opened) -> None:
    server, key = fresh
    other = server.library.add(lw.trace(lw.load_model("edges"), "sample:cat"))
    page = open_page(url=server.link(key))
    _choose_picture(page)
    page.get_by_role("button", name=re.compile("sample:cat · edges")).click()
    _walks(page, "sample:cat", "edges")
    says(page, f"trace={other}")
