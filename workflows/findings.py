"""What the checker finds: each with its line, what it belongs to, and the mend."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tools.errors import WinnowError

Part = Literal["recipe", "source", "step", "output", "check"]
SECTION: Mapping[Part, str] = {"source": "sources", "step": "steps", "output": "outputs", "check": "checks"}
MOST_SAID = 500  # characters: a finding quotes values, and those may be of any length


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong, or odd, in a recipe."""

    line: int | None
    part: Part
    step: str  # name of the step, source or output; empty for the recipe as a whole
    key: str  # `with.at_least`
    value: object
    message: str
    mend: str = ""

    def __str__(self) -> str:
        line = f"line {self.line}: " if self.line else ""
        owner = f"{self.part} {shortened(self.step)!r}: " if self.step else ""
        said = f"{line}{owner}{self.message}{self.mend if self.mend[:1] in (';', ':') else f'; {self.mend}' if self.mend else ''}"
        return " ".join(said.split())


@dataclass
class Findings:
    """Collects findings; nothing stops at the first."""

    lines: Mapping[str, int] = field(default_factory=dict)
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)

    def at(self, part: Part, name: str, place: str | int = "") -> "Spot":
        """Where findings on this source, step or output go; `place`: its key or number in its section."""
        return Spot(self, part, name, f"{SECTION[part]}.{place if place != '' else name}" if part in SECTION else "")

    def line(self, path: str) -> int | None:
        """The line of this key, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path.rpartition(".")[0]
        return self.lines.get(path)

    def in_order(self) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        """Errors and warnings by line."""
        errors, warnings = (sorted(found, key=lambda one: one.line or 0) for found in (self.errors, self.warnings))
        return tuple(errors), tuple(warnings)


@dataclass(frozen=True)
class Spot:
    """A place in the recipe to which findings belong."""

    findings: Findings
    part: Part
    name: str
    path: str

    def error(self, key: str, value: object, message: str, mend: str = "") -> None:
        self.findings.errors.append(self._finding(key, value, message, mend))

    def refuse(self, key: str, value: object, error: WinnowError, mend: str) -> None:
        """What this error says; its mend stands behind the first semicolon, or else is `mend`."""
        message, _, said = str(error).removeprefix(f"{self.part} {self.name!r}: ").partition("; ")
        self.error(key, value, message, said or mend)

    def warn(self, key: str, value: object, message: str, mend: str = "") -> None:
        self.findings.warnings.append(self._finding(key, value, message, mend))

    def _finding(self, key: str, value: object, message: str, mend: str) -> Finding:
        line = self.findings.line(".".join(part for part in (self.path, key) if part))
        return Finding(line=line, part=self.part, step=self.name, key=key, value=value, message=shortened(message), mend=shortened(mend))


def shortened(text: str) -> str:
    """The text, or its beginning and its end."""
    return text if len(text) <= MOST_SAID else f"{text[: MOST_SAID // 2]} ... {text[-MOST_SAID // 3 :]}"
