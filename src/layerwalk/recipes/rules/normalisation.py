"""Norms: values less their mean, by their spread, times a slope, plus a shift."""

from __future__ import annotations

from layerwalk.recipes.book import rule
from layerwalk.recipes.call import Call, NoRecipeError
from layerwalk.recipes.expression import Expression
from layerwalk.recipes.recipe import Axis, Recipe, Step
from layerwalk.recipes.rules.operands import Operands

__all__ = ["batch_norm", "group_norm", "instance_norm", "layer_norm", "rms_norm"]

_SPATIAL = {0: (), 1: ("v",), 2: ("u", "v"), 3: ("t", "u", "v")}
# What the framework takes where no eps is given; of narrower types, versions differ.
_EPSILON = {"float64": 2.0**-52, "float32": 2.0**-23}


@rule("batch_norm")
def batch_norm(call: Call) -> Recipe:
    """Each channel by its running statistics or, in training, by those of the batch.

    The form ``folded`` has one product and one sum, as a network is sped up for use.
    """
    training = bool(call.argument("training", default=False))
    return _by_channel(call, training, loops=(("b", call.input(0).shape[0]),))


@rule("instance_norm")
def instance_norm(call: Call) -> Recipe:
    """Each channel of each image by its own statistics, or by the running ones."""
    return _by_channel(call, bool(call.argument("use_input_stats")), loops=())


def _by_channel(call: Call, own: bool, loops: tuple[Axis, ...]) -> Recipe:
    """A norm by channel: own statistics go over ``loops`` and the image, or are read."""
    value = call.tensor("input", "self")
    shape = call.input(value).shape
    if call.made.size == 0:
        return Recipe(call.axes, (), (), 0.0)
    operands = Operands(call)
    channel = call.places[1] if len(call.shape) > 1 else call.places[0]
    image = _image(shape)
    if not own:
        if call.output:  # a running statistic that nothing moved
            kept = operands.read(call.tensor(_updated(call)), call.places)
            return operands.recipe(kept)
        mean = operands.read(call.tensor("running_mean"), (channel,))
        spread = operands.read(call.tensor("running_var"), (channel,))
        return _normalised(call, operands, (mean, spread, channel))
    saved = call.kind == "batch_norm" and call.op.writes[call.output] is None
    if call.output and not saved:
        return _running(call, operands, loops)
    first: Expression = "b" if loops else call.places[0]
    x = operands.read(value, (first, channel, *(name for name, _ in image)))
    steps = _statistics(x, (*loops, *image))
    eps = call.argument("eps", "epsilon")
    if call.output:  # saved for training: the mean, and one by the root of the variance
        inverse: Expression = ("div", 1, ("sqrt", ("add", "variance", eps)))
        return operands.recipe("mean" if call.output == 1 else inverse, steps)
    return _normalised(call, operands, ("mean", "variance", channel), steps)


def _updated(call: Call) -> str:
    """Which running statistic an output is."""
    written = call.op.writes[call.output]
    for name in ("running_mean", "running_var"):
        if written is not None and written == call.operand(name):
            return name
    raise NoRecipeError("an output besides the normalised values")


def _running(call: Call, operands: Operands, loops: tuple[Axis, ...]) -> Recipe:
    """A running statistic, moved a little towards that of the batch."""
    name, momentum = _updated(call), call.argument("momentum")
    shape = call.input(call.tensor("input", "self")).shape
    image, batch = _image(shape), (("b", shape[0]),)
    channel = call.places[0]
    x = operands.read(call.tensor("input", "self"), ("b", channel, *(n for n, _ in image)))
    old = operands.read(call.tensor(name), (channel,))
    kept: Expression = ("mul", 1 - momentum, old)
    if name == "running_mean":
        steps = (Step("mean", (*batch, *image), "mean", x),)
        return operands.recipe(("add", kept, ("mul", momentum, "mean")), steps)
    # An instance norm has the variance of each image, and takes their mean.
    each, within = (() if loops else batch), (*loops, *image)
    mean = Step("mean", within, "mean", x, each)
    count = 1
    for _, length in within:
        count *= length
    difference: Expression = ("sub", x, "mean")
    squares = Step("squares", (*batch, *image), "sum", ("mul", difference, difference))
    images = 1 if loops else shape[0]
    fresh: Expression = ("div", "squares", float(max(count - 1, 0) * images))
    return operands.recipe(("add", kept, ("mul", momentum, fresh)), (mean, squares))


def _image(shape: tuple[int, ...]) -> tuple[Axis, ...]:
    """The loops over everything behind batch and channel."""
    if len(shape) < 2 or len(shape) - 2 not in _SPATIAL:
        raise NoRecipeError(f"a norm by channel of {shape}")
    return tuple(zip(_SPATIAL[len(shape) - 2], shape[2:], strict=True))


