"""The strip of the walk: its cards, where they stand, and what they lead to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

_CARDS = """strip => {
    const frame = strip.getBoundingClientRect();
    return [...strip.querySelectorAll("button[data-node]")].map(button => {
        const box = button.getBoundingClientRect();
        return {
            name: button.querySelector(".unseen").textContent.split(",")[0],
            x: box.x - frame.x, y: box.y - frame.y, width: box.width, height: box.height,
            right: frame.width, bottom: frame.height,
            heading: button.getAttribute("aria-expanded") === "true",
            current: button.getAttribute("aria-current") === "step",
            focused: button === document.activeElement,
        };
    });
}"""


@dataclass(frozen=True)
class Card:
    """A card or heading of the strip: its place is told from the strip's upper left corner."""

    name: str
    x: float
    y: float
    width: float
    height: float
    right: float
    bottom: float
    heading: bool
    current: bool
    focused: bool

    @property
    def in_view(self) -> bool:
        """Whether all of it lies in the strip's window."""
        across = self.x >= -1 and self.x + self.width <= self.right + 1
        return across and self.y >= -1 and self.y + self.height <= self.bottom + 1


def strip_of(page: Page) -> Locator:
    """The window that the strip scrolls in."""
    return page.locator("main > .walk .window")


def cards_of(page: Page) -> dict[str, Card]:
    """All cards and headings that exist, by name."""
    return {card["name"]: Card(**card) for card in strip_of(page).evaluate(_CARDS)}


def current_card(page: Page) -> Card:
    """The card of what is looked at."""
    found = [card for card in cards_of(page).values() if card.current]
    assert len(found) == 1
    return found[0]


def shows(page: Page, op: str) -> None:
    """The panels have come to show this op."""
    expect(page.locator("main > .layer h2")).to_have_text(op)


def card_button(page: Page, name: str) -> Locator:
    """A card or heading, by the beginning of its name."""
    return strip_of(page).get_by_role("button", name=re.compile(f"^{re.escape(name)}(,|$)"))


def step_to(page: Page, key: str, op: str, card: str = "") -> Card:
    """Press a key of the walk; the card that it led to has the focus and is in view."""
    page.keyboard.press(key)
    shows(page, op)
    expect(card_button(page, card or op)).to_be_focused()
    found = cards_of(page)[card or op]
    assert found.current
    assert found.in_view
    return found
