"""Which operators of the catalogue were vetted as their code is now: with this package, or on this machine."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from tools import catalogue
from tools.provenance import operator_digest

from .trust import State

PLACE = Path(__file__).with_name("certificates.json")


def vetted(name: str, state: State | None = None) -> bool:
    """The operator's code, as it is now, was vetted: with the package, or on this machine."""
    digest = operator_digest(catalogue.operator(name))
    if shipped().get(name) == digest:
        return True
    found = (state or State()).certificate(digest)
    return bool(found and found.get("passed"))


@cache
def shipped() -> Mapping[str, str]:
    """Operators that were vetted with this package, and the digest of their code then."""
    found: dict[str, str] = json.loads(PLACE.read_text(encoding="utf-8")) if PLACE.exists() else {}
    return found
