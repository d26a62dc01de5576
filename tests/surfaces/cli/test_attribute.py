from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

import layerwalk as lw
from layerwalk.record import Trace
from layerwalk.render.numerals import tell
from layerwalk.surfaces.cli.attribute import figure_of
from layerwalk.surfaces.target import parse_target
from surfaces.commandline import CommandLine

EDGES = ("attribute", "sample:cat", "-m", "edges", "--target", "relu:2")


def test_a_map_in_numbers_and_as_a_figure(
    layerwalk: CommandLine, tmp_path: Path, edges: Trace
) -> None:
    ended = layerwalk.done(*EDGES, "--method", "deeplift", columns=80)
    found = lw.attribute(edges, "deeplift", ("relu", 2))
    assert "  target    relu channel 2" in ended.lines
    assert f"  score     {tell(found.score)}" in ended.lines
    (row,) = [line.split() for line in ended.lines if line.startswith("  deeplift")]
    assert row[1:] == [tell(found.total), tell(found.residue or 0), "300x451"]
    assert max(map(len, ended.lines)) <= 80
    with Image.open(tmp_path / "attribution-cat.png") as drawn:
        assert drawn.width > 1000


def test_all_methods_beside_each_other(layerwalk: CommandLine, tmp_path: Path) -> None:
    options = ("--method", "all", "--target", "4", "--steps", "4", "--op", "c3", "-o", "all.svg")
    ended = layerwalk("attribute", "sample:digits/3", "-m", "lenet5", *options)
    assert ended.status == 0
    rows = {words[0]: words[1:] for line in ended.lines if (words := line.split())}
    assert rows["feature_ablation"] == ["-", "-", "28x28"]
    assert any(line.endswith("10x10 of c3") for line in ended.lines)
    # It has no ReLU, and that is said.
    assert "note: guided_backprop is left out: lenet5: guided backprop changes what" in ended.err
    assert not any(line.startswith("  guided") for line in ended.lines)
    assert (tmp_path / "all.svg").stat().st_size > 10_000


def test_the_figure_calls_the_methods_by_their_names() -> None:
    trace = lw.trace(lw.load_model("lenet5"), "sample:digits/3")
    found = [lw.attribute(trace, name, 4) for name in ("input_x_gradient", "grad_cam")]
    figure = figure_of(trace, found)
    said = [text.get_text() for text in figure.texts]
    assert {"What mattered to “4”", "input \N{MULTIPLICATION SIGN} gradient", "Grad-CAM"} <= set(
        said
    )


def test_channels_of_an_op(layerwalk: CommandLine, tmp_path: Path) -> None:
    options = ("--method", "feature_ablation", "--op", "c3", "--target", "4", "-o", "c3.pdf")
    ended = layerwalk.done("attribute", "sample:digits/3", "-m", "lenet5", *options)
    trace = lw.trace(lw.load_model("lenet5"), "sample:digits/3")
    found = lw.attribute(trace, "feature_ablation", 4, op="c3")
    start = ended.lines.index("  what the score loses without a channel of c3, the most first:")
    listed = [int(line.split()[0]) for line in ended.lines[start + 1 : start + 17]]
    assert listed == found.ranked()
    assert (tmp_path / "c3.pdf").is_file()


def test_weights_shuffled(layerwalk: CommandLine, tmp_path: Path, edges: Trace) -> None:
    edges.save(tmp_path / "cat.safetensors")
    options = ("--method", "saliency", "--target", "relu:2", "--check")
    ended = layerwalk.done("attribute", "cat.safetensors", *options, columns=80)
    assert "With shuffled weights:" in ended.lines
    assert any(line.startswith("  saliency ") and ":" in line for line in ended.lines)
    assert max(map(len, ended.lines)) <= 80


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--method", "shap"), "attribute: there is no method 'shap'"),
        (("--method", "saliency", "--steps", "9"), "saliency: it takes no steps"),
        (("--target", "relu:7"), "relu: there is no channel 7; it has 4, from 0."),
        (("--baseline", "grey"), "--baseline: 'grey' is no number; give one, or mean."),
        (("--window", "900", "--method", "occlusion"), "window: 900 is no window within 300x451"),
        (("-o", "a.gif"), "a.gif: --out writes no .gif"),
        (("-o", "no/a.png"), "no/a.png: there is no folder no"),
    ],
)
def test_what_is_refused(layerwalk: CommandLine, options: tuple[str, ...], said: str) -> None:
    assert layerwalk.failed(*EDGES, *options).startswith(said)


def test_no_classes_to_choose_from(layerwalk: CommandLine) -> None:
    said = layerwalk.failed("attribute", "sample:cat", "-m", "edges")
    assert "holds no class scores" in said
    assert said.endswith('aim at an op\'s channel: ("pool", 0); in a command pool:0.')


def test_a_target_is_a_class_unless_an_op_has_its_name(edges: Trace) -> None:
    assert parse_target(edges, "relu:2") == ("relu", 2)
    assert parse_target(edges, "tabby: grey") == "tabby: grey"
    assert parse_target(edges, "cat:3") == "cat:3"
    assert parse_target(edges, None) is None
