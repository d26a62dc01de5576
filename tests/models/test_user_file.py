"""Networks from users' files of many shapes."""

from __future__ import annotations

import importlib
import random
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from torch import nn

from layerwalk.errors import ModelError
from layerwalk.models.user_file import load_user_module

PLAIN = """
    import torch
    from torch import nn

    class Net(nn.Module):
        def __init__(self, channels=4):
            super().__init__()
            self.conv = nn.Conv2d(3, channels, 3)

        def forward(self, x):
            return self.conv(x)
"""


def write(folder: Path, content: str, name: str = "net.py") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(content), encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def _untouched(tmp_path: Path) -> Iterator[None]:
    """Every test here also checks that nothing global has changed."""
    before = list(sys.path), list(sys.argv), dict(sys.modules), torch.get_rng_state()
    state = random.getstate()
    yield
    assert sys.path == before[0]
    assert sys.argv == before[1]
    changed = {name for name, module in before[2].items() if sys.modules.get(name) is not module}
    assert not changed
    files = {str(getattr(module, "__file__", "")) for module in sys.modules.values()}
    assert not [file for file in files if file.startswith(str(tmp_path))]
    assert not [name for name in sys.modules if "_layerwalk_file_" in name]
    assert torch.equal(torch.get_rng_state(), before[3])
    assert random.getstate() == state


def test_class(tmp_path: Path) -> None:
    module = load_user_module(write(tmp_path, PLAIN), "Net")
    assert module(torch.zeros(1, 3, 8, 8)).shape == (1, 4, 6, 6)


def test_same_weights_every_time(tmp_path: Path) -> None:
    path = write(tmp_path, PLAIN)
    first, second = load_user_module(path, "Net"), load_user_module(path, "Net")
    assert type(first) is not type(second)
    assert torch.equal(first.state_dict()["conv.weight"], second.state_dict()["conv.weight"])


def test_edited_file_is_read_again(tmp_path: Path) -> None:
    # The same length within the same second: a cached compilation would be taken.
    path = write(tmp_path, PLAIN)
    load_user_module(path, "Net")
    write(tmp_path, PLAIN.replace("channels=4", "channels=7"))
    assert load_user_module(path, "Net").state_dict()["conv.bias"].shape == (7,)


def test_only_network_of_a_file_needs_no_name(tmp_path: Path) -> None:
    assert type(load_user_module(write(tmp_path, PLAIN), "")).__name__ == "Net"


def test_several_networks_need_a_name(tmp_path: Path) -> None:
    path = write(tmp_path, PLAIN + "    class Other(Net):\n        pass\n")
    with pytest.raises(ModelError, match=r"defines 2 networks \(Net, Other\); say .* net\.py:Net"):
        load_user_module(path, "")
    with pytest.raises(ModelError, match="defines no network"):
        load_user_module(write(tmp_path, "from torch.nn import Linear\n"), "")


def test_factory_with_defaults(tmp_path: Path) -> None:
    path = write(tmp_path, PLAIN + "    def make(channels=5, *args, **options):\n"
                 "        return Net(channels)\n")  # fmt: skip
    assert load_user_module(path, "make").state_dict()["conv.bias"].shape == (5,)


def test_instance_with_forward_replaced(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        PLAIN
        + """
    net = Net()
    net.forward = lambda x: net.conv(x).relu()

    def make():
        made = Net()
        made.forward = lambda x: made.conv(x).relu()
        return made
""",
    )
    for target in ("net", "make"):
        output = load_user_module(path, target)(torch.zeros(1, 3, 8, 8)).detach()
        assert float(output.min()) == 0.0 < float(output.max())


def test_nested_name(tmp_path: Path) -> None:
    path = write(tmp_path, PLAIN + "    class zoo:\n        small = Net\n")
    assert type(load_user_module(path, "zoo.small")).__name__ == "Net"


def test_partial_of_a_class(tmp_path: Path) -> None:
    path = write(tmp_path, PLAIN + "    import functools\n    make = functools.partial(Net, 2)\n")
    assert load_user_module(path, "make").state_dict()["conv.bias"].shape == (2,)


