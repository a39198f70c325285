"""The common ways without a loop over rows: turns made from columns of text, and turns in the words of another format."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .reading import KNOWN, WHAT, WHO
from .talk import ASSISTANT, ROLES, SYSTEM, USER, Shape

CALLED_BESIDE = KNOWN - {*WHO, *WHAT}


def made(shape: Shape, system: pa.Array | None, user: pa.Array, assistant: pa.Array) -> pa.Array:
    """One turn of each; none of a system whose text is blank, and null where the user or the assistant has no text."""
    said = [user, assistant] if system is None else [system, user, assistant]
    roles = [shape.words[role] for role in ((USER, ASSISTANT) if system is None else (SYSTEM, USER, ASSISTANT))]
    rows = len(user)
    is_there = np.ones((rows, len(said)), np.bool_)
    if system is not None:
        is_there[:, 0] = _filled(system).to_numpy(zero_copy_only=False)
    is_null = pc.or_(pc.is_null(user), pc.is_null(assistant))
    is_there[is_null.to_numpy(zero_copy_only=False)] = False
    row, turn = np.nonzero(is_there)
    texts = pa.concat_arrays(said).take(pa.array(turn * rows + row))
    who = pa.array(roles, pa.string()).take(pa.array(turn))
    return _listed({shape.who: who, shape.what: texts}, is_there.sum(axis=1), is_null)


def question(instruction: pa.Array, extra: pa.Array | None) -> pa.Array:
    """The instruction and, below it where there is one, the input."""
    if extra is None:
        return instruction
    return pc.if_else(_filled(extra), pc.binary_join_element_wise(instruction, extra, "\n\n"), instruction)


def translated(conversations: pa.Array, shape: Shape) -> pa.Array | None:
    """The same turns in the words of this format, with all that they carry; none where they are more than roles and texts."""
    names = _names(conversations.type)
    turns = conversations.flatten() if names else pa.nulls(1)
    if not names or turns.null_count or pc.struct_field(turns, names[0]).null_count:
        return None
    who, what = names
    told = pc.dictionary_encode(pc.struct_field(turns, who).cast(pa.string())).cast(pa.dictionary(pa.int32(), pa.string()))
    roles = [ROLES.get(role.strip().lower(), role) for role in told.dictionary.to_pylist()]
    words = pa.array([shape.words.get(role, role) for role in roles], pa.string()).take(told.indices)
    others = [turns.type.field(place).name for place in range(turns.type.num_fields)]
    carried = {name: pc.struct_field(turns, name) for name in others if name not in names}
    sizes = pc.fill_null(pc.list_value_length(conversations), 0).to_numpy(zero_copy_only=False)
    columns = {shape.who: words, shape.what: pc.struct_field(turns, what).cast(pa.string()), **carried}
    return _listed(columns, sizes, pc.is_null(conversations))


def _names(kind: pa.DataType) -> tuple[str, str] | None:
    """The fields of who speaks and what is said, where both are texts and there is no other of that kind and no call."""
    turn = kind.value_type if pa.types.is_list(kind) or pa.types.is_large_list(kind) else None
    if turn is None or not pa.types.is_struct(turn):
        return None
    fields = {turn.field(place).name: turn.field(place).type for place in range(turn.num_fields)}
    known = [name for name in (*WHO, *WHAT) if name in fields]
    is_plain = not fields.keys() & CALLED_BESIDE and all(pa.types.is_string(fields[name]) or pa.types.is_large_string(fields[name]) for name in known)
    is_plain = is_plain and not any(pa.types.is_null(one) for one in fields.values())
    return (known[0], known[1]) if is_plain and len(known) == 2 and known[0] in WHO else None


def _filled(texts: pa.Array) -> pa.Array:
    return pc.fill_null(pc.not_equal(pc.utf8_trim_whitespace(texts), ""), False)


def _listed(columns: Mapping[str, pa.Array], sizes: np.ndarray[tuple[int], np.dtype[np.int64]], is_null: pa.Array) -> pa.Array:
    turns = pa.StructArray.from_arrays(list(columns.values()), fields=[pa.field(name, column.type) for name, column in columns.items()])
    offsets = np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), turns, type=pa.list_(turns.type), mask=is_null if pc.any(is_null).as_py() else None)
