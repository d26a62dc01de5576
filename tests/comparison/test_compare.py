from __future__ import annotations

import copy
import functools
import math
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

import layerwalk as lw
from comparison.networks import Small, given, small, walked
from layerwalk.comparison.grain import default_tolerance, grains, spell_grain
from layerwalk.errors import LayerwalkError, NotFoundError


def test_a_walk_equals_itself() -> None:
    found = lw.compare(walked(), walked())
    assert found
    assert found.first is None
    assert found.reasons == found.notes == ()
    assert found.unmatched == ()
    assert all(one.measure.unequal == 0 and one.inherited == 0 for one in found)
    assert str(found) == f"{len(found)} ops compared: equal within tolerance"


@pytest.mark.parametrize(
    ("name", "op"),
    [
        ("stem.0.weight", "stem.0"),
        ("stem.1.running_var", "stem.1"),
        ("conv.weight", "conv"),
        ("hidden.bias", "hidden"),
        ("head.weight", "head"),
    ],
)
def test_the_first_to_depart_is_the_op_whose_weight_was_damaged(name: str, op: str) -> None:
    def damage(network: Small) -> None:
        dict(network.state_dict())[name].view(-1)[2] += 0.3

    found = lw.compare(walked(), walked(damage))
    assert not found
    assert found.first is not None
    assert found.first.name == op
    size = small().state_dict()[name].numel()
    assert found.reasons[0] == f"1 of {size:,} numbers of {name} differs, by up to 0.3"
    before = [one for one in found if one.reference.index < found.first.reference.index]
    assert all(one.measure.unequal == 0 for one in before)


def test_the_damaged_weight_of_a_real_network_is_found() -> None:
    model = lw.load_model("efficientnet_lite0")
    x = torch.from_numpy(model.preprocessing(lw.load_image("sample:dog")).array)  # type: ignore[misc]
    damaged = copy.deepcopy(model.module)
    with torch.no_grad():
        damaged.get_parameter("features.9.depthwise.conv.weight").view(-1)[7] += 0.1
    found = lw.compare(lw.trace(model, x), lw.trace(damaged, x))
    assert found.first is not None
    assert found.first.name == "features.9.depthwise.conv"
    channels = found.first.channels()
    assert channels.order[0] == 0
    assert np.count_nonzero(channels.max_error) == 1


def test_the_channel_and_the_place_of_a_difference() -> None:
    def damage(network: Small) -> None:
        network.conv.weight[5, 1, 1, 1] += 1

    found = lw.compare(walked(), walked(damage))
    one = found["conv"]
    assert one.departs
    channels = one.channels()
    assert channels.order[0] == 5
    np.testing.assert_array_equal(np.flatnonzero(channels.max_error), [5])
    difference = one.difference()
    np.testing.assert_array_equal(one.map(channel=5), np.abs(difference[0, 5]))
    np.testing.assert_allclose(one.map(), np.abs(difference[0]).mean(axis=0))
    assert one.measure.worst is not None
    assert np.abs(difference)[one.measure.worst] == one.measure.max_error
    assert channels.max_error[5] == one.measure.max_error
    relative = np.linalg.norm(difference[0, 5]) / np.sqrt(
        (np.asarray(found.reference["conv"].array(), np.float64) ** 2).sum() / 8
    )
    assert channels.relative_error[5] == pytest.approx(relative)
    with pytest.raises(NotFoundError, match="no channel 8"):
        one.map(channel=8)
    with pytest.raises(NotFoundError, match="no sample 1"):
        one.map(sample=1)
    with pytest.raises(NotFoundError, match="no maps"):
        found["head"].map()


