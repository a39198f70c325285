"""Licences of sources: how they are written, what a mix of them asks for."""

from collections.abc import Mapping
from dataclasses import dataclass

from tools.story import Story

UNKNOWN = "unknown"
OTHER = "other"
# as SPDX writes them; in small letters they are the names that the Hugging Face Hub takes
SPDX = (
    "AFL-3.0", "AGPL-3.0", "Apache-2.0", "Artistic-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC-BY-2.0", "CC-BY-2.5", "CC-BY-3.0",
    "CC-BY-4.0", "CC-BY-NC-2.0", "CC-BY-NC-3.0", "CC-BY-NC-4.0", "CC-BY-NC-ND-3.0", "CC-BY-NC-ND-4.0", "CC-BY-NC-SA-2.0", "CC-BY-NC-SA-3.0",
    "CC-BY-NC-SA-4.0", "CC-BY-ND-4.0", "CC-BY-SA-3.0", "CC-BY-SA-4.0", "CC0-1.0", "CDLA-Permissive-1.0", "CDLA-Permissive-2.0",
    "CDLA-Sharing-1.0", "EUPL-1.1", "GFDL-1.3", "GPL-2.0", "GPL-3.0", "ISC", "LGPL-2.1", "LGPL-3.0", "MIT", "MPL-2.0", "ODbL-1.0", "ODC-By-1.0",
    "OFL-1.1", "PDDL-1.0", "Unlicense", "WTFPL", "Zlib",
)  # fmt: skip
_BY_SMALL = {name.lower(): name for name in SPDX}
_HUB = {"odbl-1.0": "odbl", "pddl-1.0": "pddl", "odc-by-1.0": "odc-by", "gfdl-1.3": "gfdl"}
_ASKS = (
    ("-nc", "not for commercial use"),
    ("-nd", "no changed versions may be given away, which filtered or rewritten rows may be"),
    ("-sa", "what is made of it must be given away under the same licence"),
    ("-by", "the makers must be named"),
)


@dataclass(frozen=True)
class Terms:
    """Under what terms rows may be used: each licence with the rows that come under it."""

    rows: Mapping[str, int]  # licence as the recipe writes it, or `unknown` → rows
    stated: str | None  # what the recipe says of the whole

    @property
    def names(self) -> list[str]:
        return [self.stated] if self.stated else list(self.rows)

    @property
    def is_mixed(self) -> bool:
        return len(self.rows) > 1

    def hub(self) -> list[str]:
        """Names that the Hub takes."""
        return list(dict.fromkeys(_hub(name) for name in self.names)) or [UNKNOWN]

    def urls(self) -> list[str]:
        """Where the licences can be read; a name where no address is known."""
        return [f"https://spdx.org/licenses/{_BY_SMALL[name.lower()]}.html" if name.lower() in _BY_SMALL else name for name in self.names]

    def asks(self) -> list[str]:
        """What the licences ask for, each with those that do."""
        found = []
        for mark, asked in _ASKS:
            who = [name for name in self.rows if mark in name.lower() and name.lower().startswith("cc")]
            found += [f"{', '.join(who)}: {asked}"] if who else []
        alike = [name for name in self.rows if "-sa" in name.lower() and "-nc" not in name.lower()]
        narrower = [name for name in self.rows if "-nc" in name.lower() or "-nd" in name.lower()]
        if alike and narrower:
            found.append(
                f"{', '.join(alike)} asks for the same licence for the whole, which {', '.join(narrower)} does not allow: "
                "together the rows may not be given away under one licence"
            )
        return found


def terms_of(story: Story, stated: str | None) -> Terms:
    """The licences of all rows that are in the output, the one of most rows first."""
    rows: dict[str, int] = {}
    for source in story.sources:
        if count := sum(source.kept.values()):
            name = (source.licence or "").strip() or UNKNOWN
            rows[name] = rows.get(name, 0) + count
    return Terms(dict(sorted(rows.items(), key=lambda pair: (-pair[1], pair[0]))), stated)


def _hub(name: str) -> str:
    small = name.lower()
    return UNKNOWN if small == UNKNOWN else _HUB.get(small, small) if small in _BY_SMALL else OTHER
