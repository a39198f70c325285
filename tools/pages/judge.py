"""Says of each block of a page how much speaks for its being main text."""

from functools import cache

import numpy as np
import numpy.typing as npt

from .blocks import Page
from .context import UNIT, context
from .features import features, tokens
from .forest import Forest
from .name_weights import NAMES
from .tree_weights import FIRST, SECOND
from .tree_weights import UNIT as WHOLE
from .word_weights import WORDS

_COMMENTS = """
    comment comments commentlist commenttext commentbody kommentar kommentare commentaire commentaires comentario comentarios
"""
COMMENTS = frozenset(_COMMENTS.split())
COMMENT_WORDS, COMMENT_LINKED = 5, 0.3


def scores(page: Page) -> npt.NDArray[np.int64]:
    """Logits in hundredths, one a block: a first guess from each block and its surroundings, a second one that knows the first of all."""
    if not page.blocks:
        return np.zeros(0, np.int64)
    first, second = _forests()
    seen = features(page, NAMES, WORDS)
    guesses = first.sums(seen) * UNIT // WHOLE
    return second.sums(np.concatenate([seen, context(page, guesses)], axis=1)) * UNIT // WHOLE


def remarks(page: Page) -> list[bool]:
    """Which blocks are what readers wrote below the text: sentences inside an element that is called so."""
    inside: list[bool] = []
    for element in page.elements:
        above = element.parent >= 0 and inside[element.parent]
        inside.append(above or not COMMENTS.isdisjoint(tokens(element.key)[1:]))
    return [
        inside[block.element] and block.text.count(" ") + 1 >= COMMENT_WORDS and block.linked < COMMENT_LINKED * len(block.text)
        for block in page.blocks
    ]


@cache
def _forests() -> tuple[Forest, Forest]:
    return Forest.of(*FIRST), Forest.of(*SECOND)