def test_bfloat16_is_forgiven_its_rounding_and_nothing_more() -> None:
    half = copy.deepcopy(small()).bfloat16()
    found = lw.compare(walked(), lw.trace(half, given().bfloat16()))
    assert found
    assert {one.precision for one in found} == {"bfloat16 or 8 bits"}
    assert 1e-4 < max(one.measure.relative_error for one in found) < 0.05
    strict = lw.compare(walked(), lw.trace(half, given().bfloat16()), tolerance=1e-6)
    assert strict.first is not None
    assert strict.first.name == "stem.0"
    assert "it makes float32 in the reference, bfloat16 in the other" in strict.reasons
    with torch.no_grad():
        half.conv.weight.mul_(1.5)
    damaged = lw.compare(walked(), lw.trace(half, given().bfloat16()))
    assert damaged.first is not None
    assert damaged.first.name == "conv"


def quantised(network: nn.Module) -> nn.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch says where its successor is
        found: nn.Module = torch.ao.quantization.quantize_dynamic(  # type: ignore[no-untyped-call]
            network, {nn.Linear}, dtype=torch.qint8
        )
    return found


def test_a_quantised_network_departs_at_its_first_quantised_layer() -> None:
    x = given()
    reference, other = lw.trace(small(), x), lw.trace(quantised(small()), x)
    found = lw.compare(reference, other)
    assert found
    assert found["pool"].tolerance == pytest.approx(default_tolerance(2.0**-23))
    assert found["hidden"].tolerance == 0.125
    strict = lw.compare(reference, other, tolerance=1e-4)
    assert strict.first is not None
    assert strict.first.name == "hidden"
    assert strict.first.inherited == 0
    assert strict.reasons == (
        "it is linear in the reference, quantized.linear_dynamic in the other",
    )


def test_nan_departs_whatever_the_tolerance() -> None:
    def damage(network: Small) -> None:
        network.conv.bias[3] = math.nan  # type: ignore[index]

    found = lw.compare(walked(), walked(damage), tolerance=1e6)
    assert found.first is not None
    assert found.first.name == "conv"
    assert found.first.measure.flawed == 100
    assert found.reasons == (
        "100 of its 800 values are NaN in the other, none in the reference",
        "1 of 8 numbers of conv.bias is NaN or infinite in only one of the two",
    )
    assert str(found).endswith(
        "conv is the first to depart: 100 of 800 values are NaN in only one of the two "
        "(1 of 8 numbers of conv.bias is NaN or infinite in only one of the two)"
    )
    assert found.first.channels().order[0] == 3
    assert found.predictions[0].largest_change == 1.0


def test_two_images_are_told() -> None:
    found = lw.compare(walked(), walked(x=given(2)))
    assert found.first is not None
    assert found.first.reference.index == 0
    assert found.reasons[0].startswith("what it reads differs already, by ")
    assert found.notes[0].startswith("the networks were given other inputs: input differs by ")


def test_edits_are_told() -> None:
    edited = walked().rerun(lw.edit().silence("conv", 0).hide(0, 0, 4, 4))
    said = "is an edited walk: silence (conv); hide"
    assert lw.compare(walked(), edited).notes[0] == f"the other {said}"
    assert lw.compare(edited, walked()).notes[0] == f"the reference {said}"
    assert not any("edited" in note for note in lw.compare(edited, edited).notes)
    many = walked().rerun(functools.reduce(lambda so_far, k: so_far.silence("conv", k), range(6),
                                           lw.edit()))  # fmt: skip
    assert lw.compare(walked(), many).notes[0].endswith("silence (conv); and 2 more")


def test_what_is_beside_a_walk_under_the_name_of_edits_is_no_reason_to_stop() -> None:
    trace = walked()
    for words in ("not json", "{}", "[1]"):
        other = replace(trace, provenance={**trace.provenance, "edits": words})
        assert lw.compare(trace, other).notes == ()


def test_changed_predictions() -> None:
    def damage(network: Small) -> None:
        assert network.head.bias is not None
        network.head.bias[4] += 100

    found = lw.compare(walked(x=given(images=2)), walked(damage, x=given(images=2)))
    assert [one.sample for one in found.predictions] == [0, 1]
    assert all(one.changed for one in found.predictions)
    label, chance = found.predictions[0].after[0]
    assert label == "class 4"
    assert chance == pytest.approx(1.0)
    assert found.predictions[0].before == tuple(walked(x=given(images=2)).top(5))


