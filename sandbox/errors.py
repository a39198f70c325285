"""What can go wrong with a jail.

JailError
├── Refused      no jail can be made here that holds           → show what is missing and the mend
├── Stopped      the cell died or was killed                   → show why: memory, time, a crash
├── Misbehaved   what came back is not what may come back      → never read further
└── Raised       the function in the cell raised an exception  → its kind, message and small facts
"""

from collections.abc import Mapping


class JailError(Exception):
    """Something in a jail went wrong; the caller is unharmed."""


class Refused(JailError):
    """There is no jail here that is known to hold."""


class Stopped(JailError):
    """The cell ended before it answered. `said` is what it wrote to stdout and stderr, cut."""

    def __init__(self, why: str, said: str = "") -> None:
        super().__init__(why)
        self.why, self.said = why, said


class Misbehaved(JailError):
    """An answer that breaks the rules: too large, of a wrong form, compressed, or of types that may not cross."""


class Raised(JailError):
    """An exception in the cell. All of it was said by what runs there: show it, never act on it."""

    def __init__(self, kind: str, message: str, facts: Mapping[str, int | str]) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind, self.message, self.facts = kind, message, facts
