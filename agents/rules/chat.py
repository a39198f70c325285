"""Reads wishes for the shape that a trainer wants: chat messages, Alpaca columns, prompts, preference pairs."""

import re

import pyarrow as pa

from .clauses import Phrase
from .profile import Column, Table
from .sql import name_of
from .wishes import COLUMNS, FORMAT, Scene, Trouble, Wish

_CHAT = re.compile(
    r"\b(?:openai|chatml|chat(?:ml)?|messages|conversational?|conversations?)[ -](?:fine-?tuning )?(?:format|style|template|"
    r"layout|schema|shape|jsonl)\b|\bmessages (?:column|field|list|array)\b|\b(?:into|to|as)\s+(?:\w+\s+){0,2}(?:chat |"
    r"openai )?(?:messages|conversations|chats)\b|"
    r"\brole\b[^.;]{0,12}\bcontent\b|\buser turns?\b[^.;]{0,40}\bassistant\b"
)
_SHAREGPT = re.compile(r"\bshare-?gpt\b|\bfrom\b[^.;]{0,10}\band value\b")
_ALPACA = re.compile(r"\balpaca(?:[ -](?:format|style|shape|layout|schema|json|columns))\b|\b(?:to|into|as|in)\s+(?:the\s+)?(?:stanford\s+)?alpaca\b")
_TOWARDS = re.compile(r"\b(?:to|into|as|in)\s+(?:the\s+|an?\s+|stanford\s+)*$")
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
SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = (("conversations", _SHAREGPT), ("alpaca", _ALPACA), ("messages", _CHAT))
OPERATORS = {"conversations": ("to_sharegpt", "human", "gpt"), "messages": ("to_messages", "user", "assistant")}
TURNS = {"conversations": ("from", "value"), "messages": ("role", "content")}
OTHER = {"conversations": "messages", "messages": "conversations"}
FORMATS = {"conversations": "sharegpt", "messages": "messages"}
ALPACA = ("instruction", "input", "output")


