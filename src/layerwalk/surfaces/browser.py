"""The user's browser."""

from __future__ import annotations

import os
import sys
import webbrowser

__all__ = ["open_browser"]

# On Linux without one of these there is no screen, and what opens is a browser of letters that
# takes the terminal.
_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")


def open_browser(link: str) -> bool:
    """Whether the browser was told to open a link."""
    if sys.platform == "linux" and not any(os.environ.get(name) for name in _SCREENS):
        return False
    try:
        return webbrowser.open(link)
    except (webbrowser.Error, OSError):
        return False
