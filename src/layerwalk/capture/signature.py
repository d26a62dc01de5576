"""What a call of the dispatcher means: names, defaults and written arguments, by schema."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import torch

from layerwalk.capture.kinds import kind_of

__all__ = ["Signature", "Target", "signature"]

# An OpOverload, or a higher-order operator (`cond`, `flex_attention`), which has no schema.
Target: TypeAlias = Any

# These write their running statistics, but their schemas do not say so (they are composite:
# the ops underneath are annotated, the ones a model calls are not).
_STATISTICS = {
    "aten::batch_norm": "training",
    "aten::native_batch_norm": "training",
    "aten::cudnn_batch_norm": "training",
    "aten::miopen_batch_norm": "training",
    "aten::_batch_norm_impl_index": "training",
    "aten::instance_norm": "use_input_stats",
}
# New memory whose numbers nobody wrote: running it again gives others.
_UNDEFINED = ("empty", "new_empty", "empty_like", "empty_strided", "new_empty_strided", "resize_")
# Written arguments by schema, but no number and no shape changes.
_BOOKKEEPING = ("detach_", "requires_grad_", "rename_")
# No step of a network without gradients: the same value under another object, or a question
# that torch asks itself.
_NO_STEP = (
    "detach", "_has_compatible_shallow_copy_type", "_version", "_record_function_enter",
    "_record_function_enter_new", "_record_function_exit",
)  # fmt: skip
# Made of other ops, but of none that looks at views or autocast: they run the same with
# most dispatch keys shut off, and running them so is cheaper.
_INDIFFERENT = (
    "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d",
    "batch_norm", "max_pool1d", "max_pool2d", "adaptive_avg_pool2d", "dropout", "relu6",
)  # fmt: skip
# torch's own Python functions run the same ops, and read their arguments faster than the
# overloads do, which look them up in the schema.
_QUICKER: dict[str, Any] = {
    "aten.conv2d.default": torch.conv2d,
    "aten.batch_norm.default": torch.batch_norm,
    "aten.relu.default": torch.relu,
    "aten.hardtanh.default": torch._C._nn.hardtanh,
    "aten.hardswish.default": torch._C._nn.hardswish,
    "aten.hardsigmoid.default": torch._C._nn.hardsigmoid,
    "aten.silu.default": torch._C._nn.silu,
    "aten.gelu.default": torch._C._nn.gelu,
    "aten.sigmoid.default": torch.sigmoid,
    "aten.add.Tensor": torch.add,
    "aten.mul.Tensor": torch.mul,
    "aten.cat.default": torch.cat,
    "aten.max_pool2d.default": torch.max_pool2d,
    "aten.avg_pool2d.default": torch._C._nn.avg_pool2d,
    "aten.adaptive_avg_pool2d.default": torch._C._nn.adaptive_avg_pool2d,
}
# Out of place these would cost a copy all the same.
_NOT_ELSEWHERE = ("copy_", "fill_", "zero_", "set_", "resize_", "resize_as_")
# Below autograd these may hand back the very tensor they were given. As steps of the walk
# they stay (a dropout layer in eval mode); the rest of such calls did nothing.
_KEPT_WHEN_IDLE = ("dropout", "alpha_dropout", "feature_dropout", "feature_alpha_dropout")


@dataclass(frozen=True, slots=True, eq=False)
class Signature:
    """The schema of one op overload, as the recorder needs it.

    ``written`` names the arguments it writes; where ``written_if`` is set, only when the
    boolean argument at that position is true. ``is_view``: what it gives may be its first
    argument's memory. ``composite`` ops are made of other ops
    that look at the caller's dispatch keys. What is not ``is_step`` leaves no op in the trace.
    ``run`` calls it, ``functional`` is the same op out of place.
    """

    func: Target
    run: Callable[..., Any]
    target: str
    kind: str
    names: tuple[str, ...] = ()
    defaults: tuple[Any, ...] = ()
    written: tuple[str, ...] = ()
    written_if: int | None = None
    random: bool = False
    undefined: bool = False
    kept_when_idle: bool = False
    is_view: bool = False
    composite: bool = False
    is_step: bool = True
    functional: Callable[..., Any] | None = None

    def bind(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        """All arguments by name, defaults filled in, in the schema's order."""
        bound = dict(zip(self.names, args, strict=False))
        for name, default in zip(self.names[len(args) :], self.defaults[len(args) :], strict=True):
            bound[name] = kwargs.get(name, default)
        return bound

    def draws(self, bound: dict[str, Any]) -> bool:
        """Whether this call draws random numbers (dropout in eval mode does not)."""
        if not self.random:
            return False
        if not (bound.get("train", True) and bound.get("training", True)):
            return False
        return all(bound.get(chance) != 0 for chance in ("p", "dropout_p", "dropout"))

    def writes(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[torch.Tensor]:
        """The tensors that this call will write."""
        if args and self.written == self.names[:1] and isinstance(args[0], torch.Tensor):
            return [args[0]]
        if self.written_if is not None and not args[self.written_if]:
            return []
        bound = self.bind(args, kwargs)
        found: list[Any] = []
        for name in self.written:
            value = bound[name]
            found.extend(value if isinstance(value, (list, tuple)) else [value])
        return [item for item in found if isinstance(item, torch.Tensor)]


# By identity: an op's own hash is worked out in Python. Each signature keeps its op alive.
_KNOWN: dict[int, Signature] = {}


def signature(func: Target) -> Signature:
    """The signature of an op, worked out once per process."""
    known = _KNOWN.get(id(func))
    if known is None:
        known = _KNOWN[id(func)] = _learn(func)
    return known


def _learn(func: Target) -> Signature:
    schema = getattr(func, "_schema", None)
    if schema is None:
        name = func.name() if callable(getattr(func, "name", None)) else str(func)
        # Its arguments have no names and their writes are not said; its parts run unseen.
        return Signature(func, func, f"higher_order.{name}", name, kept_when_idle=True)
    base = schema.name.split("::")[-1]
    arguments = schema.arguments
    written = tuple(a.name for a in arguments if a.alias_info is not None and a.alias_info.is_write)
    if base in _BOOKKEEPING:
        written = ()
    names = tuple(a.name for a in arguments)
    written_if = None
    if not written and schema.name in _STATISTICS:
        written = ("running_mean", "running_var")
        written_if = names.index(_STATISTICS[schema.name])
    return Signature(
        func=func,
        run=_quick(func),
        target=str(func),
        kind=kind_of(schema.name),
        names=names,
        defaults=tuple(a.default_value if a.has_default_value() else None for a in arguments),
        written=written,
        written_if=written_if,
        random=torch.Tag.nondeterministic_seeded in func.tags,
        undefined=base in _UNDEFINED,
        kept_when_idle=base in _KEPT_WHEN_IDLE,
        is_view=not written and any(item.alias_info is not None for item in schema.returns),
        composite=base not in _INDIFFERENT and _is_composite(func),
        is_step=base not in _NO_STEP,
        functional=_functional(func, written),
    )


def _functional(func: Target, written: tuple[str, ...]) -> Callable[..., Any] | None:
    """The op that makes anew what this one writes in place: ``relu`` for ``relu_``."""
    space, _, name = func._schema.name.partition("::")
    names = [argument.name for argument in func._schema.arguments]
    if written != tuple(names[:1]) or not name.endswith("_") or name in _NOT_ELSEWHERE:
        return None
    takes_one_tensor = str(func._schema.arguments[0].type) == "Tensor"
    if not takes_one_tensor or torch.Tag.nondeterministic_seeded in func.tags:
        return None
    packet = getattr(getattr(torch.ops, space), name[:-1], None)
    found = getattr(packet, func._overloadname, None)
    if found is None or [argument.name for argument in found._schema.arguments] != names:
        return None
    returns = found._schema.returns
    # A functional op that returns a view of its argument only changes the shape.
    new = len(returns) == 1 and returns[0].alias_info is None
    return _quick(found) if new else None


def _is_composite(func: Target) -> bool:
    """Whether the op is made of other ops, and torch has noted no view for it as a whole."""
    has_kernel = torch._C._dispatch_has_kernel_for_dispatch_key
    name = func.name()
    return has_kernel(name, "CompositeImplicitAutograd") and not has_kernel(name, "ADInplaceOrView")


def _quick(func: Target) -> Callable[..., Any]:
    return _QUICKER.get(str(func)) or func  # type: ignore[no-any-return]
