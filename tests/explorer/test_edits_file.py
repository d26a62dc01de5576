"""Edits saved from the page as a file, and taken from one."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

import layerwalk as lw
from explorer.conftest import Opened, Walks
from explorer.editing import WEIGHT, bar, in_address, link_of, settled
from explorer.sheet import drawn

EDITS = (
    lw.edit()
    .silence("relu_1_1", 2)
    .set_weight(WEIGHT, 0.5, at=(0, 0, 1, 1))
    .hide_patches((0, 0, 4, 4), (8, 8, 4, 6))
)
WORDS = tuple(map(str, EDITS))


def test_saved_and_read_by_python(open_page: Opened, walks: Walks, tmp_path: Path) -> None:
    _, key = walks("tiny_vgg")
    page = open_page(key, link_of(EDITS))
    settled(page, *WORDS)
    with page.expect_download() as download:
        bar(page).get_by_role("button", name="save").click()
    assert download.value.suggested_filename == "tiny_vgg-edits.json"
    file = tmp_path / "edits.json"
    download.value.save_as(file)
    assert lw.load_edits(file) == EDITS


def test_loaded_in_place_of_those_that_there_are(
    open_page: Opened, walks: Walks, tmp_path: Path
) -> None:
    _, key = walks("tiny_vgg")
    page = open_page(key, "op=relu_1_1&channel=2")
    drawn(page, "relu_1_1")
    file = EDITS.save(tmp_path / "edits.json")
    page.get_by_role("button", name="Share").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("menuitem", name="Load edits").click()
    chooser.value.set_files(file)
    settled(page, *WORDS)
    assert lw.Edits.of(in_address(page)) == EDITS
    expect(page.locator("main > .layer .statistics")).to_contain_text("zeros 100.0 %")
    load(page, lw.edit().silence("relu_1_2", 3).save(tmp_path / "other.json"))
    settled(page, "silence channel 3 of relu_1_2")
    bar(page).get_by_role("button", name="undo").click()
    settled(page, *WORDS)


def test_a_file_that_holds_none_is_told(open_page: Opened, walks: Walks, tmp_path: Path) -> None:
    _, key = walks("tiny_vgg")
    page = open_page(key, link_of(EDITS))
    settled(page, *WORDS)
    file = tmp_path / "notes.json"
    file.write_text("[]", encoding="utf-8")
    load(page, file)
    expect(page.get_by_text("notes.json: it holds no edits; choose one")).to_be_visible()
    settled(page, *WORDS)


def load(page: Page, file: Path) -> None:
    with page.expect_file_chooser() as chooser:
        bar(page).get_by_role("button", name="load").click()
    chooser.value.set_files(file)
