"""Change the texts that need it, leave the others where they lie."""

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc


def changed(texts: pa.Array, needs: pa.Array, change: Callable[[str], str]) -> pa.Array:
    """The texts, with `change` done to those where `needs` is true; null stays null."""
    mask = pc.fill_null(needs, False)
    if not pc.any(mask).as_py():
        return texts
    return pc.replace_with_mask(texts, mask, pa.array([change(text.as_py()) for text in texts.filter(mask)], pa.string()))
