"""Which versions of packages are installed."""

import re
from functools import cache
from importlib import metadata

VERSION = re.compile(r"^Version: *(\S+)", re.MULTILINE)


@cache
def version_of(name: str) -> str | None:
    """None where there is no such package. Looked up in its METADATA as text: Python would parse all of it as an e-mail, README and all."""
    try:
        found = VERSION.search(metadata.distribution(name).read_text("METADATA") or "")
        return found[1] if found else metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
