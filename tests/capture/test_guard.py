"""Copy on write, by itself: what is copied, what is not, and what is put back."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from capture.judge import bits
from layerwalk.capture.guard import WriteGuard, extent, memory_of, place_of, tensors_in


def guarded(*made: Tensor) -> WriteGuard:
    """A guard that knows of tensors that the walk made."""
    guard = WriteGuard()
    guard.note((), made)
    return guard


def base(*shape: int) -> Tensor:
    count = int(torch.Size(shape).numel())
    return torch.arange(float(count)).reshape(shape)


def test_a_copy_holds_what_was_there_before() -> None:
    tensor = base(3, 4)
    before = bits(tensor)
    (copy,) = guarded(tensor).protect([tensor])
    tensor.add_(1)
    assert copy.of is tensor
    assert bits(copy.held) == before
    assert copy.place == (0, (3, 4), (4, 1))
    assert memory_of(copy.held) != memory_of(tensor)


def test_a_write_without_a_record_copies_nothing() -> None:
    assert guarded(base(3)).protect([base(3)]) == []
    assert WriteGuard().protect([base(3)]) == []


def test_overlapping_views_are_copied_and_disjoint_ones_are_not() -> None:
    whole = base(4, 4)
    top, middle, bottom = whole[:2], whole[1:3], whole[3:]
    guard = guarded(whole, top, middle, bottom)
    before = {id(t): bits(t) for t in (whole, top, middle, bottom)}
    copies = guard.protect([whole[0]])
    whole[0] = -1
    assert [copy.of for copy in copies] == [whole, top]
    assert all(bits(copy.held) == before[id(copy.of)] for copy in copies)
    assert bits(middle) == before[id(middle)]


def test_interleaved_views_count_as_one_stretch() -> None:
    # By first and last byte: cheap, and never too little.
    whole = base(8)
    even, odd = whole[::2], whole[1::2]
    copies = guarded(even, odd).protect([even])
    even.mul_(-1)
    held = {id(copy.of): copy.held for copy in copies}
    assert held[id(even)].tolist() == [0, 2, 4, 6]
    assert held[id(odd)].tolist() == odd.tolist() == [1, 3, 5, 7]


def test_copies_of_overlapping_views_share_their_memory_as_the_views_do() -> None:
    whole = base(4, 5)
    views = [whole, whole.t(), whole[1:, ::2], whole.flatten()]
    copies = guarded(*views).protect([whole])
    whole.zero_()
    assert len({memory_of(copy.held) for copy in copies}) == 1
    for copy in copies:
        assert copy.held.stride() == copy.of.stride()
        assert copy.held.shape == copy.of.shape
    expected = base(4, 5)
    for copy, view in zip(copies, [expected, expected.t(), expected[1:, ::2], expected.flatten()],
                          strict=True):  # fmt: skip
        assert torch.equal(copy.held, view)


def test_a_copy_keeps_its_layout() -> None:
    last = base(2, 3, 4, 5).to(memory_format=torch.channels_last)
    column, line = base(3, 1), base(6)
    for whole, tensor in ((last, last), (column, column.expand(3, 4)), (line, line[1:][::2])):
        values = tensor.clone()
        (copy,) = guarded(tensor).protect([tensor])
        whole.fill_(-1)
        assert copy.held.stride() == tensor.stride()
        assert torch.equal(copy.held, values)


def test_views_of_other_types_on_the_same_memory() -> None:
    whole = base(6)
    integers = whole.view(torch.int32)
    shorts = whole.view(torch.int16)[2:5]
    byte = whole.view(torch.uint8)[7:9]
    views = [whole, integers, shorts, byte]
    before = [bits(view) for view in views]
    copies = guarded(*views).protect([whole[1:3]])
    whole[1:3] = -7.5
    assert {id(copy.of) for copy in copies} == {id(view) for view in views}
    assert [bits({id(c.of): c.held for c in copies}[id(view)]) for view in views] == before


def test_a_view_of_another_type_beside_the_write_is_left_alone() -> None:
    whole = base(6)
    far = whole.view(torch.int16)[8:]
    assert guarded(far).protect([whole[:4]]) == []
    assert [copy.of for copy in guarded(far).protect([whole[:5]])] == [far]


def test_complex_numbers_and_their_parts() -> None:
    whole = torch.complex(base(4), -base(4))
    imaginary = whole.imag
    before = bits(whole), bits(imaginary)
    copies = guarded(whole, imaginary).protect([whole.real])
    whole.real.zero_()
    held = {id(copy.of): copy.held for copy in copies}
    assert bits(held[id(whole)]) == before[0]
    assert bits(held.get(id(imaginary), imaginary)) == before[1]


@pytest.mark.parametrize("shape", [(0,), (3, 0), (0, 2, 2)])
def test_empty_tensors(shape: tuple[int, ...]) -> None:
    empty = torch.empty(shape)
    copies = guarded(empty).protect([empty])
    assert [copy.held.shape for copy in copies] == [torch.Size(shape)]
    guard = WriteGuard()
    guard.note([empty], ())
    guard.protect([empty])
    guard.undo()
    assert empty.shape == shape


def test_an_empty_view_inside_a_write() -> None:
    whole = base(6)
    nothing = whole[3:3]
    copies = guarded(whole, nothing).protect([whole])
    whole.zero_()
    held = {id(copy.of): copy.held for copy in copies}
    assert torch.equal(held[id(whole)], base(6))
    assert held[id(nothing)].shape == (0,)


def test_after_a_write_the_new_content_is_protected_once_it_is_noted() -> None:
    tensor = base(3)
    guard = guarded(tensor)
    guard.protect([tensor])
    tensor.add_(1)
    # Nobody has recorded the new content yet: there is nothing to copy.
    assert guard.protect([tensor]) == []
    guard.note((), [tensor])
    (copy,) = guard.protect([tensor])
    tensor.zero_()
    assert copy.held.tolist() == [1, 2, 3]


def test_a_tensor_is_noted_once() -> None:
    tensor = base(3)
    guard = guarded(tensor, tensor)
    guard.note([tensor, [tensor]], [tensor])
    assert len(guard.protect([tensor])) == 1


def test_several_targets_at_once() -> None:
    one, two, three = base(3), base(3), base(3)
    copies = guarded(one, two, three).protect([one, two, one])
    assert [copy.of for copy in copies] == [one, two]


def test_undo_puts_back_memory_from_outside_only() -> None:
    weight, made = base(4), base(4)
    guard = WriteGuard()
    guard.note([weight], [made])
    known = [guard.has_originals]
    guard.protect([weight[:2], made])
    known.append(guard.has_originals)
    weight[:2].zero_()
    made.zero_()
    guard.undo()
    assert known == [False, True]
    assert weight.tolist() == [0, 1, 2, 3]
    assert made.tolist() == [0, 0, 0, 0]


def test_undo_puts_back_what_was_there_first_and_hands_over_what_was_written() -> None:
    weight = base(4)
    part = weight[1:3]
    guard = WriteGuard()
    guard.note([weight], ())
    for k in (10.0, 20.0):
        guard.protect([part])
        part.fill_(k)
        guard.note([weight], [part])
    copies = guard.undo()
    assert weight.tolist() == [0, 1, 2, 3]
    held = {id(copy.of): copy.held.tolist() for copy in copies}
    assert held == {id(weight): [0, 20, 20, 3], id(part): [20, 20]}


def test_undo_without_a_write_does_nothing() -> None:
    guard = WriteGuard()
    guard.note([base(3)], ())
    assert guard.undo() == []


def test_memory_that_was_read_first_is_from_outside_though_it_is_made_later() -> None:
    weight = base(4)
    guard = WriteGuard()
    guard.note([weight], [weight[1:]])
    view = weight.view(2, 2)
    guard.note([weight], [view])
    guard.protect([view])
    view.zero_()
    guard.undo()
    assert weight.tolist() == [0, 1, 2, 3]


@pytest.mark.filterwarnings("ignore:torch.quantize_per_tensor")
def test_sparse_and_quantised_tensors() -> None:
    sparse = base(3, 3).to_sparse()
    assert memory_of(sparse) is None
    assert guarded(sparse).protect([sparse]) == []
    assert place_of(sparse) == (0, (3, 3), ())
    # Their scale and zero point are kept with the numbers.
    quantised = torch.quantize_per_tensor(base(6), 0.5, 3, torch.quint8)
    (copy,) = guarded(quantised).protect([quantised])
    assert torch.equal(copy.held.dequantize(), quantised.dequantize())
    assert copy.held.q_scale() == 0.5


def test_extent_and_place() -> None:
    whole = base(4, 6)
    assert extent(whole) == (0, 96)
    assert extent(whole[1:3, 2:4]) == (32, 64)
    assert place_of(whole[1:3, 2:4]) == (32, (2, 2), (6, 1))
    assert extent(whole.t()) == (0, 96)
    assert extent(whole[2, 3]) == (60, 64)
    assert extent(whole[0].expand(3, 6)) == (0, 24)
    assert extent(whole[2:2]) == (48, 49)
    assert extent(whole.double()[1:]) == (48, 192)


def test_tensors_in_nested_arguments() -> None:
    one, two = base(1), base(2)
    assert list(tensors_in([1, None, "x", one, [two, (one,)], {"not": two}])) == [one, two, one]
