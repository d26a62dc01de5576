from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from layerwalk.data.sets import load_data
from layerwalk.data.sets.file_set import FileSet
from layerwalk.errors import DataError, ImageError


@pytest.fixture
def table(class_folders: Path) -> Path:
    return class_folders / "table.csv"


@pytest.mark.parametrize(
    ("header", "delimiter"),
    [("path,label", ","), ("File;Class", ";"), ("\ufeffimage\ttarget", "\t"), ("id,y,img", ",")],
)
def test_columns_are_found_by_their_names(table: Path, header: str, delimiter: str) -> None:
    cells = [("cat/1.png", "cat"), ("dog/a.png", "dog")]
    if header.startswith("id"):
        lines = [f"{at},{label},{path}" for at, (path, label) in enumerate(cells)]
    else:
        lines = [delimiter.join(pair) for pair in cells]
    table.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    data = load_data(table)
    assert (data.name, data.classes) == ("table.csv", ("cat", "dog"))
    assert data.labels.tolist() == [0, 1]
    assert data.picture(1).shape == (5, 6, 3)


def test_quoted_cells_absolute_paths_and_numbers(table: Path, class_folders: Path) -> None:
    place = class_folders / "dog" / "b.png"
    table.write_text(f'path,label\n"{place}",2\n\n"cat/1.png" , 0\n', encoding="utf-8")
    data = load_data(table)
    assert isinstance(data, FileSet)
    assert data.file(0) == place
    assert (data.classes, data.labels.tolist()) == (("0", "1", "2"), [2, 0])
    table.write_text("path,label\ndog/b.png,007\ncat/1.png,7\n", encoding="utf-8")
    assert load_data(table).classes == ("007", "7")


def test_columns_of_ones_own_and_parts(table: Path) -> None:
    rows = (
        "foto,kind,split\ncat/1.png,a,train\ndog/a.png,b,train\ndog/b.png,b,test\ncat/1.png,a,test"
    )
    table.write_text(rows, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load_data(table)
    assert str(caught.value) == (
        f"{table}: its first line does not name a column of paths and one of labels; "
        "call them path and label, or say which with image= and label= (--image and --label): "
        "it has foto, kind, split."
    )
    data = load_data(table, image="foto", label="Kind")
    assert (data.name, len(data)) == ("table.csv (train)", 2)
    assert load_data(table, image="foto", label="kind", split="test").labels.tolist() == [1, 0]


def test_a_file_that_is_not_there_is_named_when_it_is_read(table: Path) -> None:
    table.write_text("path,label\ncat/1.png,0\nno.png,1\n", encoding="utf-8")
    data = load_data(table)
    with pytest.raises(ImageError, match=r"no.png: there is no such file"):
        data.picture(1)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "does not name a column of paths and one of labels"),
        (b"path,label\n", "no picture is listed below its first line; add a line for each"),
        (b"path,label\na.png\n", "line 2 has no label; complete the line, or remove it"),
        (b"path,label\n,1\n", "line 2 has no path"),
        (b"path,label\na.png,\n", "line 2 has no label"),
        (b"path,label\n\xff.png,0\n", "it is no UTF-8 text; save it as UTF-8"),
        (b"path,label\na.png,x\nb.png,x\n", "it has one class only, 'x'"),
    ],
)
def test_tables_that_cannot_be_used(table: Path, content: bytes, sentence: str) -> None:
    table.write_bytes(content)
    with pytest.raises(DataError) as caught:
        load_data(table)
    assert sentence in str(caught.value)


def test_a_part_of_a_table_without_parts(table: Path) -> None:
    table.write_text("path,label\na.png,0\nb.png,1\n", encoding="utf-8")
    with pytest.raises(DataError, match="it has no part 'test'"):
        load_data(table, split="test")
    assert np.array_equal(load_data(table).labels, [0, 1])
