"""By which methods it can be found out what mattered, in words."""

from __future__ import annotations

from typing import Final

from layerwalk.errors import missing
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.wire import AskMethods, ListedMethod, MethodsSheet

__all__ = ["methods", "title_of"]

# The cheapest whose sum is promised.
_USUAL: Final = "deeplift"
_WORDS: Final = {
    "saliency": ("saliency", "The size of the score's gradient at each pixel."),
    "input_x_gradient": (
        "input \N{MULTIPLICATION SIGN} gradient",
        "The score's gradient at each pixel, times the pixel's number.",
    ),
    "integrated_gradients": (
        "integrated gradients",
        "The gradient, averaged on the way from the baseline to the picture, times the way.",
    ),
    "guided_backprop": (
        "guided backprop",
        "The gradient, of which each ReLU lets back only what is above zero.",
    ),
    "deeplift": (
        "DeepLIFT",
        "What each pixel's difference from the baseline adds to the score's, op by op.",
    ),
    "grad_cam": (
        "Grad-CAM",
        "The last maps before the score, weighted by their mean gradients; what is above zero.",
    ),
    "guided_grad_cam": ("guided Grad-CAM", "Guided backprop times Grad-CAM."),
    "occlusion": (
        "occlusion",
        "What the score loses when a patch is hidden, averaged over the patches that hide a pixel.",
    ),
    "feature_ablation": (
        "feature ablation",
        "What the score loses when a square is hidden, one square after the other.",
    ),
    "layer_conductance": (
        "layer conductance",
        "What flows through each place of the last maps, on the way from the baseline.",
    ),
}


def methods(_library: Library, _ask: AskMethods) -> MethodsSheet:
    """Every method of :func:`layerwalk.attribute`, in its order.

    Raises
    ------
    MissingPackageError
        torch is not installed.

    Examples
    --------
    >>> methods(Library(), AskMethods()).methods[0].about
    "The size of the score's gradient at each pixel."
    """
    try:
        from layerwalk.attribution import METHODS
    except ModuleNotFoundError as error:
        raise missing(error) from error
    return MethodsSheet(
        tuple(
            ListedMethod(each.name, *_WORDS[each.name], complete=each.complete)
            for each in METHODS.values()
        ),
        _USUAL,
    )


def title_of(method: str) -> str:
    """What a method is called.

    >>> title_of("grad_cam")
    'Grad-CAM'
    """
    return _WORDS[method][0] if method in _WORDS else method
