from __future__ import annotations

from pathlib import Path

import pytest
import torch

from surfaces.commandline import CommandLine


@pytest.fixture(autouse=True)
def _files(tmp_path: Path) -> None:
    (tmp_path / "text.jpg").write_text("this is no picture\n")
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    (tmp_path / "bad.safetensors").write_bytes(b"nothing")
    (tmp_path / "leaves.py").write_text(
        "import sys\nfrom torch import nn\nclass A(nn.Conv2d):\n"
        "    def __init__(self):\n        super().__init__(3, 2, 3)\n"
        "    def forward(self, x):\n        super().forward(x)\n        sys.exit(7)\n"
        "class B(A):\n    def eval(self):\n        sys.exit(0)\n"
    )
    (tmp_path / "small.py").write_text(
        "from torch import nn\nclass A(nn.Sequential):\n"
        "    def __init__(self):\n        super().__init__(\n"
        "            nn.Conv2d(3, 2, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(2, 2, 7),\n"
        "            nn.Flatten(), nn.Linear(8, 2))\n"
    )
    (tmp_path / "gone.py").write_text("import sys\nsys.exit(0)\n")
    (tmp_path / "taken.safetensors").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "layers").write_text("")
    torch.save({"c1.weight": torch.zeros(2)}, tmp_path / "other.pth")
    (tmp_path / "net.py").write_text("import torch\n\nraise RuntimeError('no luck')\n")
    (tmp_path / "two.py").write_text(
        "from torch import nn\nclass A(nn.ReLU): ...\nclass B(nn.ReLU): ...\n"
    )
    (tmp_path / "relu.py").write_text("from torch import nn\nclass A(nn.ReLU): ...\n")
    (tmp_path / "grey.py").write_text(
        "from torch import nn\nclass A(nn.Conv2d):\n"
        "    def __init__(self):\n        super().__init__(1, 2, 3)\n"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("show nope.jpg", "nope.jpg: there is no such file"),
        ("show text.jpg", "text.jpg: this is a text, not a picture"),
        ("show empty.png", "empty.png: "),
        ("show folder", "folder: "),
        ("show sample:unicorn", "sample:unicorn: there is no such sample"),
        ("show sample:cat -m lenet", "lenet: "),
        ("show sample:cat -m nope.py:Net", "nope.py: there is no such file"),
        ("show sample:cat -m net.py:Net", "net.py:3: the file failed with RuntimeError: no luck"),
        ("show sample:cat -m two.py", "two.py: the file defines 2 networks (A, B)"),
        ("show sample:cat -m relu.py:A", "relu.py:A: nothing is known about the pictures it takes"),
        ("show sample:cat -m nope.pt2", "nope.pt2: there is no such file"),
        ("show sample:cat -m lenet5 --weights nope.pth", "nope.pth: there is no such weights file"),
        ("show sample:cat -m lenet5 --weights x", "the weights 'x' are neither a file nor"),
        ("show sample:cat -m lenet5 --weights bad.safetensors", "bad.safetensors: it is not"),
        ("show sample:cat -m lenet5 --weights other.pth", "other.pth: the weights do not fit"),
        ("show sample:cat -m tiny_vgg --mean 1,2", "mean (1.0, 2.0) is not one number for each"),
        ("show sample:cat -m tiny_vgg --std 0", "std is 0.0"),
        ("show sample:cat -m tiny_vgg --std 1,x,3", "--std: '1,x,3' are no numbers"),
        ("show sample:cat -m tiny_vgg --channels 1", "it takes 3-channel pictures"),
        ("show sample:cat -m tiny_vgg --channels 2", "pictures have 1 or 3 channels, not 2"),
        ("show sample:cat -m tiny_vgg --input-size big", "--input-size: 'big' is no size"),
        ("show sample:cat -m tiny_vgg --labels nope.txt", "nope.txt: the class names cannot be"),
        ("show sample:cat -m tiny_vgg --out text.jpg", "text.jpg: this is a file"),
        ("show sample:cat -m tiny_vgg --out text.jpg/x", "text.jpg is a file"),
        ("show sample:cat -m tiny_vgg --top 0", "Invalid value for '--top'"),
        ("show sample:cat --layers none", "--layers is for what --out writes, and --out is not gi"),
        ("show sample:cat --detail half", "--detail is for what --out writes, and --out is not g"),
        ("show sample:cat -o out --port 80", "--port is for the explorer, which --out does not op"),
        ("show sample:cat -o out --no-browser", "--no-browser is for the explorer, which --out"),
        ("show sample:cat --port 70000", "Invalid value for '--port'"),
        ("serve --host no-such-host.invalid", "--host: this machine knows no host 'no-such-host."),
        ("serve --memory 0", "Invalid value for '--memory'"),
        ("serve nope.jpg", "nope.jpg: there is no such file"),
        ("serve bad.safetensors", "bad.safetensors: this is not a safetensors file"),
        ("serve sample:cat -m nope.py:Net", "nope.py: there is no such file"),
        ("show sample:cat --detail none", "Invalid value for '--detail'"),
        ("show sample:cat --layers some", "Invalid value for '--layers'"),
        ("show sample:cat --channels three", "Invalid value for '--channels'"),
        ("show", "Missing argument 'IMAGE'"),
        ("show sample:cat sample:dog", "unexpected extra argument"),
        ("show sample:cat --modle x", "No such option: --modle"),
        ("shwo sample:cat", "No such command 'shwo'"),
        ("figures edges", "Missing argument 'IMAGE'"),
        ("figures edges sample:cat --format gif", "Invalid value for '--format'"),
        ("show sample:cat -m grey.py:A --input-size 32 --channels 3", "expected input"),
        ("show sample:cat -m leaves.py:A --input-size 8", "leaves.py:A: its code ended the pro"),
        ("trace sample:cat -m leaves.py:B --input-size 8", "leaves.py:B: its code ended the pr"),
        ("show sample:cat -m gone.py:A", "gone.py:2: the file ended the program while it was"),
        ("show sample:cat -m edges --input-size 99999", "--input-size 99999 is too large for it"),
        ("show sample:cat -m small.py:A --input-size 2", "give a larger --input-size than 2"),
        ("trace sample:cat -m nope -o taken.safetensors", "taken.safetensors: this is a folder"),
        ("show sample:cat -m nope -o full", "layers: this is a file, and a folder"),
        ("figures nope sample:cat -o full", "layers: this is a file, and a folder"),
    ],
)
def test_one_sentence_and_status_2(layerwalk: CommandLine, words: str, said: str) -> None:
    assert said in layerwalk.failed(*words.split())


