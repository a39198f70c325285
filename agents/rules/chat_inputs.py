"""Brings inputs of different chat formats into the one that the goal asks for, each in its own way, before they come together."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pyarrow as pa

from tools.chats.seen import Kind

from . import chat, chat_words
from .chat_formats import READS, Found, found, tree
from .clauses import Phrase
from .profile import Column, Table
from .wishes import Scene, Trouble, Wish

LONG = 200.0  # characters of a text that nobody has seen yet


@dataclass(frozen=True)
class Shaped:
    """The steps of each input, and the rows as they are after them."""

    shape: str
    wishes: Mapping[str, list[Wish]]
    table: Table


def shaped(phrases: list[Phrase], scene: Scene, mains: list[Table]) -> Shaped | None:
    """None where the inputs are in one format, the goal names no shape, or an input is in no format that can be read."""
    telling = next(((phrase, told[0]) for phrase in phrases if (told := chat_words.shape_of(phrase))), None)
    sources = {table.name: found(table) for table in mains}
    if telling is None or len(mains) < 2 or len({_kind(table, sources[table.name]) for table in mains}) < 2:
        return None
    phrase, shape = telling
    renames = all(source is not None and source.made_of == "alpaca" for source in sources.values()) and not any(map(tree, mains))
    shape = "alpaca" if renames else shape  # columns of one kind under other names: under one, filters still see them
    wishes: dict[str, list[Wish]] = {}
    for table in mains:
        own = replace(scene, main=table, shaped=shape)
        made = chat.made(shape, phrase, own, (0, 0))
        if isinstance(made, Trouble) or not made:
            return None
        column = tree(table)
        flat = [wish for wish in chat.trees(own, column) if wish.op == "flatten_chat"] if column else []
        wishes[table.name] = [*flat, *made]
    if any(source is not None and source.has_calls for source in sources.values()):
        wishes = {name: [_with_calls(wish) for wish in each] for name, each in wishes.items()}
    return Shaped("" if renames else shape, wishes, _after(shape, mains, wishes, [source for source in sources.values() if source]))


def _kind(table: Table, source: Found | None) -> tuple[object, ...]:
    if tree(table):
        return ("tree",)
    return () if source is None else (source.made_of, source.column, *sorted(source.on.items()), *sorted(source.params.items(), key=str))


def _with_calls(wish: Wish) -> Wish:
    """Turns of all inputs have the same keys, or they could not stand in one column."""
    return replace(wish, params={**wish.params, "has_calls": True}) if wish.op == "to_messages" else wish


def _after(shape: str, mains: list[Table], wishes: Mapping[str, list[Wish]], sources: list[Found]) -> Table:
    rows = sum(table.rows for table in mains)
    talks = [talk for source in sources for talk in source.talks]
    names: dict[str, None] = {}
    for each in wishes.values():
        kept = each[-1].params.get("columns")
        names |= dict.fromkeys(str(name) for name in kept) if isinstance(kept, list) else {}
    kind: Kind = "sharegpt" if shape == "sharegpt" else "messages"
    columns = [
        Column(name=name, kind="nested", type=pa.list_(pa.struct([])), filled=rows, talk=replace(talks[0], kind=kind) if talks else None)
        if name in READS.values()
        else Column(name=name, kind="text", type=pa.string(), mean_length=LONG, distinct=rows, filled=rows)
        for name in names
    ]
    return Table(name=mains[0].name, path=mains[0].path, columns=tuple(columns), rows=rows)
