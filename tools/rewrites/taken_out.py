"""Takes pieces out of texts, and a space that would be left over with each."""

from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

CLOSES = r"[ \t.,;:!?)\]}。，；：！？）]|\r?\n|\z"  # before these no space is wanted


@cache
def with_space(pattern: str) -> str:
    """The pattern, in RE2 and without groups of its own, with one space beside it where another or none is wanted; `\\1` is what stays."""
    return rf"[ ](?:{pattern})({CLOSES})|(?m:^)(?:{pattern})[ ]|(?:{pattern})"


def taken_out(texts: pa.Array, hint: str, pattern: str) -> pa.Array:
    """The texts without what matches; only those that match `hint`, which is quick to look for, are searched."""
    has = pc.match_substring_regex(texts, hint)
    if not pc.any(has).as_py():
        return texts
    cleaned = pc.replace_substring_regex(texts.filter(has), with_space(pattern), r"\1")
    return cleaned if len(cleaned) == len(texts) else pc.replace_with_mask(texts, has, cleaned)


def replaced(texts: pa.Array, hint: str, pattern: str, by: str) -> pa.Array:
    """The texts with `by`, taken as it stands, for what matches."""
    has = pc.match_substring_regex(texts, hint)
    if not pc.any(has).as_py():
        return texts
    cleaned = pc.replace_substring_regex(texts.filter(has), pattern, by.replace("\\", "\\\\"))
    return cleaned if len(cleaned) == len(texts) else pc.replace_with_mask(texts, has, cleaned)
