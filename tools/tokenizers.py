"""Tokenizers by their file: read once a process, and known by the digest of the file."""

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

BYTES = "bytes"  # for models that read bytes
ROWS_AT_ONCE = 1024


def digest_of(path: str) -> str:
    """Hex sha256 of a tokenizer.json; of `bytes` nothing. Raises ValueError where there is no such file."""
    if path == BYTES:
        return ""
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except OSError as error:
        raise ValueError(f"tokenizer: {path!r} cannot be read ({error.strerror}); name a tokenizer.json") from None


def with_digest(given: object) -> object:
    """Parameters with the digest of their tokenizer filled in."""
    path = given.get("tokenizer") if isinstance(given, dict) else None
    return {**given, "digest": digest_of(path)} if isinstance(given, dict) and isinstance(path, str) and path and not given.get("digest") else given


def must_be_unchanged(path: str, digest: str) -> None:
    """Raises ValueError where the file is no longer the one that a recipe names."""
    found = digest_of(path)
    if found != digest:
        raise ValueError(f"tokenizer: {path!r} has the digest {found[:12]}, not {digest[:12]}; take `digest` out to use the new file")


@cache
def tokenizer(path: str, digest: str) -> Any:
    from tokenizers import Tokenizer

    return Tokenizer.from_file(path)


def token_starts(texts: list[str], path: str, digest: str) -> Iterator[npt.NDArray[np.int64]]:
    """Where the tokens of each text begin, in characters; of several tokens within one character each begins where it does."""
    if path == BYTES:
        for text in texts:
            sizes = [len(character.encode()) for character in text] if not text.isascii() else 1
            yield np.repeat(np.arange(len(text)), sizes)
        return
    made = tokenizer(path, digest)
    for start in range(0, len(texts), ROWS_AT_ONCE):
        for encoded in made.encode_batch(texts[start : start + ROWS_AT_ONCE], add_special_tokens=False):
            places = np.array([span[0] for span in encoded.offsets], np.int64)
            yield np.maximum.accumulate(places) if len(places) else places
