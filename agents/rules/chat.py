"""Reads wishes for the shape that a trainer wants, chat messages, prompts, preference pairs, and writes it with expressions."""

import re

import pyarrow as pa

from .clauses import Phrase
from .profile import Column, Table
from .sql import name_of, text_literal
from .wishes import COLUMNS, FORMAT, Scene, Trouble, Wish

_CHAT = re.compile(
    r"\b(?:openai|chatml|chat(?:ml)?|messages|conversational?|conversations?)[ -](?:fine-?tuning )?(?:format|style|template|"
    r"layout|schema|shape|jsonl)\b|\bmessages (?:column|field|list|array)\b|\b(?:into|to|as)\s+(?:\w+\s+){0,2}(?:chat |"
    r"openai )?(?:messages|conversations|chats)\b|"
    r"\brole\b[^.;]{0,12}\bcontent\b|\buser turns?\b[^.;]{0,40}\bassistant\b"
)
_SHAREGPT = re.compile(r"\bshare-?gpt\b|\bfrom\b[^.;]{0,10}\band value\b")
_PREFERENCE = re.compile(
    r"\bdpo(?:[ -]?trainer)?\b|\bpreference (?:format|pairs?|data\w*|training|tuning)\b|"
    r"\bprompt\b[^.;]{0,12}\bchosen\b[^.;]{0,12}\brejected\b|\breward model(?:ing|ling)?\b"
)
_PAIRS = re.compile(r"\bprompt\b[^.;]{0,8}\b(?:completion|response)s?\b(?:[^.;]*\b(?:format|columns?|pairs?|fields?)\b)?")
_WANTS = re.compile(
    r"\b(?:convert|turn|transform|reshape|reformat|format|bring|make|write|save|export|output|store|want\w*|need\w*|"
    r"expect\w*|go\w* into|read|produce|create|use[sd]?|get|into|as|to)\b"
)
ASKS, ANSWERS = ("instruction", "prompt", "question", "query"), ("output", "response", "answer", "completion")
ROLES = {"messages": ("role", "content", "user", "assistant", "system"), "conversations": ("from", "value", "human", "gpt", "system")}


