"""Writes docs/peers.md: which operator here answers each operator of four peers; `python -m docs.peers`. The answers stand in peers.yaml."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

HERE = Path(__file__).parent
PAGE, TABLE = HERE / "peers.md", HERE / "peers.yaml"
KINDS = {"answered": "answered", "model": "not yet: needs a model", "scope": "out of scope", "none": "no answer"}
ABOUT = """Data-Juicer, DataFlow, NeMo Curator and datatrove, operator by operator, as their packages of November 2026 list them: what answers each
here, and what does not, and why. The names were read in the packages; the answers are ours. An operator counts as answered where one of ours,
or an expression or pattern given to one, does what it is for; that the two decide alike is shown for some only
([agreement with datatrove](agreement.md)).
"""


@dataclass(frozen=True)
class Answer:
    """What stands against one operator of a peer: operators of ours, or why there are none."""

    kind: str  # a key of KINDS
    operators: tuple[str, ...]
    note: str


def answer(text: str) -> Answer:
    kind, colon, note = text.partition(": ")
    if colon and kind in KINDS:
        return Answer(kind, (), note)
    if colon and kind == "command":
        return Answer("answered", (), f"`{note.partition(' (')[0]}`{note[len(note.partition(' (')[0]) :]}")
    named, _, note = text.partition(" (")
    return Answer("answered", tuple(named.split(", ")), note.removesuffix(")"))


def peers() -> list[Mapping[str, object]]:
    found: list[Mapping[str, object]] = YAML(typ="safe").load(TABLE.read_text(encoding="utf-8"))
    return found


def named() -> set[str]:
    """Every operator of ours that the table speaks of."""
    return {name for peer in peers() for text in peer["operators"].values() for name in answer(text).operators}  # type: ignore[attr-defined]


def page() -> str:
    lines = ["<!-- Written by `python -m docs.peers`; change peers.yaml instead. -->", "", "# What peers have, and what answers it here", "", ABOUT]
    lines += [
        "| peer | operators for text | answered | needs a model | out of scope | no answer | images, audio, video |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [_counts(peer) for peer in peers()]
    for peer in peers():
        lines += ["", f"## {peer['name']} {peer['version']}", "", f"Counted: {peer['listed']}.", "", "| operator | here |", "|---|---|"]
        lines += [f"| {name} | {_cell(answer(text))} |" for name, text in peer["operators"].items()]  # type: ignore[attr-defined]
        if peer.get("media"):
            lines += ["", f"Out of scope, for images, audio or video ({len(peer['media'])}): {', '.join(peer['media'])}."]  # type: ignore[arg-type]
    return "\n".join(lines) + "\n"


def _counts(peer: Mapping[str, object]) -> str:
    every = Counter(answer(text).kind for text in peer["operators"].values())  # type: ignore[attr-defined]
    shown = " | ".join(str(every[kind]) for kind in KINDS)
    media = len(peer["media"]) if peer.get("media") else "not counted"  # type: ignore[arg-type]
    return f"| [{peer['name']} {peer['version']}](#{_anchor(peer)}) | {sum(every.values())} | {shown} | {media} |"


def _anchor(peer: Mapping[str, object]) -> str:
    return re.sub(r"[^a-z0-9 -]", "", f"{peer['name']} {peer['version']}".lower()).replace(" ", "-")


def _cell(found: Answer) -> str:
    note = found.note.replace("|", "\\|")
    if found.kind == "model":
        return f"not yet: needs a model ({note})"
    if found.kind != "answered":
        return f"{KINDS[found.kind]}: {note}"
    shown = ", ".join(f"`{name}`" for name in found.operators)
    return f"{shown} ({note})" if shown and note else shown or note


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