def _statistics(x: Expression, loops: tuple[Axis, ...]) -> tuple[Step, ...]:
    difference: Expression = ("sub", x, "mean")
    return (
        Step("mean", loops, "mean", x),
        Step("variance", loops, "mean", ("mul", difference, difference)),
    )


def _normalised(
    call: Call,
    operands: Operands,
    by: tuple[Expression, Expression, Expression],
    steps: tuple[Step, ...] = (),
) -> Recipe:
    """The result of a norm by channel, unfolded and folded."""
    mean, variance, channel = by
    x = operands.read(call.tensor("input", "self"), call.places)
    root: Expression = ("sqrt", ("add", variance, call.argument("eps", "epsilon")))
    given = [call.operand(name) for name in ("weight", "bias")]
    weight, bias = (None if k is None else operands.read(k, (channel,)) for k in given)
    slope = Step("slope", (), "sum", ("div", 1 if weight is None else weight, root))
    moved: Expression = ("mul", mean, "slope")
    shift = Step("shift", (), "sum", ("neg", moved) if bias is None else ("sub", bias, moved))
    result = _scaled(("div", ("sub", x, mean), root), weight, bias)
    folded: Expression = ("add", ("mul", x, "slope"), "shift")
    return operands.recipe(result, (*steps, slope, shift), forms=(("folded", folded),))


def _scaled(value: Expression, weight: Expression | None, bias: Expression | None) -> Expression:
    if weight is not None:
        value = ("mul", value, weight)
    return value if bias is None else ("add", value, bias)


@rule("layer_norm")
def layer_norm(call: Call) -> Recipe:
    """The last dimensions by their own mean and variance."""
    operands, value, loops, lead = _last_dimensions(call)
    x = operands.read(value, (*lead, *(name for name, _ in loops)))
    steps = _statistics(x, loops)
    root: Expression = ("sqrt", ("add", "variance", call.argument("eps")))
    if call.output:
        return operands.recipe("mean" if call.output == 1 else ("div", 1, root), steps)
    centred: Expression = ("sub", operands.read(value, call.places), "mean")
    return operands.recipe(_affine(call, operands, ("div", centred, root)), steps)


@rule("rms_norm")
def rms_norm(call: Call) -> Recipe:
    """The last dimensions by the root of the mean of their squares."""
    operands, value, loops, lead = _last_dimensions(call)
    x = operands.read(value, (*lead, *(name for name, _ in loops)))
    eps = call.argument("eps", default=None)
    if eps is None:
        dtype = call.input(value).dtype
        if dtype not in _EPSILON:
            raise NoRecipeError(f"no eps was given, and versions differ in that of {dtype}")
        eps = _EPSILON[dtype]
    steps = (Step("mean of squares", loops, "mean", ("mul", x, x)),)
    root: Expression = ("sqrt", ("add", "mean of squares", eps))
    own = operands.read(value, call.places)
    return operands.recipe(_affine(call, operands, ("div", own, root)), steps)


def _last_dimensions(
    call: Call,
) -> tuple[Operands, int, tuple[Axis, ...], tuple[Expression, ...]]:
    value = call.tensor("input")
    shape, normalised = call.input(value).shape, call.argument("normalized_shape")
    behind = len(shape) - len(normalised)
    if shape[behind:] != tuple(normalised) or len(normalised) > 4:
        raise NoRecipeError(f"a norm over {normalised} of {shape}")
    loops = tuple(zip(("i", "j", "k", "l"), normalised, strict=False))
    return Operands(call), value, loops, call.places[:behind]


def _affine(call: Call, operands: Operands, value: Expression) -> Expression:
    """Slope and shift of each of the last dimensions' places."""
    found = []
    for name in ("weight", "bias"):
        operand = call.operand(name)
        found.append(None if operand is None else operands.read(operand, call.aligned(operand)))
    return _scaled(value, found[0], found[1])


@rule("group_norm")
def group_norm(call: Call) -> Recipe:
    """The channels of each group by their own mean and variance."""
    value = call.tensor("input")
    shape = call.input(value).shape
    operands, image = Operands(call), _image(shape)
    groups = call.argument("num_groups", "group")
    size = shape[1] // groups
    n, place = call.places[:2]
    group: Expression = ("floordiv", place, size) if call.output == 0 else place
    first: Expression = ("add", "i", ("mul", size, group))
    x = operands.read(value, (n, first, *(name for name, _ in image)))
    steps = _statistics(x, (("i", size), *image))
    root: Expression = ("sqrt", ("add", "variance", call.argument("eps")))
    if call.output:
        return operands.recipe("mean" if call.output == 1 else ("div", 1, root), steps)
    centred: Expression = ("sub", operands.read(value, call.places), "mean")
    given = [call.operand(name) for name in ("weight", "bias")]
    weight, bias = (None if k is None else operands.read(k, (place,)) for k in given)
    return operands.recipe(_scaled(("div", centred, root), weight, bias), steps)
