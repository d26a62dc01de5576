"""From a name, a file or a module to a network that is ready to walk.

``load_model`` is the one verb: it knows the built-in networks (:mod:`.builtin`), every
classifier of torchvision and timm (:mod:`.torchvision_zoo`, :mod:`.timm_zoo`), a class or
factory in a user's file (:mod:`.user_file`), an exported program (:mod:`.program`) and a
plain ``nn.Module``. ``make_network`` builds one of filters. What comes back is a
:class:`Model`: the module, its preprocessing and its class names. Pickles are never run on
the way.
"""

from __future__ import annotations

from layerwalk.models.filter_network import make_network
from layerwalk.models.listing import Listed, list_models
from layerwalk.models.loading import load_model
from layerwalk.models.model import Model

__all__ = ["Listed", "Model", "list_models", "load_model", "make_network"]
