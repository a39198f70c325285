"""Files of models: what of a folder may be loaded, looked at before any of it is; and the one way in which it is loaded."""

from .folder import ModelFile, ModelFiles, open_model
from .refused import ModelRefused

__all__ = ["ModelFile", "ModelFiles", "ModelRefused", "open_model"]