def test_siblings_can_be_imported(tmp_path: Path) -> None:
    write(tmp_path, "from torch.nn import Conv2d as Layer\n", "layers.py")
    write(tmp_path, "from layers import Layer\n", "blocks/__init__.py")
    write(tmp_path, "size = 6\n", "plain/sizes.py")
    path = write(
        tmp_path,
        """
        from torch import nn
        import blocks, layers, plain.sizes

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                import layers as again
                assert again is layers
                self.conv = blocks.Layer(3, plain.sizes.size, 1)
        """,
    )
    assert load_user_module(path, "Net").state_dict()["conv.bias"].shape == (6,)
    assert not {"layers", "blocks", "plain", "plain.sizes"} & sys.modules.keys()


def test_two_folders_with_siblings_of_the_same_name(tmp_path: Path) -> None:
    for size in (2, 3):
        write(tmp_path / str(size), f"SIZE = {size}\n", "layers.py")
        path = write(
            tmp_path / str(size),
            "from torch import nn\nfrom layers import SIZE\n\ndef make():\n"
            "    return nn.Linear(SIZE, SIZE)\n",
        )
        assert load_user_module(path, "make").state_dict()["bias"].shape == (size,)


def test_sibling_beats_a_module_of_that_name_from_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a", "SIZE = 2\n", "layerwalk_test_sibling.py")
    write(tmp_path / "b", "SIZE = 3\n", "layerwalk_test_sibling.py")
    monkeypatch.syspath_prepend(str(tmp_path / "a"))
    elsewhere = importlib.import_module("layerwalk_test_sibling")
    path = write(
        tmp_path / "b",
        "from torch import nn\nfrom layerwalk_test_sibling import SIZE\n\ndef make():\n"
        "    return nn.Linear(SIZE, SIZE)\n",
    )
    assert load_user_module(path, "make").state_dict()["bias"].shape == (3,)
    assert sys.modules.pop("layerwalk_test_sibling") is elsewhere
    monkeypatch.undo()


def test_file_in_an_installed_package(tmp_path: Path) -> None:
    # What it imports is an installed package like any other, and stays.
    folder = tmp_path / "site-packages"
    write(folder, "SIZE = 4\n", "layerwalk_test_installed.py")
    write(folder, "raise ImportError('torch must not be loaded twice')\n", "torch.py")
    path = write(
        folder,
        "from torch import nn\nfrom layerwalk_test_installed import SIZE\n\ndef make():\n"
        "    return nn.Linear(SIZE, SIZE)\n",
    )
    assert load_user_module(path, "make").state_dict()["bias"].shape == (4,)
    assert sys.modules.pop("layerwalk_test_installed").SIZE == 4


def test_file_beside_one_called_torch(tmp_path: Path) -> None:
    write(tmp_path, "raise ImportError('torch must not be loaded twice')\n", "torch.py")
    assert type(load_user_module(write(tmp_path, PLAIN), "Net")).__name__ == "Net"


def test_file_of_a_package_imports_relatively(tmp_path: Path) -> None:
    write(tmp_path, "", "zoo/__init__.py")
    write(tmp_path, "SIZE = 9\n", "zoo/sizes.py")
    write(tmp_path, "", "zoo/nets/__init__.py")
    path = write(
        tmp_path,
        "from torch import nn\nfrom ..sizes import SIZE\n\ndef make():\n"
        "    return nn.Linear(SIZE, SIZE)\n",
        "zoo/nets/net.py",
    )
    assert load_user_module(path, "make").state_dict()["bias"].shape == (9,)
    assert not [name for name in sys.modules if name.partition(".")[0] == "zoo"]


def test_arguments_at_import_are_not_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(
        tmp_path,
        """
        import argparse, sys
        from torch import nn
        parser = argparse.ArgumentParser()
        parser.add_argument("--width", type=int, default=3)
        arguments = parser.parse_args()
        argv = list(sys.argv)

        def make():
            assert argv == [__file__], argv
            return nn.Linear(arguments.width, 1)
        """,
    )
    monkeypatch.setattr(sys, "argv", ["layerwalk", "show", "--width", "80", "--unknown"])
    assert load_user_module(path, "make").state_dict()["weight"].shape == (1, 3)
    assert sys.argv == ["layerwalk", "show", "--width", "80", "--unknown"]
    monkeypatch.undo()


