from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from layerwalk.data.sets import load_data, measure
from layerwalk.surfaces.cli.data import DataChoice
from layerwalk.surfaces.server.server import Server
from layerwalk.surfaces.wire import DataCard
from surfaces.commandline import CommandLine

FORTY = load_data("mnist").subset(range(40))
# Their middles: to print every level of a whole digit takes seconds.
LEVELS = FORTY.pictures(range(40))[:, 10:18, 10:18]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The middles of forty digits, in the folder where the command runs."""
    np.savez(tmp_path / "small.npz", images=LEVELS, labels=FORTY.labels)
    return tmp_path / "small.npz"


@pytest.mark.usefixtures("small")
def test_a_set_in_numbers_and_pictures(layerwalk: CommandLine, tmp_path: Path) -> None:
    ended = layerwalk.done("data", "small.npz", "--index", "3", "--count", "4", columns=80)
    found = measure(load_data((LEVELS, FORTY.labels)))
    lines = ended.lines
    assert lines[0] == "  data      small.npz"
    assert "  pictures  40, 8 x 8 pixels, grey" in lines
    assert f"  mean      {found.mean[0]:.4f}   (on a scale where level 255 is 1)" in lines
    assert f"  std       {found.std[0]:.4f}" in lines
    least, most = min(found.counts), max(found.counts)
    assert f"  classes   10, {least} to {most} pictures each" in lines
    first = lines.index("  class  pictures   share") + 1
    rows = [line.split() for line in lines[first : first + 10]]
    assert [int(row[1]) for row in rows] == list(found.counts)
    assert [len(row[3]) == 28 for row in rows] == [count == most for count in found.counts]
    names = ["balance.png", "examples.png", "means.png", "pixels.png"]
    assert sorted(file.name for file in (tmp_path / "data-small").iterdir()) == names
    for name in names:
        with Image.open(tmp_path / "data-small" / name) as picture:
            picture.verify()
    assert "Written to data-small:" in lines
    assert lines[-1] == "  pixels.png    every level of picture 3"
    assert max(map(len, lines)) <= 80


@pytest.mark.usefixtures("small")
def test_json_draws_nothing_unless_told(layerwalk: CommandLine, tmp_path: Path) -> None:
    said = json.loads(layerwalk.done("data", "small.npz", "--json").out)
    found = measure(load_data((LEVELS, FORTY.labels)))
    assert (said["name"], said["pictures"], said["white"]) == ("small.npz", 40, 255)
    assert (said["mean"], said["std"]) == (list(found.mean), list(found.std))
    assert said["sizes"] == [{"height": 8, "width": 8, "pictures": 40}]
    assert [one["pictures"] for one in said["classes"]] == list(found.counts)
    assert not (tmp_path / "data-small").exists()
    layerwalk.done("data", "small.npz", "--json", "--out", "there")
    assert (tmp_path / "there" / "means.png").is_file()


@pytest.mark.usefixtures("small")
def test_show_serves_the_set(
    layerwalk: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[DataCard] = []

    def wait(server: Server) -> None:
        seen.extend(server.library.data.cards())
        raise KeyboardInterrupt

    monkeypatch.setattr(Server, "wait", wait)
    ended = layerwalk.done("data", "small.npz", "--show", "--no-browser", columns=80)
    assert (seen[0].name, seen[0].pictures, seen[0].classes) == ("small.npz", 40, 10)
    assert ended.lines[0] == "  data      small.npz"
    assert re.search(rf"The explorer is at http://[^/]+/#token=[^&]+&data={seen[0].id}", ended.out)
    assert not (tmp_path / "data-small").exists()
    said = layerwalk.failed("data", "small.npz", "--show", "--json")
    assert said == "--show serves a page, and --json does not; leave one out."


def test_a_folder_of_photos(layerwalk: CommandLine, tmp_path: Path) -> None:
    rows, columns = np.mgrid[0:8, 0:5]
    colour = np.stack([rows, columns, rows], axis=-1).astype(np.uint8)
    for name, pixels in (("ant/1.png", colour), ("ant/2.png", colour[:4]), ("bee/1.png", rows)):
        (tmp_path / "photos" / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels.astype(np.uint8)).save(tmp_path / "photos" / name)
    lines = layerwalk.done("data", "photos/", columns=80).lines
    assert "  pictures  3, 5 x 4 to 5 x 8 pixels (2 sizes), 1 grey and 2 in colour" in lines
    drawn = {file.name for file in (tmp_path / "data-photos").iterdir()}
    assert "means.png" not in drawn, "there is no mean of pictures of several sizes"
    assert "pixels-red.png" in drawn


def test_many_classes_are_cut_for_people_and_whole_for_programs(
    layerwalk: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layerwalk.surfaces.cli.data.data_pictures", lambda *_, **__: [])
    names = np.array([f"class number {at:02} with a long name of its own" for at in range(30)])
    np.savez(tmp_path / "many.npz", images=np.zeros((30, 2, 2), np.uint8), labels=names)
    person = layerwalk.done("data", "many.npz", columns=60)
    assert "  and 10 more; --json prints all" in person.lines
    assert max(map(len, person.lines)) <= 100
    pipe = layerwalk.done("data", "many.npz")
    assert sum(line.startswith("  class number") for line in pipe.lines) == 30


@pytest.mark.parametrize("columns", [80, None])
def test_the_list_of_sets(layerwalk: CommandLine, columns: int | None) -> None:
    lines = layerwalk.done("data", columns=columns).lines
    assert [line.split()[0] for line in lines[1:5]] == [
        "mnist",
        "digits",
        "fashion-mnist",
        "cifar10",
    ]
    assert lines[1].endswith("comes with Layerwalk")
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("mnst",), "there is no data set 'mnst'; did you mean mnist?"),
        (("no/where.npz",), "no/where.npz: there is no such file or folder"),
        (("mnist", "--index", "10000"), "mnist: there is no picture 10000; its 10,000 have"),
        (("mnist", "--split", "test"), "mnist: it has no part 'test'"),
        (("mnist", "--folder", "no"), "no: there is no such folder"),
        (("mnist", "--full"), "mnist: it is not on this machine, and the Hub cannot"),
        (("mnist", "--count", "0"), "Invalid value for '--count'"),
        (("empty",), "empty: the folder holds no picture"),
        (("mnist", "--out", "file"), "file: this is a file"),
    ],
)
def test_what_cannot_be_used(
    layerwalk: CommandLine, tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    assert layerwalk.failed("data", *words).startswith(sentence)
    assert {path.name for path in tmp_path.iterdir()} == {"empty", "file"}


def test_a_broken_picture_is_named(layerwalk: CommandLine, tmp_path: Path) -> None:
    for name in ("a/1.png", "b/2.png"):
        (tmp_path / "set" / name).parent.mkdir(parents=True)
        Image.new("L", (3, 3)).save(tmp_path / "set" / name)
    (tmp_path / "set" / "b" / "2.png").write_bytes(b"")
    said = layerwalk.failed("data", "set")
    assert said.replace("\\", "/") == "set/b/2.png: the file is empty; copy or download it again."


def test_a_choice_is_load_datas(small: Path) -> None:
    data = DataChoice(str(small), image="images", label="labels").load()
    assert len(data) == 40
