"""One figure a file, each a function that gives back a figure or an image."""

from layerwalk.render.figures.attributions import HeatMap, attribution_figure, channel_bars
from layerwalk.render.figures.class_scores import class_scores
from layerwalk.render.figures.colour_channels import colour_channels
from layerwalk.render.figures.comparison import comparison_figure
from layerwalk.render.figures.edges_walk import edges_walk
from layerwalk.render.figures.explanation import explanation_figure
from layerwalk.render.figures.feature_maps import feature_maps
from layerwalk.render.figures.filter_response import filter_response
from layerwalk.render.figures.filter_results import FilterResult, filter_results
from layerwalk.render.figures.filters import filters
from layerwalk.render.figures.pixel_grid import pixel_grid
from layerwalk.render.figures.walk_back import walk_back_figure
from layerwalk.render.figures.walk_overview import walk_overview

__all__ = [
    "FilterResult",
    "HeatMap",
    "attribution_figure",
    "channel_bars",
    "class_scores",
    "colour_channels",
    "comparison_figure",
    "edges_walk",
    "explanation_figure",
    "feature_maps",
    "filter_response",
    "filter_results",
    "filters",
    "pixel_grid",
    "walk_back_figure",
    "walk_overview",
]