def test_other_settings_are_told() -> None:
    def damage(network: Small) -> None:
        network.stem[1].eps = 0.5  # type: ignore[assignment]

    assert lw.compare(walked(), walked(damage)).reasons == (
        "its eps is 1e-05 in the reference, 0.5",
    )


def test_a_saved_walk_is_compared_and_its_rounding_forgiven(tmp_path: Path) -> None:
    trace = walked()
    exact = lw.open(trace.save(tmp_path / "a.safetensors"))
    assert lw.compare(trace, exact, tolerance=0)
    half = lw.open(trace.save(tmp_path / "b.safetensors", detail="half"))
    found = lw.compare(trace, half)
    assert found
    assert {one.precision for one in found} == {"float16"}
    assert not lw.compare(trace, half, tolerance=1e-6)


def test_weights_that_were_left_out_are_told(tmp_path: Path) -> None:
    def damage(network: Small) -> None:
        network.conv.weight.mul_(2)

    bare = lw.open(walked(damage).save(tmp_path / "a.safetensors", weights=False))
    found = lw.compare(walked(), bare)
    assert found.first is not None
    assert found.reasons[0].startswith("conv.weight cannot be compared (")


def test_a_walk_that_stopped_is_not_equal() -> None:
    class Stops(Small):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            super().forward(x)
            raise RuntimeError("no more")

    torch.manual_seed(0)
    broken = Stops().eval()
    broken.load_state_dict(small().state_dict())
    with pytest.warns(UserWarning, match="no more"):
        other = lw.trace(broken, given())
    found = lw.compare(walked(), other)
    assert found.first is None
    assert not found
    assert "the other stopped at Stops: no more" in found.notes
    assert "the reference returned 1 tensors, the other 0" in found.notes


def test_ops_that_were_not_compared_say_why() -> None:
    found = lw.compare(walked(), walked(lambda net: setattr(net, "conv", nn.Identity())))
    with pytest.raises(NotFoundError, match="was not compared"):
        found["conv"]
    assert found["stem.0"].measure.unequal == 0


def test_bad_questions_have_answers() -> None:
    with pytest.raises(LayerwalkError, match=r"-1 is no tolerance"):
        lw.compare(walked(), walked(), tolerance=-1)
    with pytest.raises(LayerwalkError, match="compare: Small is no trace; walk it first"):
        lw.compare(walked(), small())  # type: ignore[arg-type]
    with pytest.raises(NotFoundError, match="no op of Small has a twin"):
        lw.compare(walked(), lw.trace(nn.Sigmoid(), torch.zeros(2)))
    with pytest.raises(NotFoundError, match="cannot be compared"):
        lw.compare(walked(), walked(), names={"conv": "head"})


def test_another_number_of_images_is_told() -> None:
    with pytest.raises(NotFoundError) as raised:
        lw.compare(walked(x=given(images=4)), walked())
    assert str(raised.value) == (
        "compare: no op has the same shape in both: stem.0 makes 4x8x10x10 and 1x8x10x10, given "
        "4x3x20x20 and 1x3x20x20; walk both on inputs of one shape, as many images at a time."
    )


def test_the_grain_is_that_of_the_coarsest_type_on_the_way() -> None:
    class Mixed(nn.Module):
        def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            y = torch.relu(x)
            return (y.bfloat16().float() + 1), (x > 0)

    trace = lw.trace(Mixed(), torch.randn(1, 2, 4, 4))
    found = dict(zip((op.name for op in trace), grains(trace), strict=True))
    assert found["relu"] == 2.0**-23
    assert found["add"] == 2.0**-7
    assert spell_grain(2.0**-10) == "float16"
    assert spell_grain(0) == "whole numbers"
    assert default_tolerance(0) == 0
