"""The page itself: what stands in it, its dialogs, its address, its states."""

from __future__ import annotations

from playwright.sync_api import expect

from explorer.conftest import Complaints, Opened, Walks
from explorer.link import says
from explorer.strip import card_button
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
    says(page, f"trace={key}")


def test_a_lost_server_is_told_once_and_asked_again(
    open_page: Opened, walks: Walks, complaints: Complaints
) -> None:
    _, key = walks("tiny_vgg")
    page = open_page(key, "op=conv_1_1&at=0,3,10,12")
    expect(page.locator("main > .cell .sums")).to_be_visible()
    page.context.set_offline(True)
    # The maps, the arithmetic, the receptive field and the scores are all asked for.
    card_button(page, "conv_2_2").click()
    page.get_by_role("button", name="how?").click()
    notice = page.get_by_text("does not answer")
    expect(notice).to_have_count(1)
    expect(notice).to_contain_text("asks again by itself")
    expect(page.get_by_role("button", name="Ask now")).to_have_count(1)
    expect(page.get_by_role("button", name="try again")).to_have_count(0)
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator("main > .layer h2")).to_have_text("conv_2_2")
    page.context.set_offline(False)
    # Nobody has to press anything.
    expect(notice).to_have_count(0)
    expect(page.locator("main > .layer .readout, main > .layer .statistics").first).to_be_visible()
    expect(page.locator("main > .cell")).to_contain_text("receptive field")
    expect(page.get_by_role("region", name="Prediction")).to_contain_text("exp(score")
    assert any("ERR_INTERNET_DISCONNECTED" in said for said in complaints)
    complaints.clear()


def test_a_page_without_a_server_waits_for_it(
    open_page: Opened, walks: Walks, complaints: Complaints
) -> None:
    _, key = walks("tiny_vgg")
    page = open_page(key)
    expect(page.get_by_role("region", name="Prediction")).to_be_visible()
    page.route("**/api/**", lambda route: route.abort())
    page.reload()
    expect(page.get_by_role("heading", name="Nobody answers")).to_be_visible()
    expect(page.get_by_text("does not answer")).to_have_count(1)
    page.unroute("**/api/**")
    page.get_by_role("button", name="Ask now").click()
    expect(page.get_by_role("region", name="Prediction").locator("tbody tr")).to_have_count(5)
    complaints.clear()