def test_obligatory_arguments_at_import(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(
        tmp_path,
        """
        import argparse
        parser = argparse.ArgumentParser()
        parser.add_argument("data")
        parser.parse_args()
        """,
    )
    with pytest.raises(ModelError, match=r"net\.py:5: the file ended the program .* status 2\)"):
        load_user_module(path, "Net")
    assert "data" in capsys.readouterr().err


def test_main_part_does_not_run(tmp_path: Path) -> None:
    path = write(tmp_path, PLAIN + "    if __name__ == '__main__':\n        raise SystemExit(3)\n")
    assert isinstance(load_user_module(path, "Net"), nn.Module)


def test_obligatory_arguments_of_a_class(tmp_path: Path) -> None:
    path = write(tmp_path, PLAIN.replace("channels=4", "config, channels, *, depth, bias=True"))
    with pytest.raises(ModelError) as error:
        load_user_module(path, "Net")
    assert str(error.value) == (
        f"{path}: Net cannot be made without config, channels, depth; add a function to the "
        "file, def make(): return Net(config=..., channels=..., depth=...), and name net.py:make."
    )


def test_syntax_error(tmp_path: Path) -> None:
    path = write(tmp_path, "import torch\n\ndef f(:\n    pass\n")
    with pytest.raises(ModelError, match=r"net\.py:3: the file failed with SyntaxError: "):
        load_user_module(path, "Net")


def test_syntax_error_in_a_sibling(tmp_path: Path) -> None:
    write(tmp_path, "\n\nx = = 1\n", "layers.py")
    with pytest.raises(ModelError, match=r"layers\.py:3: the file failed with SyntaxError"):
        load_user_module(write(tmp_path, "import layers\n"), "Net")


def test_import_error(tmp_path: Path) -> None:
    path = write(tmp_path, "import torch\nimport no_such_package_at_all\n")
    with pytest.raises(ModelError, match=r"net\.py:2: .* ModuleNotFoundError: No module named"):
        load_user_module(path, "Net")


def test_error_while_the_network_is_made(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(3, 4, 3, groups=2)
        """,
    )
    with pytest.raises(ModelError, match=r"net\.py:7: .* ValueError: in_channels must be div"):
        load_user_module(path, "Net")


def test_undecodable_file(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_bytes(b"x = '\xff\xfe'\n")
    with pytest.raises(ModelError, match=r"net\.py.*: the file failed with SyntaxError"):
        load_user_module(path, "Net")
    path.write_bytes(b"x = 1\0\n")
    with pytest.raises(ModelError, match=r"net\.py.*: the file failed with"):
        load_user_module(path, "Net")


def test_names_that_are_not_there(tmp_path: Path) -> None:
    path = write(tmp_path, PLAIN)
    with pytest.raises(ModelError, match=r"there is no 'Nett' in it; did you mean Net\?"):
        load_user_module(path, "Nett")
    with pytest.raises(ModelError, match="there is no such file"):
        load_user_module(tmp_path / "other.py", "Net")
    with pytest.raises(ModelError, match="there is no such file"):
        load_user_module(tmp_path, "Net")


def test_things_that_are_no_network(tmp_path: Path) -> None:
    path = write(tmp_path, "size = 3\n\ndef make():\n    return {}\n")
    with pytest.raises(ModelError, match="size is an int, neither a class nor a function"):
        load_user_module(path, "size")
    with pytest.raises(ModelError, match=r"make gives a dict, not an nn\.Module"):
        load_user_module(path, "make")


def test_random_state_survives_a_file_that_seeds(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "import random, numpy, torch\ntorch.manual_seed(3)\nrandom.seed(3)\nnumpy.random.seed(3)\n"
        "make = lambda: torch.nn.Dropout(random.random())\n",
    )
    load_user_module(path, "make")


def test_interrupt_is_not_swallowed(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        load_user_module(write(tmp_path, "raise KeyboardInterrupt\n"), "Net")


def test_installed_package_stays_imported(tmp_path: Path) -> None:
    sys.modules.pop("wave", None)
    load_user_module(write(tmp_path, "import wave\n" + textwrap.dedent(PLAIN)), "Net")
    assert sys.modules.pop("wave").__name__ == "wave"


def test_dataclasses_and_annotations_of_the_file_work(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """
        from __future__ import annotations
        from dataclasses import dataclass
        from torch import nn

        @dataclass
        class Config:
            width: int = 3

        def make(config: Config = Config()) -> nn.Module:
            return nn.Linear(config.width, 1)
        """,
    )
    assert load_user_module(path, "make").state_dict()["weight"].shape == (1, 3)
