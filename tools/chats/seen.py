"""What values of a column hold, told from some of them: turns of a format, one turn, trees of messages, transcripts, or none of these."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from .calls import loaded
from .reading import TREE_REPLIES, Unreadable, is_transcript, transcript, turns_of
from .talk import CALLS, SYSTEM, TOOL, USER, Turn

Kind = Literal["messages", "sharegpt", "turn", "tree", "transcript", "history"]
ENOUGH = 0.9  # of the values: files hold a few rows that went wrong


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What the conversations of a column are like."""

    kind: Kind
    roles: frozenset[str] = frozenset()
    most_questions: int = 0
    most_turns: int = 0
    begins: bool = False  # with a user or the system: more than an answer
    has_calls: bool = False
    has_parts: bool = False  # that are no text
    has_keys: bool = False  # beside who speaks and what is said

    @property
    def has_system(self) -> bool:
        return SYSTEM in self.roles


def seen(values: Iterable[object]) -> Seen | None:
    """None where most values are no conversations."""
    found = [_one(value) for value in values if value is not None]
    told = [one for one in found if one is not None]
    if not found or len(told) < ENOUGH * len(found):
        return None
    kinds = {kind for kind, _ in told}
    if len(kinds) > 1:
        return None
    talks = [turns for _, turns in told]
    return Seen(
        kind=kinds.pop(),
        roles=frozenset(turn.who for turns in talks for turn in turns),
        most_questions=max(sum(turn.who == USER for turn in turns) for turns in talks),
        most_turns=max(map(len, talks)),
        begins=all(bool(turns) and turns[0].who in (USER, SYSTEM) for turns in talks),
        has_parts=any(turn.parts for turns in talks for turn in turns),
        has_keys=any(turn.keys for turns in talks for turn in turns),
        has_calls=any(turn.calls or turn.who in (CALLS, TOOL) for turns in talks for turn in turns),
    )


def _one(value: object) -> tuple[Kind, list[Turn]] | None:
    """Of one value: its kind and its turns."""
    if isinstance(value, str) and is_transcript(value):
        try:
            return "transcript", transcript(value)
        except Unreadable:
            return None
    if isinstance(value, str):
        value = loaded(value) if value[:1] in "[{" else None
    if isinstance(value, Mapping):
        if any(isinstance(value.get(key), list) for key in TREE_REPLIES):
            return "tree", []
        return _of([value], "turn")
    if not isinstance(value, list):
        return None
    if value and all(isinstance(pair, list) and len(pair) == 2 for pair in value):
        return "history", []
    first = next((one for one in value if isinstance(one, Mapping)), None)
    return None if first is None else _of(value, "sharegpt" if "from" in first else "messages")


def _of(value: list[object], kind: Kind) -> tuple[Kind, list[Turn]] | None:
    try:
        return kind, turns_of(value)
    except Unreadable:
        return None
