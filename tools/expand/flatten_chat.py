"""Conversations out of trees of messages."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Literal

import pyarrow as pa
from pydantic import Field

from tools.chats.calls import loaded
from tools.chats.reading import TREE_REPLIES as REPLIES
from tools.chats.talk import ASSISTANT, MESSAGES, ROLES, USER
from tools.contract import ANY, Card, Columns, Desk, Example, Expand
from tools.errors import RowError

TEXTS, SPEAKERS = ("text", "content", "value"), ("role", "from")
MOST_TURNS = 1_000_000  # of all conversations of one tree: a deep and wide one has far more of them than messages
Path = list[dict[str, str]]


class FlattenChat(Expand):
    """Make one conversation of every way from the root of a message tree to a leaf, as in OpenAssistant's trees.

    A tree is a record with `text`, `role` and `replies`, or JSON text of such. Where a message has no role, users and assistants take turns.
    Messages marked as deleted or blank end their way. With `ends_with: assistant` questions that nobody answered are cut off, and
    ways that are then the same count once; a tree without an answer gives no row. With `keep: best` each tree gives one row: at
    every fork the reply of the lowest `rank`, else the first. Other columns come along from the tree's row.
    """

    keep: Literal["all", "best"] = Field(default="all", description="All ways, or the one along the best replies.")
    ends_with: Literal["assistant", "any"] = Field(default="assistant", description="Whose turn the last one may be.")

    card: ClassVar[Card] = Card(
        stage="format",
        reads={"tree": ANY},
        adds={"messages": MESSAGES.type, "path": pa.int32()},
        exact=True,
        micros_per_row=120.0,
        proof="the 100 trees of oasst_sample have 626 ways to a leaf, and 564 conversations that end with an answer (2026-11-28)",
        aliases=(
            "flatten conversation trees",
            "conversation trees to conversations",
            "message trees",
            "one conversation per path",
            "root to leaf paths",
            "OpenAssistant trees",
            "oasst to messages",
            "linearise the trees",
            "unroll threads",
        ),
        not_for=("a column of messages: use to_messages", "rows with a parent id: they are no trees yet", "long texts: use chunk"),
        examples=(
            Example(
                given={
                    "tree": [
                        '{"text": "Hi", "role": "prompter", "replies": [{"text": "Ho", "role": "assistant", "replies": '
                        '[{"text": "And?", "role": "prompter", "replies": []}]}, {"text": "Hey", "role": "assistant", "rank": 0}]}',
                        '{"text": "Nobody?", "role": "prompter", "replies": []}',
                    ]
                },
                gives={
                    "messages": [
                        [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}],
                        [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hey"}],
                    ],
                    "path": [0, 1],
                },
                drops={1: "childless"},
                parents=((0,), (0,)),
            ),
            Example(
                params={"keep": "best", "ends_with": "any"},
                given={"tree": ['{"text": "Hi", "replies": [{"text": "Ho", "rank": 1}, {"text": "Hey", "rank": 0}]}']},
                gives={"messages": [[{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hey"}]]},
            ),
        ),
    )

    def expand(self, batch: pa.RecordBatch, desk: Desk) -> tuple[Columns, pa.Array]:
        made: list[Path] = []
        paths: list[int] = []
        parents: list[list[int]] = []
        for row, tree in enumerate(batch["tree"].to_pylist()):
            found = self._talks(row, tree)
            made += found
            paths += range(len(found))
            parents += [[row]] * len(found)
        return {"messages": pa.array(made, MESSAGES.type), "path": pa.array(paths, pa.int32())}, pa.array(parents, pa.list_(pa.int32()))

    def _talks(self, row: int, tree: object) -> list[Path]:
        found: dict[tuple[str, ...], Path] = {}
        turns = 0
        for way in self._ways(row, loaded(tree) if isinstance(tree, str) else tree):
            kept = (
                way if self.ends_with == "any" else way[: max((place for place, turn in enumerate(way, 1) if turn["role"] == ASSISTANT), default=0)]
            )
            turns += len(kept)
            if turns > MOST_TURNS:
                raise RowError(row, f"the ways through this tree have more than {MOST_TURNS:,} turns")
            if kept:
                found.setdefault(tuple(part for turn in kept for part in turn.values()), kept)
        return list(found.values())

    def _ways(self, row: int, root: object) -> Iterator[Path]:
        """From the root to each leaf, in the order of the replies."""
        open_ways: list[tuple[object, Path]] = [(root, [])]
        while open_ways:
            node, before = open_ways.pop()
            turn = _turn(row, node, len(before))
            replies = _replies(row, node) if turn else []
            if turn is None or not replies:
                yield [*before, turn] if turn else before
                continue
            if self.keep == "best":
                replies = [min([reply for reply in replies if _turn(row, reply, 0)] or replies, key=_rank)]
            open_ways += [(reply, [*before, turn]) for reply in reversed(replies)]


def _turn(row: int, node: object, depth: int) -> dict[str, str] | None:
    """What the node says; none where that is deleted or blank."""
    if not isinstance(node, Mapping):
        raise RowError(row, "tree: it is no record with a text and its replies")
    text = next((node[key] for key in TEXTS if isinstance(node.get(key), str)), None)
    if text is None and not any(key in node for key in REPLIES):
        raise RowError(row, f"tree: a message has none of {', '.join(map(repr, TEXTS))}")
    role = next((node[key] for key in SPEAKERS if isinstance(node.get(key), str)), None)
    who = ROLES.get(role.strip().lower(), role) if role else (USER, ASSISTANT)[depth % 2]
    return None if node.get("deleted") is True or not (text or "").strip() else {"role": who, "content": text or ""}


def _replies(row: int, node: object) -> Sequence[object]:
    assert isinstance(node, Mapping)
    found: object = next((node[key] for key in REPLIES if node.get(key) is not None), [])
    if not isinstance(found, list):
        raise RowError(row, "tree: the replies of a message are no list")
    return [reply for reply in found if reply is not None]


def _rank(reply: object) -> float:
    rank = reply.get("rank") if isinstance(reply, Mapping) else None
    return float(rank) if isinstance(rank, int | float) else float("inf")
