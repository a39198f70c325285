"""Takes keys and control characters out of whatever a server said, before it is shown, raised or stored."""

import os
import re
from collections.abc import Callable, Iterable
from urllib.parse import quote

from .endpoints import Endpoint
from .errors import Misconfigured

GONE = "[key]"
SHORTEST = 6  # replacing shorter ones would tear words apart
LOOKS_LIKE_ONE = re.compile(r"(?i:bearer)\s+[\w.~+/=-]{6,}|\b(?:sk|pk|gsk|hf|xai)[-_][\w-]{10,}")
UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
MOST_SHOWN = 200


def secrets_of(endpoint: Endpoint) -> tuple[str | None, dict[str, str]]:
    """The key and the headers of an endpoint, read from the environment now."""
    key = None if endpoint.key_env is None else _from_environment(endpoint, endpoint.key_env)
    headers = {name: _from_environment(endpoint, value[1:]) if value.startswith("$") else value for name, value in endpoint.headers.items()}
    return key, headers


class Redactor:
    """Knows the keys of one endpoint by value."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms = {form for secret in secrets if len(secret) >= SHORTEST for form in (secret, quote(secret, safe=""))}
        self._forms = sorted(forms, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, self._forms))) if forms else None

    def without_keys(self, text: str) -> str:
        """The text without the keys that were sent, wherever a server repeats them."""
        return self._known.sub(GONE, text) if self._known else text

    def pieces(self, tell: Callable[[str], None]) -> Callable[[str], None]:
        """The same for text that comes in pieces: what may be the beginning of a key waits for the rest. The last call is with nothing."""
        waiting = ""

        def take(piece: str) -> None:
            nonlocal waiting
            clean = self.without_keys(waiting + piece)
            held = max((size for form in self._forms for size in range(1, len(form)) if clean.endswith(form[:size])), default=0) if piece else 0
            waiting = clean[len(clean) - held :]
            if told := clean[: len(clean) - held]:
                tell(told)

        return take

    def shown(self, text: str) -> str:
        """What a message quotes: no key, nothing that looks like one, no control character, two hundred characters."""
        clean = LOOKS_LIKE_ONE.sub(GONE, self.without_keys(text))
        return repr(UNSAFE.sub(" ", clean).strip()[:MOST_SHOWN])


def _from_environment(endpoint: Endpoint, name: str) -> str:
    value = os.environ.get(name, "").strip()
    if not value:
        raise Misconfigured(f"{endpoint.alias}: the environment variable {name} that holds its key is not set; export {name}=... first")
    return value