def test_a_picture_too_small_for_the_network_keeps_what_was_walked(
    layerwalk: CommandLine, tmp_path: Path
) -> None:
    ended = layerwalk("show", "sample:cat", "-m", "small.py:A", "--input-size", "8", "-o", "out")
    assert ended.status == 2
    assert ended.sentence() == (
        "3 (conv2d): Calculated padded input size per channel: (3 x 3). Kernel size: "
        "(7 x 7). Kernel size can't be greater than actual input size; the picture is too small "
        "for this network: give a larger --input-size than 8; the network stopped there, and "
        "the 3 ops before it were kept."
    )
    assert (tmp_path / "out" / "trace.safetensors").is_file()


def test_a_size_that_does_not_fit_the_last_layer(layerwalk: CommandLine) -> None:
    ended = layerwalk("trace", "sample:cat", "-m", "small.py:A", "--input-size", "32")
    assert ended.status == 2
    assert "it may not fit --input-size 32: try another, or leave it out;" in ended.sentence()


def test_nothing_is_left_behind(layerwalk: CommandLine, tmp_path: Path) -> None:
    before = set(tmp_path.rglob("*"))
    layerwalk.failed("show", "sample:cat", "--model", "no such network")
    layerwalk.failed("figures", "no such network", "sample:cat")
    layerwalk.failed("trace", "sample:cat", "--model", "no such network")
    assert set(tmp_path.rglob("*")) == before


def test_with_debug_the_traceback_comes_first(layerwalk: CommandLine) -> None:
    ended = layerwalk("--debug", "show", "nope.jpg")
    assert ended.status == 2
    assert ended.err.startswith("Traceback")
    assert ended.err.splitlines()[-1].startswith("error: nope.jpg: ")


def test_the_environment_asks_for_debug(
    layerwalk: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAYERWALK_DEBUG", "1")
    assert layerwalk("show", "nope.jpg").err.startswith("Traceback")


def test_a_fault_of_ours_is_told_as_one(
    layerwalk: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("layerwalk.surfaces.cli.show.walk", broken)
    ended = layerwalk("show", "sample:cat", "--out", "out")
    assert ended.status == 1
    assert ended.sentence() == (
        "this is a fault of layerwalk (ZeroDivisionError: division by zero); "
        "LAYERWALK_DEBUG=1 before the command shows where."
    )


def test_an_interrupt_ends_with_130(
    layerwalk: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("layerwalk.surfaces.cli.show.walk", interrupted)
    ended = layerwalk("show", "sample:cat", "--out", "out")
    assert ended.status == 130
    assert "Traceback" not in ended.err


def test_warnings_of_other_packages_are_not_shown(layerwalk: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "loud.py").write_text(
        "import logging, warnings\nfrom torch import nn\n"
        "class A(nn.Conv2d):\n"
        "    def __init__(self):\n        super().__init__(3, 2, 3)\n"
        "    def forward(self, x):\n"
        "        warnings.warn('loud')\n        logging.getLogger('x').error('louder')\n"
        "        return super().forward(x)\n"
    )
    layerwalk.done("show", "sample:cat", "-m", "loud.py:A", "--input-size", "16", "-o", "out")
