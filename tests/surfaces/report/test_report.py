"""A report's file: what stands in it, and that nothing else does."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import layerwalk as lw
from layerwalk.errors import FileError
from layerwalk.record import Trace
from layerwalk.surfaces import page_files
from layerwalk.surfaces.report import Detail, make_report
from surfaces.report.unpack import elements, sheet, tensor


@pytest.fixture(scope="module")
def walked() -> Trace:
    return lw.trace(lw.load_model("tiny_vgg", weights="none"), "sample:dog")


def test_kept_values_are_those_of_the_trace(walked: Trace) -> None:
    made = make_report(walked, detail="exact", weights="all")
    parts, said = elements(made.content), sheet(made.content)
    values = {value.id: value for value in walked.values}
    kept = [entry for entry in said["tensors"] if entry["value"] is not None]
    assert len(kept) == len(made.plan.kept) > 10
    for entry in kept:
        found = tensor(parts, entry)
        assert found.tobytes() == values[entry["value"]].array().tobytes()
    (photo,) = [entry for entry in said["tensors"] if entry["value"] is None]
    assert walked.photo is not None
    assert (tensor(parts, photo) == walked.photo.pixels).all()
    assert said["sheet"]["inexact"] == []
    assert made.worst == 0


@pytest.mark.parametrize("detail", ["half", "compact"])
def test_a_smaller_report_says_how_far_off_each_value_is(walked: Trace, detail: str) -> None:
    made = make_report(walked, detail=detail)  # type: ignore[arg-type]
    parts, said = elements(made.content), sheet(made.content)
    values = {value.id: value for value in walked.values}
    inexact = {entry["value"]: entry for entry in said["sheet"]["inexact"]}
    rounded = 0
    for entry in said["tensors"]:
        if entry["value"] is None:
            continue
        found = tensor(parts, entry).astype(float)
        wanted = values[entry["value"]].array()
        off = np.abs(found - wanted).max()
        if entry["value"] in inexact:
            rounded += 1
            assert off == pytest.approx(inexact[entry["value"]]["worst"], rel=1e-3)
        else:
            assert off == 0
    assert rounded > 5
    assert 0 < made.worst < (0.001 if detail == "half" else 0.01)


@pytest.mark.parametrize("detail", ["half", "compact"])
def test_biases_and_statistics_are_never_rounded(detail: Detail) -> None:
    class Small(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.norm = nn.BatchNorm2d(3).eval()
            self.norm.running_var = torch.tensor([1e-9, 1.0, 2000.0])

        def forward(self, x: Tensor) -> Tensor:
            return torch.as_tensor(self.norm(x))

    trace = lw.trace(Small().eval(), torch.rand(1, 3, 4, 4))
    content = make_report(trace, detail=detail).content
    parts, said = elements(content), sheet(content)
    (var,) = [value for value in trace.values if value.name == "norm.running_var"]
    (entry,) = [entry for entry in said["tensors"] if entry["value"] == var.id]
    assert tensor(parts, entry).tobytes() == var.array().tobytes()
    assert var.id not in {kept["value"] for kept in said["sheet"]["inexact"]}


def test_smaller_details_make_smaller_files(walked: Trace) -> None:
    sizes = [
        len(make_report(walked, detail=detail, weights="none").content)
        for detail in ("exact", "half", "compact")
    ]
    assert sizes == sorted(sizes, reverse=True)
    assert len(make_report(walked, weights="all").content) > sizes[1]


def test_it_says_which_values_its_page_works_out(walked: Trace) -> None:
    made = make_report(walked)
    said = sheet(made.content)
    recomputed = set(said["sheet"]["recomputed"])
    assert recomputed == {value.id for value in made.plan.recomputed}
    assert not recomputed & {entry["value"] for entry in said["tensors"]}
    assert said["sheet"]["untrained"] is True


def test_every_op_has_its_digest_and_its_field(walked: Trace) -> None:
    said = sheet(make_report(walked).content)
    assert [digest["op"] for digest in said["digests"]] == list(range(len(walked)))
    assert len(said["fields"]) == len(walked)
    assert said["fields"][0]["sizes"] == [3, 3]


def test_names_are_text_and_end_no_element() -> None:
    hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
    picture = lw.load_image(np.full((32, 32, 3), 100, dtype=np.uint8))
    model = lw.load_model("tiny_vgg", weights="none")
    trace = lw.trace(lw.Model(
        name=hostile, module=model.module, preprocessing=model.preprocessing,
        labels=tuple(f"{hostile}{k}" for k in range(10)), weights="", input_size=model.input_size,
    ), picture)  # fmt: skip
    content = make_report(trace).content.decode()
    assert hostile not in content
    assert "<title>" in content
    assert "&lt;/script&gt;&lt;script&gt;alert(1)" in content
    assert sheet(content.encode())["sheet"]["name"] == hostile
    # Three kinds of script, and no other.
    kinds = set(re.findall(r"<script\b([^>]*)", content.split("<body>")[1]))
    shapes = {re.sub(r'id="layerwalk-[\w-]+"', "id", kind).strip() for kind in kinds}
    wanted = {'type="application/json" id', 'type="application/octet-stream" id', 'type="module"'}
    assert {shape for shape in shapes if "type=" in shape} == wanted


def test_its_policy_lets_only_its_own_script_run(walked: Trace) -> None:
    content = make_report(walked).content.decode()
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', content)
    script = content[content.index('<script type="module">') + 22 : content.rindex("</script>")]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_it_is_written_whole(walked: Trace, tmp_path: Path) -> None:
    file = tmp_path / "dog.html"
    assert walked.report(file, detail="compact") == file
    assert file.read_bytes() == make_report(walked, detail="compact").content
    assert list(tmp_path.iterdir()) == [file]
    with pytest.raises(FileError, match="there is no folder"):
        walked.report(tmp_path / "nowhere" / "dog.html")


def test_a_page_that_was_not_built_is_told(
    walked: Trace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(page_files, "STATIC", tmp_path)
    with pytest.raises(FileError, match="make page"):
        make_report(walked)


def test_a_picture_whose_name_is_no_text(walked: Trace) -> None:
    assert walked.photo is not None
    odd = dataclasses.replace(walked.photo, name="caf\udce9.png")
    made = make_report(dataclasses.replace(walked, photo=odd), weights="none")
    assert b"<title>caf?.png" in made.content
    assert sheet(made.content)["sheet"]["photo"]["name"] == "caf\N{REPLACEMENT CHARACTER}.png"
