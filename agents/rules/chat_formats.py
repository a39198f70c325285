"""Finds which chat format an input is in, and how the operators that convert it are to read it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from tools.chats.seen import Seen

from .profile import Column, Table

ASKS, ANSWERS = ("instruction", "prompt", "question", "query"), ("output", "response", "answer", "completion")
SIDES = (
    ("chosen", "rejected"),
    ("chosen_response", "rejected_response"),
    ("response_chosen", "response_rejected"),
    ("chosen_output", "rejected_output"),
    ("preferred", "dispreferred"),
    ("accepted", "rejected"),
    ("better", "worse"),
)
TALKS = ("messages", "conversations", "conversation", "dialogue", "dialog", "chat", "turns")
SYSTEMS = ("system", "system_prompt")
READS = {"messages": "messages", "sharegpt": "conversations"}


@dataclass(frozen=True, kw_only=True)
class Found:
    """The format of the rows: `made_of` and the other parameters that say so, columns that are called otherwise, what stands in them."""

    made_of: str
    column: str = ""  # of the turns, where one column holds them
    params: Mapping[str, object] = field(default_factory=dict)
    on: Mapping[str, str] = field(default_factory=dict)
    talks: tuple[Seen, ...] = ()
    says: str = ""

    @property
    def is_several(self) -> bool:
        """Whether some conversations have more than one exchange."""
        return any(talk.most_questions > 1 or talk.kind == "history" for talk in self.talks)

    @property
    def has_calls(self) -> bool:
        return any(talk.has_calls for talk in self.talks)

    @property
    def has_system(self) -> bool:
        return "has_system" in self.params or any(talk.has_system for talk in self.talks)

    @property
    def is_spoken(self) -> bool:
        """Whether it stands in texts with speakers, `Human: … Assistant: …`."""
        return any(talk.kind == "transcript" for talk in self.talks)


def found(table: Table) -> Found | None:
    """The format, the richest first: preference pairs, turns, prompt and completion as turns, questions and answers, transcripts."""
    return preference(table) or turns(table) or _completion(table) or pairs(table) or _transcript(table)


def tree(table: Table) -> Column | None:
    """The column of message trees."""
    return next((column for column in table.columns if column.talk and column.talk.kind == "tree"), None)


def preference(table: Table) -> Found | None:
    """Pairs of a better and a worse answer, and where their question stands."""
    sides = next(((good, bad) for one, other in SIDES if (good := table.column(one)) and (bad := table.column(other))), None)
    if sides is None or not all(side.kind == "text" or side.talk for side in sides):
        return None
    on = {name: column.name for name, column in zip(("chosen", "rejected"), sides, strict=True) if column.name != name}
    params: dict[str, object] = {"made_of": "preference"}
    asked = _asked(table)
    if asked is None:
        if not all(side.talk and side.talk.begins for side in sides):
            return None
        return Found(made_of="preference", params=params | {"asked_in": "sides"}, on=on, talks=_talks(*sides), says="what both sides begin with")
    named = "instruction" if asked.name in ("question", "query") else asked.name
    params |= {} if named == "prompt" else {"asked_in": named}
    extra = extra_of(table, asked) if asked.kind == "text" else None
    params |= {"has_input": True} if extra else {}
    on |= {name: column.name for name, column in ((named, asked), *((("input", extra),) if extra else ())) if column.name != name}
    read = _beside(table, params, on)
    return Found(made_of="preference", params=params, on=on, talks=_talks(asked, *sides, *read), says=f"the prompt in {asked.name}")


def turns(table: Table) -> Found | None:
    """One column of turns."""
    held = [column for column in table.columns if column.talk and column.talk.kind in READS]
    best = min(held, key=lambda column: TALKS.index(column.name) if column.name in TALKS else len(TALKS), default=None)
    if best is None or best.talk is None or best.name in ("prompt", "completion"):
        return None
    made_of = best.talk.kind
    on = {READS[made_of]: best.name} if best.name != READS[made_of] else {}
    params: dict[str, object] = {"made_of": made_of}
    _beside(table, params, on)
    return Found(made_of=made_of, column=best.name, params=params, on=on, talks=_talks(best), says=f"the turns of {best.name}")


def pairs(table: Table) -> Found | None:
    """Columns of a question and its answer."""
    ask, answer = first(table, ASKS), first(table, ANSWERS)
    if ask is None or answer is None:
        return None
    extra = extra_of(table, ask)
    params: dict[str, object] = {} if extra else {"has_input": False}
    bound = {"instruction": ask, "output": answer} | ({"input": extra} if extra else {})
    on = {name: column.name for name, column in bound.items() if column.name != name}
    read = _beside(table, params, on)
    says = f"{{user}} says {ask.name}{f' and {extra.name}' if extra else ''}, {{assistant}} says {answer.name}"
    return Found(made_of="alpaca", params=params, on=on, talks=_talks(*read), says=says)


def first(table: Table, names: tuple[str, ...]) -> Column | None:
    return next((column for name in names if (column := table.column(name)) and column.kind == "text"), None)


def extra_of(table: Table, ask: Column) -> Column | None:
    """What goes with an instruction: its input or context."""
    extra = table.column("input") or table.column("context")
    return extra if extra is not None and extra.kind == "text" and extra.name != ask.name else None


def is_plain(column: Column, who: str, what: str) -> bool:
    """A list of records whose two texts are who speaks and what is said."""
    turn = column.type.value_type if pa.types.is_list(column.type) else None
    if turn is None or not pa.types.is_struct(turn):
        return False
    fields = {turn.field(place).name: turn.field(place).type for place in range(turn.num_fields)}
    return all(name in fields and pa.types.is_string(fields[name]) for name in (who, what))


def _completion(table: Table) -> Found | None:
    prompt, completion = table.column("prompt"), table.column("completion")
    if (
        prompt is None
        or completion is None
        or not (prompt.talk or completion.talk)
        or "tree" in {one.talk.kind for one in (prompt, completion) if one.talk}
    ):
        return None
    params: dict[str, object] = {"made_of": "prompt_completion"}
    return Found(made_of="prompt_completion", params=params, talks=_talks(prompt, completion), says="prompt and completion")


def _transcript(table: Table) -> Found | None:
    column = next((column for column in table.columns if column.talk and column.talk.kind == "transcript"), None)
    if column is None:
        return None
    on = {"text": column.name} if column.name != "text" else {}
    return Found(made_of="transcript", params={"made_of": "transcript"}, on=on, talks=_talks(column), says=f"the speakers of {column.name}")


def _asked(table: Table) -> Column | None:
    """The column of the question, or of the conversation before the answers."""
    named = (column for name in (*ASKS, "conversations", "messages") if (column := table.column(name)))
    return next((column for column in named if column.kind == "text" or (column.talk and column.talk.kind in READS)), None)


def _beside(table: Table, params: dict[str, object], on: dict[str, str]) -> list[Column]:
    """Notes columns of the system and of the history, where the data has such."""
    system = first(table, SYSTEMS)
    history = table.column("history")
    if system:
        params["has_system"] = True
        on |= {"system": system.name} if system.name != "system" else {}
    if history and history.talk and history.talk.kind == "history":
        params["has_history"] = True
        return [history]
    return []


def _talks(*columns: Column) -> tuple[Seen, ...]:
    return tuple(column.talk for column in columns if column.talk)