def read(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """The shape a clause asks for, when it names one."""
    if not _WANTS.search(phrase.lower) or phrase.side == "drop":
        return []
    if _PREFERENCE.search(phrase.lower):
        return _preference(scene, phrase, _span(_PREFERENCE, phrase))
    if _SHAREGPT.search(phrase.lower):
        return _turns(scene, phrase, "conversations", _span(_SHAREGPT, phrase))
    if _CHAT.search(phrase.lower):
        return _turns(scene, phrase, "messages", _span(_CHAT, phrase))
    if _PAIRS.search(phrase.lower) and scene.main.column("prompt") is None:
        return _pairs(scene, phrase, _span(_PAIRS, phrase))
    return []


def _span(pattern: re.Pattern[str], phrase: Phrase) -> tuple[int, int]:
    """From the first to the last words that name the shape."""
    found = list(pattern.finditer(phrase.lower))
    return found[0].start(), found[-1].end()


def _turns(scene: Scene, phrase: Phrase, column: str, span: tuple[int, int]) -> list[Wish] | Trouble:
    """A user turn and an assistant turn from an instruction and its answer."""
    table = scene.main
    have = table.column(column)
    if have is not None and have.kind == "nested":
        return Trouble("unclear", f"the data already has a column {column!r}")
    ask, answer = _first(table, ASKS), _first(table, ANSWERS)
    if not ask or not answer:
        return Trouble(
            "refuse",
            f"{phrase.text!r}: winnow makes chat turns out of an instruction and an answer; the data has {', '.join(table.names)}. "
            f"No operator reads other chats yet.",
        )
    who, what, user, assistant, system = ROLES[column]
    turns = [_turn(who, what, user, _question(table, ask)), _turn(who, what, assistant, f"coalesce({name_of(answer)}, '')")]
    prompt = table.column("system") or table.column("system_prompt")
    turns = [_turn(who, what, system, f"coalesce({name_of(prompt)}, '')"), *turns] if prompt else turns
    value = f"list_value({', '.join(turns)})"
    return [
        Wish(
            op="derive",
            id="as_turns",
            stage=FORMAT,
            params={"column": column, "value": value},
            span=span,
            evidence=f"derive {column}: {user} says {ask.name}{' and input' if table.column('input') else ''}, {assistant} says {answer.name}",
        ),
        Wish(op="select_columns", id="columns", stage=COLUMNS, params={"columns": [column]}, span=span, evidence=f"select_columns: {column}"),
    ]


def _pairs(scene: Scene, phrase: Phrase, span: tuple[int, int]) -> list[Wish] | Trouble:
    table = scene.main
    ask, answer = _first(table, ASKS), _first(table, ANSWERS)
    if not ask or not answer:
        return Trouble("ask", f"{phrase.text!r}: which columns are the prompt and the completion? The data has {', '.join(table.names)}.")
    target = "response" if re.search(r"\bprompt\b[^.;]{0,8}\bresponse", phrase.lower) else "completion"
    return _texts({"prompt": _question(table, ask), target: f"coalesce({name_of(answer)}, '')"}, span)


def _preference(scene: Scene, phrase: Phrase, span: tuple[int, int]) -> list[Wish] | Trouble:
    """Prompt, chosen and rejected as plain texts, out of chat turns where they are no texts yet."""
    table = scene.main
    values: dict[str, str] = {}
    for name in ("chosen", "rejected"):
        column = table.column(name)
        value = _said(column) if column else None
        if column is None or value is None:
            return Trouble(
                "ask",
                f"{phrase.text!r}: preference pairs need the columns chosen and rejected; the data has {', '.join(table.names)}. Which "
                f"columns are they?",
            )
        values[name] = value
    ask = next((column for name in (*ASKS, "conversations", "messages") if (column := table.column(name))), None)
    prompt = None if ask is None else _question(table, ask) if ask.kind == "text" else _said(ask)
    if prompt is None:
        return Trouble("ask", f"{phrase.text!r}: which column holds the prompt? The data has {', '.join(table.names)}.")
    lacks = "more than the last turn of a conversation in the prompt" if ask is not None and ask.longest > 1 else ""
    return _texts({"prompt": prompt, **values}, span, lacks)


def _texts(values: dict[str, str], span: tuple[int, int], lacks: str = "") -> list[Wish]:
    made = [
        Wish(
            op="derive",
            id=f"as_{name}",
            stage=FORMAT,
            params={"column": name, "value": value},
            span=span,
            evidence=f"derive {name} = {value}",
            lacks=lacks,
        )
        for name, value in values.items()
        if value != name
    ]
    return [
        *made,
        Wish(
            op="select_columns",
            id="columns",
            stage=COLUMNS,
            params={"columns": list(values)},
            span=span,
            evidence=f"select_columns: {', '.join(values)}",
        ),
    ]


def _question(table: Table, ask: Column) -> str:
    """What the user says: the question, and below it the input where there is one."""
    extra = table.column("input") or table.column("context")
    name = name_of(ask)
    if extra is None or extra.kind != "text" or extra.name == ask.name:
        return name
    return f"case when trim(coalesce({name_of(extra)}, '')) = '' then {name} else concat({name}, chr(10), chr(10), {name_of(extra)}) end"


def _said(column: Column) -> str | None:
    """The text of a column: itself, what a turn says, or what the last of many turns says."""
    if column.kind == "text":
        return name_of(column)
    if pa.types.is_struct(column.type):
        return _field(column.type, name_of(column))
    if pa.types.is_list(column.type) and pa.types.is_struct(column.type.value_type):
        return _field(column.type.value_type, f"list_extract({name_of(column)}, array_length({name_of(column)}))")
    return None


def _field(kind: pa.DataType, of: str) -> str | None:
    names = [kind.field(place).name for place in range(kind.num_fields)]
    name = next((name for name in ("value", "content", "text") if name in names), None)
    return f"struct_extract({of}, '{name}')" if name else None


def _turn(who: str, what: str, role: str, value: str) -> str:
    return f'struct_pack("{who}" := {text_literal(role)}, "{what}" := {value})'


def _first(table: Table, names: tuple[str, ...]) -> Column | None:
    return next((column for name in names if (column := table.column(name)) and column.kind == "text"), None)
