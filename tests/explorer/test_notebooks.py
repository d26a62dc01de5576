"""The explorer in the cells of real notebooks."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.slow

_CODE = """
import layerwalk as lw
trace = lw.trace(lw.load_model("tiny_vgg", weights="none"), "sample:dog")
trace.show()
""".strip()
_PATIENCE = 120_000


@contextmanager
def _running(command: list[str], url: str, folder: Path) -> Iterator[None]:
    """A notebook's server, once it answers."""
    homes = {name: str(folder) for name in ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")}
    with (folder / "log.txt").open("w") as log:
        process = subprocess.Popen(  # noqa: S603 - the notebooks' own programs
            [sys.executable, "-m", *command],
            cwd=folder,
            env={**os.environ, **homes},
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        try:
            _wait_for(url, process, folder / "log.txt")
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"it ended with {process.returncode}: {log.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - on this machine
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.3)
    pytest.fail(f"nobody answers at {url}: {log.read_text()[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _walk_through(page: Page) -> None:
    """What a reader does first: see the classes, choose a layer, see its numbers."""
    expect(page.get_by_role("heading", name="Prediction")).to_be_visible(timeout=_PATIENCE)
    expect(page.get_by_role("region", name="Prediction").locator("tbody tr")).to_have_count(5)
    page.get_by_role("region", name="Prediction").get_by_role("button").nth(1).click()
    expect(page.get_by_text("recorded").first).to_be_visible()


@contextmanager
def _jupyterlab(browser: Browser, folder: Path, *sources: str) -> Iterator[Page]:
    """A notebook of these cells in JupyterLab."""
    if find_spec("jupyterlab") is None:
        pytest.skip("jupyterlab is not installed: pip install jupyterlab")
    blank: dict[str, object] = {"cell_type": "code", "metadata": {}, "outputs": []}
    cells = [
        {**blank, "source": source, "execution_count": None, "id": f"cell-{k}"}
        for k, source in enumerate(sources)
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    (folder / "walk.ipynb").write_text(json.dumps(notebook))
    port = _free_port()
    command = [
        "jupyterlab", "--no-browser", "--allow-root", f"--port={port}",
        "--ServerApp.port_retries=0", "--IdentityProvider.token=", "--ServerApp.password=",
        "--LabApp.news_url=None",
        f"--ServerApp.root_dir={folder}",
    ]  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    with _running(command, f"{url}/api", folder):
        context = browser.new_context(viewport={"width": 1280, "height": 1000})
        page = context.new_page()
        page.goto(f"{url}/lab/tree/walk.ipynb")
        yield page
        context.close()


def _run(page: Page, cell: int) -> None:
    """Run a cell that was not run yet, again if the page was too busy to hear of it."""
    expect(page.get_by_text("| Idle").first).to_be_attached(timeout=_PATIENCE)
    prompt = page.locator(".jp-CodeCell").nth(cell).locator(".jp-InputPrompt")
    for _ in range(6):
        prompt.click(timeout=_PATIENCE)
        page.keyboard.press("Control+Enter")
        for _ in range(50):
            if prompt.inner_text() != "[ ]:":
                return
            page.wait_for_timeout(100)
    pytest.fail(f"cell {cell} does not run")


def test_jupyterlab(browser: Browser, tmp_path: Path) -> None:
    with _jupyterlab(browser, tmp_path, _CODE) as page:
        _run(page, 0)
        _walk_through(page)


def test_a_kernel_that_is_gone(browser: Browser, tmp_path: Path) -> None:
    with _jupyterlab(browser, tmp_path, _CODE, "import os; os._exit(1)") as page:
        _run(page, 0)
        _walk_through(page)
        _run(page, 1)
        # JupyterLab tells of it in a dialog, before which any open menu closes.
        page.get_by_role("dialog").get_by_role("button", name="Ok").click(timeout=_PATIENCE)
        page.get_by_role("button", name="Share").click()
        page.get_by_role("menuitem", name="Save report").click()
        silent = page.get_by_text("The notebook's kernel does not answer").first
        expect(silent).to_be_attached()
        expect(silent).to_contain_text("If it was started anew, run this cell again.")


def test_marimo(browser: Browser, tmp_path: Path) -> None:
    if find_spec("marimo") is None:
        pytest.skip("marimo is not installed: pip install marimo")
    body = "\n".join(f"    {line}" for line in _CODE.splitlines())
    (tmp_path / "walk.py").write_text(
        f"import marimo\n\napp = marimo.App()\n\n\n@app.cell\ndef _():\n{body}\n    return\n\n\n"
        'if __name__ == "__main__":\n    app.run()\n'
    )
    port = _free_port()
    command = [
        "marimo", "run", "walk.py", "--headless", "--no-token", "--port", str(port),
        "--host", "127.0.0.1",
    ]  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    with _running(command, url, tmp_path):
        context = browser.new_context(viewport={"width": 1280, "height": 1000})
        page = context.new_page()
        page.goto(url)
        _walk_through(page)
        context.close()
