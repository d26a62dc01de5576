"""What tests of edits do and look at, on a page with edits."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64encode
from typing import Any

import numpy as np
from playwright.sync_api import Locator, Page, expect

import layerwalk as lw
from explorer.sheet import go, looks
from layerwalk.record import Trace

CONV = "op=conv_1_1&at=0,3,20,20"
WEIGHT = "conv_1_1.weight"


def link_of(edits: lw.Edits) -> str:
    """The edits as they stand in an address."""
    text = json.dumps(edits.plain()).encode()
    return f"edits={urlsafe_b64encode(text).decode().rstrip('=')}"


def in_address(page: Page) -> list[Any]:
    found: list[Any] = page.evaluate(
        "JSON.parse(atob((new URLSearchParams(location.hash.slice(1)).get('edits') ?? 'W10')"
        ".replaceAll('-', '+').replaceAll('_', '/')))"
    )
    return found


def bar(page: Page) -> Locator:
    return page.get_by_role("region", name="Edits")


def settled(page: Page, *words: str) -> None:
    """Wait until these are the edits, and the walk with them is shown."""
    lines = bar(page).get_by_role("listitem")
    expect(lines).to_have_text([re.compile(f"^{re.escape(one)}") for one in words])
    expect(bar(page)).to_have_attribute("aria-busy", "false")


def kernel_cell(page: Page, row: int, column: int) -> Locator:
    return page.get_by_role("spinbutton", name=f"kernel, row {row}, column {column}", exact=True)


def show_side(page: Page, side: str) -> None:
    bar(page).get_by_role("button", name=side, exact=True).click()


def with_edits(page: Page, number: float) -> None:
    """Wait until the panel of the number tells this one."""
    shown = page.locator("main > .cell").get_by_text("with them").locator("b")
    spelled = f"{number:.7g}".replace("-", "\N{MINUS SIGN}")
    expect(shown).to_have_text(re.compile(f"^{re.escape(spelled)}0*$"))


def shown_channel(page: Page) -> int:
    """The input channel of the kernel that is drawn."""
    found = re.search(r"window of channel (\d+)", page.locator("main > .cell").inner_text())
    assert found is not None
    return int(found[1])


def same_numbers(page: Page, key: str, trace: Trace, ops: tuple[str, ...], seed: int = 0) -> None:
    """Every number that is pointed at is that of the trace."""
    page.evaluate("scrollTo(0, 0)")
    for op in ops:
        go(page, key, op, kept_id(page))
        values = trace[op].array()[0]
        for seen in looks(page, 6, seed):
            np.testing.assert_allclose(seen.number, values[seen.at], rtol=1e-6, atol=1e-30)


def kept_id(page: Page) -> str:
    """What of the address says the edits, for going elsewhere with them."""
    said = dict(part.split("=", 1) for part in page.url.partition("#")[2].split("&"))
    return "&".join(f"{name}={said[name]}" for name in ("edits", "side") if name in said)