def read(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """The shape a clause asks for, when it names one."""
    if not _WANTS.search(phrase.lower) or phrase.side == "drop":
        return []
    if _PREFERENCE.search(phrase.lower):
        return _preference(scene, phrase, _span(_PREFERENCE, phrase))
    shape = _shape(phrase)
    if shape == "alpaca":
        return _alpaca(scene, phrase, _span(_ALPACA, phrase))
    if shape:
        return _turns(scene, phrase, shape, _span(dict(SHAPES)[shape], phrase))
    if _PAIRS.search(phrase.lower) and scene.main.column("prompt") is None:
        return _pairs(scene, phrase, _span(_PAIRS, phrase))
    return []


def _span(pattern: re.Pattern[str], phrase: Phrase) -> tuple[int, int]:
    """From the first to the last words that name the shape."""
    found = list(pattern.finditer(phrase.lower))
    return found[0].start(), found[-1].end()


def _shape(phrase: Phrase) -> str | None:
    """The shape that the rows shall have; where several are named, the one behind `to`, `into` or `as`."""
    named = [(shape, match) for shape, pattern in SHAPES if (match := pattern.search(phrase.lower))]
    wanted = [shape for shape, match in named if re.match(r"(?:to|into|as|in)\b", match[0]) or _TOWARDS.search(phrase.lower[: match.start()])]
    return next(iter([*wanted, *(shape for shape, _ in named)]), None)


def _turns(scene: Scene, phrase: Phrase, column: str, span: tuple[int, int]) -> list[Wish] | Trouble:
    """A user turn and an assistant turn from an instruction and its answer, or turns of the other chat format."""
    table = scene.main
    have = table.column(column)
    if have is not None and have.kind == "nested":
        return Trouble("unclear", f"the data already has a column {column!r}")
    ask, answer = _first(table, ASKS), _first(table, ANSWERS)
    op, user, assistant = OPERATORS[column]
    other = OTHER[column]
    if _holds_turns(table, other):
        made = Wish(op=op, id="as_turns", stage=FORMAT, params={"made_of": FORMATS[other]}, span=span, evidence=f"{op}: the turns of {other}")
    elif ask and answer:
        made = _made(scene, phrase, op, ask, answer, span, f"{user} says {ask.name}{{}}, {assistant} says {answer.name}")
    else:
        return Trouble(
            "refuse",
            f"{phrase.text!r}: winnow makes chat turns out of an instruction and an answer, or out of messages or ShareGPT "
            f"conversations; the data has {', '.join(table.names)}. No operator reads other chats yet.",
        )
    return [
        made,
        Wish(op="select_columns", id="columns", stage=COLUMNS, params={"columns": [column]}, span=span, evidence=f"select_columns: {column}"),
    ]


def _made(scene: Scene, phrase: Phrase, op: str, ask: Column, answer: Column, span: tuple[int, int], says: str) -> Wish:
    table = scene.main
    extra = _extra(table, ask)
    prompt = table.column("system") or table.column("system_prompt")
    said = next(iter(phrase.quoted()), None) if re.search(r"\bsystem (?:prompt|message|turn)\b", phrase.lower) else None
    params: dict[str, object] = {} if extra else {"has_input": False}
    params |= {"system": said} if said else {"has_system": True} if prompt else {}
    bound = {"instruction": ask, "output": answer} | ({"input": extra} if extra else {})
    bound |= {"system": prompt} if prompt and not said else {}
    on: dict[str, str | list[str]] = {name: column.name for name, column in bound.items() if column.name != name}
    evidence = f"{op}: {says.format(f' and {extra.name}' if extra else '')}"
    return Wish(op=op, id="as_turns", stage=FORMAT, params=params, on=on or None, span=span, evidence=evidence)


def _alpaca(scene: Scene, phrase: Phrase, span: tuple[int, int]) -> list[Wish] | Trouble:
    """Instruction, input and output: out of a conversation, or by other names for the columns that are there."""
    table = scene.main
    columns = Wish(
        op="select_columns", id="columns", stage=COLUMNS, params={"columns": list(ALPACA)}, span=span, evidence=f"select_columns: {', '.join(ALPACA)}"
    )
    talk = next((name for name in TURNS if _holds_turns(table, name)), None)
    if talk:
        params: dict[str, object] = {} if talk == "messages" else {"made_of": "sharegpt"}
        return [
            Wish(op="to_alpaca", id="as_alpaca", stage=FORMAT, params=params, span=span, evidence=f"to_alpaca: the first turns of {talk}"),
            columns,
        ]
    ask, answer = _first(table, ASKS), _first(table, ANSWERS)
    if not ask or not answer:
        return Trouble("ask", f"{phrase.text!r}: which columns are the instruction and the answer? The data has {', '.join(table.names)}.")
    extra = _extra(table, ask)
    old = {ask.name: "instruction", answer.name: "output"} | ({extra.name: "input"} if extra else {})
    names = {name: new for name, new in old.items() if name != new}
    rename = Wish(op="rename", id="alpaca_names", stage=FORMAT, params={"names": names}, span=span, evidence=f"rename: {names}")
    empty = Wish(
        op="derive", id="no_input", stage=FORMAT, params={"column": "input", "value": "''"}, span=span, evidence="derive input: there is none"
    )
    return [*([rename] if names else []), *([] if extra else [empty]), columns]


def _pairs(scene: Scene, phrase: Phrase, span: tuple[int, int]) -> list[Wish] | Trouble:
    table = scene.main
    ask, answer = _first(table, ASKS), _first(table, ANSWERS)
    if not ask or not answer:
        return Trouble("ask", f"{phrase.text!r}: which columns are the prompt and the completion? The data has {', '.join(table.names)}.")
    target = "response" if re.search(r"\bprompt\b[^.;]{0,8}\bresponse", phrase.lower) else "completion"
    alone = re.search(r"\bprompt\b[`\"']?\s*(?:is|=|:|being|comes? from|from|should be|will be|holds?)\s+(?:the\s+)?", phrase.lower)
    extra = _extra(table, ask)
    only = alone and extra and not re.search(rf"\b{re.escape(extra.name.lower())}\b", phrase.lower)
    return _texts({"prompt": name_of(ask) if only else _question(table, ask), target: f"coalesce({name_of(answer)}, '')"}, span)


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
    extra = _extra(table, ask)
    name = name_of(ask)
    if extra is None:
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


def _extra(table: Table, ask: Column) -> Column | None:
    """What goes with an instruction: its input or context."""
    extra = table.column("input") or table.column("context")
    return extra if extra is not None and extra.kind == "text" and extra.name != ask.name else None


def _holds_turns(table: Table, name: str) -> bool:
    """Whether this column is a list of turns as its format writes them."""
    column = table.column(name)
    turn = column.type.value_type if column is not None and pa.types.is_list(column.type) else None
    return turn is not None and pa.types.is_struct(turn) and {turn.field(place).name for place in range(turn.num_fields)} >= set(TURNS[name])


def _first(table: Table, names: tuple[str, ...]) -> Column | None:
    return next((column for name in names if (column := table.column(name)) and column.kind == "text"), None)
