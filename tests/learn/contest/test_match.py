from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import layerwalk as lw
from layerwalk.data.sets import ArraySet
from layerwalk.errors import FileError, LearnError, ModelError
from layerwalk.learn.contest import DEFAULT_PLAN, RESULT_FILE, Stage, Versus, versus
from layerwalk.learn.contest.sweep import sizes

PLAN = replace(DEFAULT_PLAN, epochs=4, batch=32, held_out=100)


class Dense(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.hidden = nn.Linear(784, 32)
        self.out = nn.Linear(32, 10)

    def forward(self, x: Tensor) -> Tensor:
        return self.out(torch.relu(self.hidden(x.flatten(1))))  # type: ignore[no-any-return]


class Local(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 5, stride=2)
        self.deep = nn.Conv2d(8, 16, 5, stride=2)
        self.out = nn.Linear(256, 10)

    def forward(self, x: Tensor) -> Tensor:
        maps = torch.relu(self.deep(torch.relu(self.conv(x))))
        return self.out(maps.flatten(1))  # type: ignore[no-any-return]


def some(count: int = 500) -> lw.DataSet:
    return lw.load_data("mnist").subset(range(count))


Kept = tuple[Versus, list[Versus], list[Stage], Path]


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A dense and a local network on 400 digits, everything measured."""
    folder = tmp_path_factory.mktemp("versus") / "of"
    kept: list[Versus] = []
    told: list[Stage] = []
    found = versus(
        Dense(), Local(), some(), PLAN, out=folder, shifts=(-2, 0, 2), sweep=2, seconds=None,
        told=told.append, kept=kept.append,
    )  # fmt: skip
    return found, kept, told, folder


def test_what_they_are_is_counted(compared: Kept) -> None:
    found, *_ = compared
    dense, local = found.contestants
    assert (dense.name, local.name) == ("Dense", "Local")
    assert dense.parameters == 785 * 32 + 33 * 10
    assert dense.multiply_adds == 784 * 32 + 320
    assert local.multiply_adds == 12 * 12 * 8 * 25 + 4 * 4 * 16 * 200 + 2560
    assert [one.name for one in local.layers] == ["conv", "deep", "out"]
    assert local.layers[0].shape == (8, 12, 12)
    assert sum(one.parameters for one in local.layers) == local.parameters
    assert dense.first is not None
    assert local.first is not None
    assert (dense.first.connections, dense.first.weights) == (784 * 32, 784 * 32)
    assert (local.first.connections, local.first.weights) == (12 * 12 * 8 * 25, 200)


def test_both_learned_from_the_same_pictures(compared: Kept) -> None:
    found, _, _, folder = compared
    assert (found.data, found.learned, found.held_out) == ("mnist", 400, 100)
    assert found.updates == 4 * 13
    runs = [lw.open_run(folder / one.run) for one in found.contestants]
    assert [run.description.state for run in runs] == ["finished", "finished"]
    assert runs[0].description.probe_labels == runs[1].description.probe_labels
    for run, one in zip(runs, found.contestants, strict=True):
        assert run.steps[-1] == found.updates
        assert one.accuracy == run.evaluation(found.updates).accuracy
        assert one.accuracy > 0.5


def test_pictures_that_are_not_moved_are_those_held_out(compared: Kept) -> None:
    found, *_ = compared
    assert found.shifts == (-2, 0, 2)
    for one in found.contestants:
        assert one.across[1] == one.down[1] == one.accuracy
        assert found.moved(one, 0) == one.accuracy
        assert found.moved(one, 2) == pytest.approx(
            (one.across[0] + one.across[2] + one.down[0] + one.down[2]) / 4
        )
        assert found.moved(one, 1) is None


def test_shuffling_costs_the_local_network_alone(compared: Kept) -> None:
    found, _, _, folder = compared
    dense, local = found.contestants
    assert dense.accuracy is not None
    assert local.accuracy is not None
    assert dense.shuffled is not None
    assert local.shuffled is not None
    lost = dense.accuracy - dense.shuffled, local.accuracy - local.shuffled
    assert abs(lost[0]) <= 0.1
    assert lost[1] > lost[0] + 0.05
    plain, mixed = (
        lw.open_run(folder / run).trace(0).inputs[0].array()
        for run in (local.run, local.shuffled_run)
    )
    assert (plain != mixed).any()
    np.testing.assert_array_equal(np.sort(plain, axis=None), np.sort(mixed, axis=None))


def test_the_sweep_has_each_network_at_its_own_and_other_sizes(compared: Kept) -> None:
    found, *_ = compared
    dense, local = (
        [point for point in found.sweep if point.network == one.name] for one in found.contestants
    )
    assert [point.factor for point in dense].count(1.0) == 1
    assert {point.factor for point in local} > {1.0}
    wanted = sizes((found.contestants[0].parameters, found.contestants[1].parameters), 2)
    for points in (dense, local):
        for size in wanted:
            assert any(abs(point.parameters - size) < 0.3 * size for point in points)
    assert not list(Path(compared[3]).glob("runs/*parameters*"))


def test_every_number_is_in_the_file_after_each_stage(compared: Kept) -> None:
    found, kept, told, folder = compared
    written = json.loads((folder / RESULT_FILE).read_text(encoding="utf-8"))
    assert written == json.loads(json.dumps(asdict(found)))
    assert kept[-1] == found
    assert kept[0].contestants[0].accuracy is None
    assert [one.contestants[0].shuffled is not None for one in kept] == sorted(
        one.contestants[0].shuffled is not None for one in kept
    )
    words = list(dict.fromkeys(stage.what for stage in told))
    assert words[:4] == ["walking Dense", "walking Local", "training Dense", "training Local"]
    assert all(0 <= stage.done <= stage.total for stage in told)


def test_printed_it_is_a_table_of_80_columns(compared: Kept) -> None:
    found, *_ = compared
    lines = str(found).splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[2].split() == ["Dense", "Local"]
    assert any(line.split() == ["weights", "25,088", "200"] for line in lines)
    (accuracy,) = (line for line in lines if line.startswith("accuracy"))
    assert accuracy.count("%") == 2


def test_it_is_the_same_again(tmp_path: Path) -> None:
    plan = replace(DEFAULT_PLAN, epochs=1, held_out=50)

    def once(name: str) -> Versus:
        return versus("mlp", Local(), some(200), plan, out=tmp_path / name, sweep=0, shifts=(1,))

    assert once("a") == once("b")


def test_what_is_named_starts_anew_and_what_is_passed_is_not_touched(tmp_path: Path) -> None:
    network = Local()
    before = {name: one.clone() for name, one in network.state_dict().items()}
    plan = replace(DEFAULT_PLAN, epochs=1, held_out=50)
    found = versus(
        network, network, some(200), plan, out=tmp_path / "a", sweep=0, shuffle=False, shifts=()
    )
    assert [one.name for one in found.contestants] == ["Local (1)", "Local (2)"]
    assert found.contestants[0].accuracy == found.contestants[1].accuracy
    assert found.contestants[0].across == ()
    for name, one in network.state_dict().items():
        assert torch.equal(one, before[name])


def test_networks_that_prepare_pictures_each_their_own_way(tmp_path: Path) -> None:
    plan = replace(DEFAULT_PLAN, epochs=1, held_out=20, probes=2)

    class Coloured(Local):
        def __init__(self) -> None:
            super().__init__()
            self.conv = nn.Conv2d(3, 8, 5, stride=3)
            self.out = nn.Linear(16 * 4 * 4, 10)

    coloured = lw.load_model(Coloured(), input_size=(40, 40), channels=3)
    found = versus(
        coloured, Local(), some(60), plan, out=tmp_path / "a", sweep=0, shuffle=False, shifts=(1,)
    )
    first = found.contestants[0].first
    assert first is not None
    assert first.each == 75
    assert found.contestants[0].layers[0].shape == (8, 12, 12)


def test_what_does_not_apply_is_told(tmp_path: Path) -> None:
    class Late(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.out = nn.Linear(784, 10)

        def forward(self, x: Tensor) -> Tensor:
            return self.out(torch.relu(x - 0.5).flatten(1))  # type: ignore[no-any-return]

    plan = replace(DEFAULT_PLAN, epochs=1, held_out=20)
    found = versus(
        Late(), Local(), some(100), plan, out=tmp_path / "a", sweep=1, shuffle=False, shifts=(),
        most=80, seconds=None,
    )  # fmt: skip
    assert found.contestants[0].first is None
    assert found.learned + found.held_out == 80
    told = " ".join(found.notes)
    assert "80 of the 100 pictures were taken" in told
    assert "Late: its first layer does not read the pixels: sub (sub) comes before." in told
    assert "first layer" in str(found)


def test_the_sweep_ends_in_time(tmp_path: Path) -> None:
    plan = replace(DEFAULT_PLAN, epochs=1, held_out=20)
    found = versus(Dense(), Local(), some(100), plan, out=tmp_path / "a", shuffle=False,
                   shifts=(), sweep=3, seconds=0.0)  # fmt: skip
    assert {point.factor for point in found.sweep} == {1.0}
    assert found.notes == ("the sweep stopped after 0 seconds, 0 of 6 sizes done.",)


@pytest.mark.parametrize(
    ("call", "kind", "sentence"),
    [
        (lambda out: versus("mlp", "lenet5", "mnist", sweep=-1, out=out), LearnError, "sweep -1"),
        (lambda out: versus(Dense(), nn.Conv2d(1, 4, 3), some(50), out=out), ModelError, "shape"),
        (lambda out: versus(Dense(), nn.Linear(3, 10), some(50), out=out), LearnError,
         "does not take pictures of shape"),
        (lambda out: versus(Dense(), nn.Sequential(nn.Flatten(), nn.Linear(784, 5)), some(50),
                            out=out), ModelError, "5 outputs"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared(
    tmp_path: Path, call: Callable[[Path], Versus], kind: type[Exception], sentence: str
) -> None:
    with pytest.raises(kind, match=sentence):
        call(tmp_path / "a")
    assert not (tmp_path / "a").exists()


def test_a_comparison_is_not_written_over_another(tmp_path: Path) -> None:
    (tmp_path / RESULT_FILE).write_text("{}")
    with pytest.raises(FileError, match="there is a comparison here already"):
        versus(Dense(), Local(), some(50), out=tmp_path)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError):
        versus(Dense(), Local(), some(50), out=tmp_path / "file" / "a")


def test_large_pictures_are_refused_before_memory_is_full(tmp_path: Path) -> None:
    pictures = np.zeros((10_000, 4, 4), np.uint8)
    data = ArraySet(pictures, np.arange(10_000) % 10, "small", tuple("0123456789"))
    with pytest.raises(lw.LayerwalkError, match="512 MB are kept"):
        versus("efficientnet_lite0", Local(), data, out=tmp_path / "a")
