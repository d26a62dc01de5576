"""One figure a file, each a function that gives back a figure or an image."""

from layerwalk.render.figures.accuracy_chart import Curve, accuracy_chart
from layerwalk.render.figures.attributions import HeatMap, attribution_figure, channel_bars
from layerwalk.render.figures.class_balance import class_balance
from layerwalk.render.figures.class_means import class_means
from layerwalk.render.figures.class_scores import class_scores
from layerwalk.render.figures.colour_channels import colour_channels
from layerwalk.render.figures.comparison import comparison_figure
from layerwalk.render.figures.connections import Fan, Wiring, connections_figure
from layerwalk.render.figures.edges_walk import edges_walk
from layerwalk.render.figures.examples import example_pictures
from layerwalk.render.figures.explanation import explanation_figure
from layerwalk.render.figures.feature_maps import feature_maps
from layerwalk.render.figures.filter_response import filter_response
from layerwalk.render.figures.filter_results import FilterResult, filter_results
from layerwalk.render.figures.filters import filters
from layerwalk.render.figures.pixel_grid import pixel_grid
from layerwalk.render.figures.shuffled_pixels import ShuffledScore, shuffled_pixels
from layerwalk.render.figures.walk_back import walk_back_figure
from layerwalk.render.figures.walk_overview import walk_overview
from layerwalk.render.figures.weight_images import WeightImages, weight_images

__all__ = [
    "Curve",
    "Fan",
    "FilterResult",
    "HeatMap",
    "ShuffledScore",
    "WeightImages",
    "Wiring",
    "accuracy_chart",
    "attribution_figure",
    "channel_bars",
    "class_balance",
    "class_means",
    "class_scores",
    "colour_channels",
    "comparison_figure",
    "connections_figure",
    "edges_walk",
    "example_pictures",
    "explanation_figure",
    "feature_maps",
    "filter_response",
    "filter_results",
    "filters",
    "pixel_grid",
    "shuffled_pixels",
    "walk_back_figure",
    "walk_overview",
    "weight_images",
]
