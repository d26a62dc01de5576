"""The page itself: what stands in it, its dialogs, its address, its states."""

from __future__ import annotations

from playwright.sync_api import expect

from explorer.conftest import Opened, Walks
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.server.server import Server


def test_it_opens_with_the_prediction_of_the_network(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("efficientnet_lite0")
    page = open_page(key)
    expect(page).to_have_title(f"{trace.photo.name} · efficientnet_lite0 · Layerwalk")  # type: ignore[union-attr]
    rows = page.get_by_role("table", name="The most probable classes").locator("tbody tr")
    expect(rows).to_have_count(5)
    for row, (label, chance) in zip(rows.all(), trace.top(5), strict=True):
        expect(row).to_contain_text(label)
        expect(row).to_contain_text(f"{100 * chance:.1f} %" if chance >= 0.0005 else "< 0.1 %")


def test_nothing_open_says_what_to_do(open_page: Opened) -> None:
    with Server(Library()) as server:
        page = open_page(url=server.link())
        expect(page.get_by_role("heading", name="No walk is open yet")).to_be_visible()
        page.get_by_role("button", name="Choose a picture").last.click()
        expect(page.get_by_role("dialog", name="Which picture?")).to_be_visible()
        page.close()  # before the server goes


def test_the_token_does_not_stay_in_the_address(open_page: Opened, walks: Walks) -> None:
    _, key = walks("edges")
    page = open_page(key)
    expect(page.get_by_role("button", name="Share")).to_be_visible()
    assert "token" not in page.url
    assert f"trace={key}" in page.url
