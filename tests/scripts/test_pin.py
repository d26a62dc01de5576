from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

import pin


def install(folder: Path, name: str, version: str, *requires: str) -> None:
    about = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    about.mkdir()
    lines = [f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {r}" for r in requires)]
    about.joinpath("METADATA").write_text("Metadata-Version: 2.1\n" + "\n".join(lines) + "\n")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("sys.path", [str(tmp_path)])
    install(
        tmp_path,
        "house",
        "0.1",
        "Roof_Tile>=1",
        'paint[red]>=2; extra == "dev"',
        'gold; extra == "bench"',
        'elsewhere; sys_platform == "never"',
    )
    install(tmp_path, "roof-tile", "1.5+cpu", "nail")
    install(tmp_path, "nail", "3.0.1", "roof-tile")
    install(tmp_path, "paint", "2.2", 'red-pigment; extra == "red"', 'blue; extra == "blue"')
    install(tmp_path, "red-pigment", "7")
    return tmp_path


def test_only_what_is_needed_is_pinned_without_local_tags(site: Path) -> None:
    assert pin.closure("house", frozenset()) == {"nail": "3.0.1", "roof-tile": "1.5"}


def test_extras_bring_what_they_need(site: Path) -> None:
    assert pin.closure("house", frozenset({"dev"})) == {
        "nail": "3.0.1",
        "paint": "2.2",
        "red-pigment": "7",
        "roof-tile": "1.5",
    }


def test_a_missing_package_is_an_error(site: Path) -> None:
    with pytest.raises(PackageNotFoundError, match="gold"):
        pin.closure("house", frozenset({"bench"}))
