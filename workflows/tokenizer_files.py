"""Tables of tokenizers that steps name: they come with recipes and models of strangers, so they are looked at before a library reads them."""

from pathlib import Path

from tools.contract import Operator

from .trust import State

LOOKED_AT = 1  # raised where more is looked for: what passed before is looked at again


def amiss(operator: Operator) -> str | None:
    """What stands against the tokenizer.json of this operator; each content is looked at once."""
    path, digest = getattr(operator, "tokenizer", None), getattr(operator, "digest", None)
    if not isinstance(path, str) or not isinstance(digest, str) or not digest:
        return None
    passed = State().room("models") / f"tokenizer-{digest}-{LOOKED_AT}"
    if passed.exists():
        return None

    from sandbox.models import ModelRefused
    from sandbox.models.tables import checked_file

    try:
        checked_file(Path(path))
    except ModelRefused as error:
        return str(error)
    passed.touch()
    return None
