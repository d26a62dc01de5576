"""The report's HTML: the page's script and style, the sheet, and the numbers."""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Callable, Generator, Iterable

from layerwalk.surfaces.page_files import page_file

__all__ = ["html_of"]


def html_of(
    title: str, numbers: Iterable[tuple[str, str]], sheet: Callable[[], bytes]
) -> Generator[bytes]:
    """The file, in parts, as they are asked for.

    Nothing of it comes from elsewhere, and its own policy forbids everything but the one
    script and the one style sheet that it was written with.

    Parameters
    ----------
    title
        What the browser's tab says; any text.
    numbers
        Names and texts of the script elements with the numbers.
    sheet
        Gives the :class:`~layerwalk.surfaces.wire.ReportSheet` as JSON, when the numbers are
        written: it says how far off they are.

    Raises
    ------
    FileError
        The explorer's page has not been built; at once.
    """
    script = page_file("whole.js").replace("</script", "<\\/script")
    style = page_file("explorer.css").replace("</style", "<\\/style")
    return _parts(title, numbers, sheet, script, style)


def _parts(
    title: str,
    numbers: Iterable[tuple[str, str]],
    sheet: Callable[[], bytes],
    script: str,
    style: str,
) -> Generator[bytes]:
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {_hash(script)}",
            f"style-src {_hash(style)}",
            "img-src data: blob:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    yield (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{html.escape(title)}</title>\n"
        '<link rel="icon" href="data:,">\n'
        f"<style>{style}</style>\n</head>\n<body>\n"
        '<div data-layerwalk="report"></div>\n'
        "<noscript>This report is a program in one file: switch JavaScript on.</noscript>\n"
    ).encode(errors="replace")  # a file's name may hold what is no text
    for name, text in numbers:
        yield f'<script type="application/octet-stream" id="{name}">{text}</script>\n'.encode()
    # In a script element only "<" could end it; in JSON it can be written otherwise.
    yield b'<script type="application/json" id="layerwalk-sheet">'
    yield sheet().replace(b"<", b"\\u003c")
    yield b"</script>\n"
    yield f'<script type="module">{script}</script>\n</body>\n</html>\n'.encode()


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
