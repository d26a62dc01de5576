from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import zipfile
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

import layerwalk
from layerwalk.data import digits, load_image, samples
from layerwalk.errors import ImageError

PACKAGE = Path(layerwalk.__file__).parent


def test_every_sample_loads_under_its_name() -> None:
    sizes = {}
    for sample in samples():
        image = load_image(f"sample:{sample.name}")
        assert image.name == f"sample:{sample.name}"
        sizes[sample.name] = (image.width, image.height)
    assert sizes == {
        "dog": (720, 540),
        "cat": (451, 300),
        "red_panda": (800, 450),
        "digits": (28, 28),
    }


def test_every_sample_is_attributed_beside_its_file() -> None:
    folder = resources.files("layerwalk.data") / "samples"
    text = (folder / "ATTRIBUTION.md").read_text(encoding="utf-8")
    for sample in samples():
        assert sample.source.startswith("https://") is (f"<{sample.source}>" in text)
        assert sample.author.split(",")[0] in text
        assert sample.title.split(";")[0].split(",")[0].lower() in text.lower()
    for licence in ("public domain", "CC0 1.0", "CC BY-SA 3.0", "MIT"):
        assert licence in text
    files = {file.name for file in folder.iterdir()}
    assert files == {"ATTRIBUTION.md", "cat.jpg", "dog.jpg", "mnist10k.npz", "red_panda.jpg"}
    assert all(f"`{name}`" in text for name in files - {"ATTRIBUTION.md"})


def test_digits_are_ten_thousand_pictures_with_labels() -> None:
    found = digits()
    assert found.images.shape == (10_000, 28, 28)
    assert found.labels.shape == (10_000,)
    assert found.images.dtype == found.labels.dtype == np.uint8
    assert not found.images.flags.writeable
    assert not found.labels.flags.writeable
    counts = np.bincount(found.labels)
    assert len(counts) == 10
    assert counts.min() > 800
    # A one is a stroke and a zero a ring: their ink differs by far.
    ink = [found.images[found.labels == digit].mean() for digit in range(10)]
    assert ink[0] > 2 * ink[1]
    assert digits() is found


@pytest.mark.parametrize(
    ("name", "number"), [("digits", 0), ("digits/0", 0), ("digits/9999", 9999)]
)
def test_a_digit_by_number(name: str, number: int) -> None:
    image = load_image(f"sample:{name}")
    assert np.array_equal(image.pixels[..., 1], digits().images[number])
    assert (image.mode, image.name) == ("L", f"sample:{name}")


@pytest.mark.parametrize(
    "name",
    ["", "dogs", "../dog", "dog/1", "dog.jpg", "digits/", "digits/10000", "digits/-1", "digits/²"],
)
def test_an_unknown_sample_lists_the_known_ones(name: str) -> None:
    with pytest.raises(ImageError) as caught:
        load_image(f"sample:{name}")
    assert str(caught.value) == (
        f"sample:{name}: there is no such sample; there are sample:dog, sample:cat, "
        "sample:red_panda, sample:digits and sample:digits/0 to sample:digits/9999."
    )


def test_the_samples_are_read_from_a_zip(tmp_path: Path) -> None:
    archive = tmp_path / "layerwalk.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for name in ("__init__.py", "errors.py", "frozen.py"):
            packed.write(PACKAGE / name, f"layerwalk/{name}")
        for path in (*(PACKAGE / "record").rglob("*"), *(PACKAGE / "data").rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                packed.write(path, f"layerwalk/{path.relative_to(PACKAGE).as_posix()}")
    code = (
        "import layerwalk.data as data\n"
        "image = data.load_image('sample:cat')\n"
        "print(data.__file__, image.width, data.digits().labels.sum())"
    )
    done = subprocess.run(  # noqa: S603 - words of our own
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(archive)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    where, width, total = done.stdout.split()
    assert where.startswith(str(archive))
    assert (width, total) == ("451", str(digits().labels.sum()))


def test_the_samples_are_the_shared_files(shared: Path) -> None:
    folder = resources.files("layerwalk.data") / "samples"
    for ours, theirs in {
        "dog.jpg": "photos/dog_german_shepherd.jpg",
        "cat.jpg": "photos/cat_chelsea.jpg",
        "red_panda.jpg": "photos/red_panda.jpg",
        "mnist10k.npz": "mnist10k.npz",
    }.items():
        there = (shared / "data" / theirs).read_bytes()
        here = (folder / ours).read_bytes()
        assert hashlib.sha256(here).digest() == hashlib.sha256(there).digest(), ours
