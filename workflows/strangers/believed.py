"""Which operators in files this user has vetted: certificates by the sha256 of the file and the name of the class."""

from collections.abc import Mapping

from ..installed import version_of
from ..lock import Lock
from ..trust import State
from .file import called


def put(digest: str, name: str, certificate: Mapping[str, object], state: State | None = None) -> None:
    """Believe a certificate from now on."""
    (state or State()).put_certificate(_key(digest, name), certificate)


def is_vetted(digest: str, name: str, state: State | None = None) -> bool:
    """The operator of this name in a file of this sha256 passed, with this winnow: another may ask for more."""
    found = (state or State()).certificate(_key(digest, name))
    return bool(found and found.get("passed") and found.get("winnow") == version_of("winnow"))


def unvetted(lock: Lock) -> list[str]:
    """The operators in files of strangers that this user has not vetted, in words: they run after a person's yes at the terminal alone."""
    found = {str(meant): (meant.name, one.source) for one in lock.steps.values() if (meant := called(one.operator)) is not None}
    return [
        f"operator {op!r} is in a file of a stranger and unvetted: `winnow operators vet {op}`"
        for op, (name, digest) in sorted(found.items())
        if not is_vetted(digest, name)
    ]


def _key(digest: str, name: str) -> str:
    return f"{digest}:{name}"
