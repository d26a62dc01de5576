"""What attribution costs beside Captum on the plain module, and what its maps are worth.

    python benchmarks/attribution.py            all of it, about a quarter of an hour
    python benchmarks/attribution.py times      one part: times, contributions, sums or sanity

CPU time, one thread, ``sample:dog`` at 224 px, the best class. ResNet-50 has random weights (seed
0), EfficientNet-Lite0 those of ImageNet. Both sides are given the same baseline, steps, windows
and pictures at once; they take turns, and medians of up to three rounds are printed. "apart" is
the norm of the difference of the two maps, by that of Captum's.
"""

from __future__ import annotations

import statistics
import sys
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from captum import attr
from torch import nn

import layerwalk as lw
from layerwalk.attribution import METHODS

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from torchvision_schemas import torchvision_operators

# Lets torchvision import beside PyTorch's CPU build.
OPERATORS = torchvision_operators()
# The last maps of each network, as the module whose output they are.
LAYERS = {"resnet50": "layer4", "efficientnet_lite0": "features.17.act"}
WEIGHTS = {"resnet50": "none", "efficientnet_lite0": "default"}
STEPS, WINDOW, AT_ONCE = 50, 28, 8
ROUNDS, ENOUGH = 3, 15.0  # rounds, and seconds after which no further one is begun


