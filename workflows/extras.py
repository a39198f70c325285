"""What the extras bring, by module: looked for where an operator's card says that it needs one."""

import importlib.util
from collections.abc import Mapping

MODULES: Mapping[str, tuple[str, ...]] = {
    "models": ("torch", "transformers", "safetensors"),
    "web-extract": ("lxml",),
    "math": ("math_verify",),
    "languages": ("lingua",),
    "chinese": ("opencc",),
    "code": ("tree_sitter", "tree_sitter_javascript"),
    "pii": ("phonenumbers",),
    "search": ("bm25s",),
    "datasets": ("datasets",),
    "tokenizers": ("tokenizers",),
}


def is_missing(extra: str) -> bool:
    """Whether a module of this extra is not installed."""
    return any(importlib.util.find_spec(module) is None for module in MODULES.get(extra, (extra,)))
