"""Turns of a conversation as lists of records: made from columns, read, and written in other words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tools.errors import RecipeError


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How a format writes a turn: who speaks, what is said, and its words for the three roles."""

    column: str
    who: str
    what: str
    system: str
    user: str
    assistant: str

    @property
    def type(self) -> pa.DataType:
        return pa.list_(pa.struct([pa.field(self.who, pa.string()), pa.field(self.what, pa.string())]))


MESSAGES = Shape(column="messages", who="role", what="content", system="system", user="user", assistant="assistant")
SHAREGPT = Shape(column="conversations", who="from", what="value", system="system", user="human", assistant="gpt")
SHAPES: Mapping[str, Shape] = {"messages": MESSAGES, "sharegpt": SHAREGPT}
CALLED: Mapping[str, tuple[str, ...]] = {  # what roles are called in files of either format
    "system": ("system",),
    "user": ("user", "human", "prompter"),
    "assistant": ("assistant", "gpt", "chatgpt", "bot", "model", "bard", "bing", "claude"),
}


def made(shape: Shape, system: pa.Array | None, user: pa.Array, assistant: pa.Array) -> pa.Array:
    """One turn of each; none of a system whose text is blank, and null where the user or the assistant has no text."""
    said = [user, assistant] if system is None else [system, user, assistant]
    roles = [shape.user, shape.assistant] if system is None else [shape.system, shape.user, shape.assistant]
    rows = len(user)
    is_there = np.ones((rows, len(said)), np.bool_)
    if system is not None:
        is_there[:, 0] = _filled(system).to_numpy(zero_copy_only=False)
    is_null = pc.or_(pc.is_null(user), pc.is_null(assistant))
    is_there[is_null.to_numpy(zero_copy_only=False)] = False
    row, turn = np.nonzero(is_there)
    texts = pa.concat_arrays(said).take(pa.array(turn * rows + row))
    who = pa.array(roles, pa.string()).take(pa.array(turn))
    return _listed(shape, who, texts, is_there.sum(axis=1), is_null)


def question(instruction: pa.Array, extra: pa.Array | None) -> pa.Array:
    """The instruction and, below it where there is one, the input."""
    if extra is None:
        return instruction
    return pc.if_else(_filled(extra), pc.binary_join_element_wise(instruction, extra, "\n\n"), instruction)


def translated(conversations: pa.Array, old: Shape, new: Shape) -> pa.Array:
    """The same turns in the words of another format; a role that it has no word for stays as it is."""
    turns = conversations.flatten()
    who = pc.struct_field(turns, old.who).cast(pa.string())
    for role, names in CALLED.items():
        who = pc.if_else(pc.fill_null(pc.is_in(who, value_set=pa.array(names)), False), getattr(new, role), who)
    texts = pc.struct_field(turns, old.what).cast(pa.string())
    sizes = pc.fill_null(pc.list_value_length(conversations), 0).to_numpy(zero_copy_only=False)
    return _listed(new, who, texts, sizes, pc.is_null(conversations))


def exchanges(conversation: Sequence[Mapping[str, str | None] | None], shape: Shape) -> Iterator[tuple[str, str]]:
    """What a user said and the answer to it, one after the other; turns of tools, and those without text, are left out."""
    asked: list[str] = []
    for turn in conversation:
        who, text = (turn[shape.who], turn[shape.what]) if turn else (None, None)
        if text is None:
            continue
        if who in CALLED["user"]:
            asked.append(text)
        elif who in CALLED["assistant"] and asked:
            yield "\n\n".join(asked), text
            asked = []


def checked(column: str, kind: pa.DataType, shape: Shape) -> None:
    """Raises RecipeError where a column holds no turns of this shape."""
    turn = kind.value_type if pa.types.is_list(kind) or pa.types.is_large_list(kind) else None
    fields = [turn.field(place) for place in range(turn.num_fields)] if turn is not None and pa.types.is_struct(turn) else []
    texts = {field.name for field in fields if pa.types.is_string(field.type)}
    if not {shape.who, shape.what} <= texts:
        raise RecipeError(f"on: {column} is {kind}; it must be a list of turns with the texts {shape.who!r} and {shape.what!r}")


def _filled(texts: pa.Array) -> pa.Array:
    return pc.fill_null(pc.not_equal(pc.utf8_trim_whitespace(texts), ""), False)


def _listed(shape: Shape, who: pa.Array, texts: pa.Array, sizes: np.ndarray[tuple[int], np.dtype[np.int64]], is_null: pa.Array) -> pa.Array:
    turns = pa.StructArray.from_arrays([who, texts], fields=list(shape.type.value_type))
    offsets = np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), turns, type=shape.type, mask=is_null if pc.any(is_null).as_py() else None)