@dataclass(frozen=True)
class Subject:
    """A network, its walk of the dog, and the class whose score is asked about."""

    name: str
    module: nn.Module
    trace: lw.Trace
    aim: int

    @classmethod
    def of(cls, name: str) -> Subject:
        """The network of a name."""
        torch.manual_seed(0)
        model = lw.load_model(name, weights=WEIGHTS[name])
        trace = lw.trace(model, "sample:dog")
        return cls(name, model.module, trace, int(trace.outputs[0].array()[0].argmax()))

    @cached_property
    def picture(self) -> torch.Tensor:
        """What the network was given."""
        return torch.from_numpy(self.trace.inputs[0].array().copy())

    @cached_property
    def peers(self) -> Mapping[str, Callable[[], torch.Tensor]]:
        """Captum's own methods, on the module as it is."""
        net, x, aim = self.module, self.picture, self.aim
        layer = net.get_submodule(LAYERS[self.name])
        row = torch.arange(x.shape[-1]) // WINDOW
        squares = (row[:, None] * (int(row[-1]) + 1) + row).expand(x.shape)
        steps: dict[str, Any] = {"n_steps": STEPS, "internal_batch_size": AT_ONCE}
        at_once: dict[str, Any] = {"perturbations_per_eval": AT_ONCE}
        high = {"sliding_window_shapes": (3, WINDOW, WINDOW), "strides": (3, *[WINDOW // 2] * 2)}
        return {
            "saliency": lambda: attr.Saliency(net).attribute(x.clone(), aim),
            "input_x_gradient": lambda: attr.InputXGradient(net).attribute(x.clone(), aim),
            "integrated_gradients": lambda: attr.IntegratedGradients(net).attribute(
                x, target=aim, **steps
            ),
            "guided_backprop": lambda: attr.GuidedBackprop(net).attribute(x.clone(), aim),
            "deeplift": lambda: attr.DeepLift(net).attribute(x.clone(), target=aim),
            "grad_cam": lambda: attr.LayerGradCam(net, layer).attribute(
                x, aim, relu_attributions=True
            ),
            "guided_grad_cam": lambda: attr.GuidedGradCam(net, layer).attribute(x.clone(), aim),
            "occlusion": lambda: attr.Occlusion(net).attribute(x, target=aim, **high, **at_once),
            "feature_ablation": lambda: attr.FeatureAblation(net).attribute(
                x, target=aim, feature_mask=squares, **at_once
            ),
            "layer_conductance": lambda: attr.LayerConductance(net, layer).attribute(
                x, target=aim, **steps
            ),
        }

    def found(self, method: str, **options: Any) -> lw.Attribution:
        """What our method finds."""
        return lw.attribute(self.trace, method, self.aim, **options)


def seconds(work: Callable[[], object]) -> tuple[float, Any]:
    """CPU time, and what came out."""
    start = time.process_time()
    made = work()
    return time.process_time() - start, made


def turns(*works: Callable[[], object]) -> tuple[list[float], list[Any]]:
    """Median CPU seconds of each, in turn; and what they gave."""
    times: list[list[float]] = [[] for _ in works]
    made: list[Any] = [None] * len(works)
    while len(times[0]) < ROUNDS and sum(map(sum, times)) < ENOUGH:
        for place, work in enumerate(works):
            took, made[place] = seconds(work)
            times[place].append(took)
    return [statistics.median(each) for each in times], made


def apart(one: np.ndarray[Any, Any], other: torch.Tensor) -> float:
    """How far the maps are from each other."""
    two = other.detach()[0].double().numpy()
    two = two[: len(one)]  # hidden places: Captum repeats one map for each channel
    return float(np.linalg.norm(one - two) / np.linalg.norm(two))


def print_times(subject: Subject) -> None:
    """A line for each method."""
    x, net = subject.picture, subject.module
    with torch.no_grad():
        (plain,), _ = turns(lambda: net(x))
    print(f"\n{subject.name}: a forward pass {1e3 * plain:.0f} ms")
    print(f"{'method':22} {'ours':>10} {'Captum':>10} {'ratio':>6}  apart")
    for method, peer in subject.peers.items():
        with warnings.catch_warnings(action="ignore"):
            try:
                peer()
            except (RuntimeError, AssertionError) as error:
                (ours,), _ = turns(lambda: subject.found(method))  # noqa: B023
                said = " ".join(str(error).split())[:64]
                print(f"{method:22} {1e3 * ours:7.0f} ms {'-':>10} {'-':>6}  {said}...")
                continue
            (ours, theirs), (found, other) = turns(lambda: subject.found(method), peer)  # noqa: B023
        print(
            f"{method:22} {1e3 * ours:7.0f} ms {1e3 * theirs:7.0f} ms {ours / theirs:6.2f}"
            f"  {apart(found.map, other):.1e}"
        )


def print_contributions(subject: Subject) -> None:
    """One backward pass for the channels of every op."""
    x, net, trace = subject.picture, subject.module, subject.trace

    def backward() -> None:
        leaf = x.clone().requires_grad_()
        torch.autograd.grad(net(leaf)[0, subject.aim], leaf)

    def forward() -> None:
        with torch.no_grad():
            net(x)

    (ours, there_and_back, plain), (found, *_) = turns(
        lambda: lw.contributions(trace, subject.aim), backward, forward
    )
    known = [each for each in found.channels if each is not None]
    print(
        f"\n{subject.name}: {sum(map(len, known)):,} channels of {len(known)} ops in "
        f"{1e3 * ours:.0f} ms; a pass {1e3 * plain:.0f} ms, and back {1e3 * there_and_back:.0f} ms"
    )


def print_sums(subject: Subject) -> None:
    """What is left of each promised sum."""
    asked: list[tuple[str, dict[str, Any]]] = [
        ("deeplift", {}), *(("integrated_gradients", {"steps": n}) for n in (50, 200, 500)),
        *(("layer_conductance", {"steps": n}) for n in (50, 200)),
    ]  # fmt: skip
    print(f"\n{subject.name}: sums\n{'method':28} {'score':>8} {'baseline':>9} {'residue':>10}")
    for method, options in asked:
        found = subject.found(method, **options)
        name = " ".join((method, *(f"{value} {word}" for word, value in options.items())))
        print(f"{name:32} {found.score:8.3f} {found.baseline_score:9.3f} {found.residue:10.2g}")


def print_sanity(subject: Subject) -> None:
    """What becomes of each map as the weights are shuffled."""
    print(f"\n{subject.name}: rank correlation with the first map, weights shuffled (seed 0)")
    heading = ""
    for method in METHODS:
        checked = lw.sanity_check(subject.trace, method, subject.aim)
        if not heading:
            heading = "".join(f"{step.shuffled:>4}/{checked.ops}" for step in checked.steps)
            print(f"{'method':22}{heading}")
        row = "".join(f"{step.correlation:7.2f}" for step in checked.steps)
        print(f"{method:22}{row}  {'passes' if checked else 'fails'}")


def main() -> None:
    """Print every part, or those that were named."""
    torch.set_num_threads(1)
    asked = sys.argv[1:] or ["times", "contributions", "sums", "sanity"]
    lite, resnet = Subject.of("efficientnet_lite0"), Subject.of("resnet50")
    if "times" in asked:
        print_times(lite)
        print_times(resnet)
    if "contributions" in asked:
        print_contributions(lite)
        print_contributions(resnet)
    if "sums" in asked:
        print_sums(lite)
    if "sanity" in asked:
        print_sanity(lite)


if __name__ == "__main__":
    main()
