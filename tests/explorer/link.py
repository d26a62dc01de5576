"""What the page writes into its address, which follows what is shown a moment later."""

from __future__ import annotations

from urllib.parse import unquote

from playwright.sync_api import Page


def says(page: Page, part: str) -> None:
    """Wait until the page's address says this."""
    page.wait_for_url(lambda url: part in unquote(url))


def keeps_quiet(page: Page, part: str) -> None:
    """Wait until the page's address says nothing of this."""
    page.wait_for_url(lambda url: part not in unquote(url))
