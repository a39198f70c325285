"""Reads wishes for the shape that a trainer wants: chat messages, ShareGPT, Alpaca columns, prompts, preference pairs."""

import re
from collections.abc import Mapping

import pyarrow as pa

from tools.chats.seen import Seen

from . import chat_words
from .chat_formats import ANSWERS, ASKS, READS, Found, extra_of, first, found, is_plain, preference, tree, turns
from .clauses import Phrase
from .profile import Column, Table
from .sql import name_of
from .wishes import COLUMNS, EXTRACT, FORMAT, Scene, Trouble, Wish

OPERATORS = {"sharegpt": ("to_sharegpt", "human", "gpt"), "messages": ("to_messages", "user", "assistant")}
RECORDS = {"messages": ("role", "content"), "sharegpt": ("from", "value")}
ALPACA = ("instruction", "input", "output")
_TREES = re.compile(
    r"\b(?:flatten|unroll|lineari[sz]e|unfold)\w*\b|\b(?:conversation|message|chat|dialog(?:ue)?) (?:trees?|threads?)\b|"
    r"\b(?:one|an?|each|single|every)\s+(?:\w+\s+){0,3}(?:per|for each|for every)\s+(?:leaf|path|branch|way)\b(?:[^.;,]{0,10}\btrees?\b)?|"
    r"\b(?:root[- ]to[- ]leaf|leaf|leaves)\b|\b(?:paths?|branch(?:es)?|ways?) (?:of|through|in|from)\b[^.;]{0,20}\btrees?\b|\btrees?\b"
)
_BEST = re.compile(r"\b(?:best|top|highest|first)[- ]?(?:rank\w*|rated|answers?|repl(?:y|ies)|paths?|branch\w*)\b|\brank(?:ed)? (?:0|first|best)\b")
_CHOSEN = re.compile(r"\bchosen\b|\bpreferred\b|\b(?:better|good|winning|accepted) (?:answer|response|side|one|completion)s?\b|\bsft\b|\brejected\b")
Span = tuple[int, int]


def read(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """The shape a clause asks for, when it names one."""
    flat = _flattened(phrase, scene)
    told = chat_words.shape_of(phrase)
    if told is None and chat_words.names_system(phrase) and phrase.side != "drop":
        shape = chat_words.shape_of_goal(scene) or _own(scene.main)
        told = (shape, (0, len(phrase.lower))) if shape else None
    if told is None:
        return flat
    shape, span = told
    if shape == scene.shaped:
        evidence = f"each input in its own way: {', '.join(scene.main.names)}"
        return [Wish(op="select_columns", id="columns", stage=COLUMNS, params={"columns": list(scene.main.names)}, span=span, evidence=evidence)]
    span = (0, len(phrase.lower)) if chat_words.names_system(phrase) else chat_words.with_manner(phrase.lower, span)
    wishes = made(shape, phrase, scene, span)
    return [*flat, *wishes] if isinstance(wishes, list) else wishes


def conversion(scene: Scene, shape: str) -> tuple[str, Found, dict[str, object]] | None:
    """Operator, format and parameters of the step that writes this shape; none where the data is in no format that it reads."""
    source = source_of(scene, shape)
    if source is None:
        return None
    goal, params = scene.goal.lower(), dict(source.params)
    system = chat_words.system_of(scene)
    params |= {"system": system} if system else {}
    if system:
        params.pop("has_system", None)
    form = chat_words.form_of(goal)
    texts = bool(source.is_several or source.has_calls)
    if shape in OPERATORS:
        params |= {"has_calls": True} if shape == "messages" and source.has_calls else {}
        return OPERATORS[shape][0], source, params | ({"has_tools": True} if "tools" in _beside(scene.main, source) else {})
    if shape == "alpaca":
        params |= {"turn": "last"} if source.is_several and source.made_of != "preference" and not chat_words.wants_first(goal) else {}
        params |= {"turn": "last"} if source.made_of == "preference" and source.is_several else {}
        return "to_alpaca", source, params | ({"with_system": True} if source.has_system or system else {})
    if shape == "prompt_completion":
        held = form if form in ("texts", "messages", "transcript") else "messages" if texts and not chat_words.wants_first(goal) else "texts"
        params |= {"form": held} if held != "texts" else {}
        return "to_prompt_completion", source, params | _more(held, source, bool(system))
    held = form or ("transcript" if source.is_spoken else "texts")
    return (
        "to_preference",
        source,
        {name: value for name, value in params.items() if name != "made_of"}
        | ({"form": held} if held != "texts" else {})
        | _more(held, source, bool(system)),
    )


def fits(scene: Scene, span: Span) -> list[Wish]:
    """The measure of what the conversion that the goal asks for would lose; it drops rows only where the goal says that nothing may be."""
    shape = chat_words.shape_of_goal(scene)
    found = conversion(scene, shape) if shape else None
    if shape is None or found is None:
        return []
    op, source, params = found
    keeps = bool(chat_words.lossless(scene.goal.lower()))
    holds_all = op in ("to_messages", "to_sharegpt") or (params.get("form", "texts") != "texts" and source.made_of != "transcript")
    fits_badly = source.is_several or bool(source.column) if not holds_all else _drops_parts(scene.main, source)
    if not keeps and not fits_badly:
        return []
    told = {"made_of": source.made_of, **{name: value for name, value in params.items() if name != "has_tools"}, "into": shape} | (
        {"keep": "lossless"} if keeps else {}
    )
    evidence = f"chat_loss: what {op} would lose{', and only rows that lose nothing' if keeps else ''}"
    return [Wish(op="chat_loss", id="fits", stage=FORMAT, params=told, on=dict(source.on) or None, filters=keeps, span=span, evidence=evidence)]


def _drops_parts(table: Table, source: Found) -> bool:
    """Whether turns carry what no column of turns can hold: images, or keys that JSON text gives no type."""
    column = table.column(source.column)
    is_text = column is not None and not pa.types.is_nested(column.type)
    return any(talk.has_parts or (talk.has_keys and is_text) for talk in source.talks)


def _more(form: str, source: Found, system: bool) -> dict[str, object]:
    """What else the step is told: a column of the system beside texts, calls beside the text of messages."""
    if form == "messages":
        return {"has_calls": True} if source.has_calls else {}
    return {"with_system": True} if form == "texts" and (source.has_system or system) else {}


def source_of(scene: Scene, shape: str) -> Found | None:
    """The format that a conversion to this shape reads."""
    if tree(scene.main) and shape != "preference":
        ways = Seen(kind="messages", roles=frozenset(("user", "assistant")), most_questions=2, most_turns=4, begins=True)
        return Found(made_of="messages", column="messages", params={"made_of": "messages"}, talks=(ways,), says="the ways through the trees")
    if shape == "preference":
        return preference(scene.main)
    return found(scene.main) if shape != "alpaca" else preference(scene.main) or turns(scene.main) or found(scene.main)


def made(shape: str, phrase: Phrase, scene: Scene, span: Span) -> list[Wish] | Trouble:
    """The steps that give the rows this shape."""
    if shape == "preference":
        return _preference(scene, phrase, span)
    if shape == "prompt_completion":
        return _prompts(scene, phrase, span)
    return _alpaca(scene, phrase, span) if shape == "alpaca" else _turns(scene, phrase, shape, span)


def _turns(scene: Scene, phrase: Phrase, shape: str, span: Span) -> list[Wish] | Trouble:
    """One column of turns."""
    table, column = scene.main, READS[shape]
    made = conversion(scene, shape)
    if made is None:
        return Trouble(
            "refuse",
            f"{phrase.text!r}: winnow makes chat turns out of an instruction and an answer, messages, ShareGPT conversations, prompt and "
            f"completion, preference pairs, transcripts or message trees; the data has {', '.join(table.names)}. No operator reads other chats yet.",
        )
    op, source, params = made
    held = table.column(source.column) if source.made_of == shape and source.column == column else None
    if held and is_plain(held, *RECORDS[shape]) and not params.keys() & {"system", "has_system"} and tree(table) is None and not scene.shaped:
        return Trouble("unclear", f"the data already has a column {column!r}")
    if tree(table) and shape == "messages" and not params.get("system") and not scene.shaped:
        return [_columns([column], span)]
    _, user, assistant = OPERATORS[shape]
    evidence = f"{op}: {source.says.format(user=user, assistant=assistant)}"
    wish = _converted("as_turns", op, source, params, span, evidence, _one_side(source, scene))
    back = _renamed({source.column: column} if source.made_of == shape and source.column not in ("", column) else {}, span)
    return [*fits(scene, span), wish, *back, _columns([column, *_beside(table, source)], span)]


def _alpaca(scene: Scene, phrase: Phrase, span: Span) -> list[Wish] | Trouble:
    """Instruction, input and output: out of a conversation, or by other names for the columns that are there."""
    table = scene.main
    made = conversion(scene, "alpaca")
    if made is not None and made[1].made_of != "alpaca":
        op, source, params = made
        wish = _converted("as_alpaca", op, source, params, span, f"{op}: {source.says}", _one_side(source, scene))
        more = (["system"] if params.get("with_system") else []) + (["history"] if params.get("turn") == "last" else [])
        return [*fits(scene, span), wish, _columns([*ALPACA, *more, *_beside(table, source)], span)]
    ask, answer = first(table, ASKS), first(table, ANSWERS)
    if not ask or not answer:
        return Trouble("ask", f"{phrase.text!r}: which columns are the instruction and the answer? The data has {', '.join(table.names)}.")
    extra = extra_of(table, ask)
    old = {ask.name: "instruction", answer.name: "output"} | ({extra.name: "input"} if extra else {})
    empty = Wish(
        op="derive", id="no_input", stage=FORMAT, params={"column": "input", "value": "''"}, span=span, evidence="derive input: there is none"
    )
    more = [name for name in ("system", "history") if table.column(name)]
    return [*_renamed(old, span), *([] if extra else [empty]), _columns([*ALPACA, *more], span)]


def _prompts(scene: Scene, phrase: Phrase, span: Span) -> list[Wish] | Trouble:
    """Prompt and completion: out of columns of text by an expression, out of conversations by their operator."""
    table = scene.main
    target = "response" if re.search(r"\bprompt\b[^.;]{0,8}\bresponse", phrase.lower) else "completion"
    made = conversion(scene, "prompt_completion")
    ask, answer = first(table, ASKS), first(table, ANSWERS)
    if made is not None and (made[1].made_of != "alpaca" or made[2].get("form")):
        op, source, params = made
        if source.made_of != "prompt_completion" and source.params.get("asked_in", "prompt") != "prompt" and table.column("prompt"):
            return []
        wish = _converted("as_prompts", op, source, params, span, f"{op}: {source.says}", _one_side(source, scene))
        more = ["system"] if params.get("with_system") else []
        columns = _columns(["prompt", target, *more, *_beside(table, source)], span)
        return [*fits(scene, span), wish, *_renamed({"completion": target}, span), columns]
    if table.column("prompt") is not None:
        return []
    if not ask or not answer:
        return Trouble("ask", f"{phrase.text!r}: which columns are the prompt and the completion? The data has {', '.join(table.names)}.")
    alone = re.search(r"\bprompt\b[`\"']?\s*(?:is|=|:|being|comes? from|from|should be|will be|holds?)\s+(?:the\s+)?", phrase.lower)
    extra = extra_of(table, ask)
    only = alone and extra and not re.search(rf"\b{re.escape(extra.name.lower())}\b", phrase.lower)
    return _texts({"prompt": name_of(ask) if only else _question(table, ask), target: f"coalesce({name_of(answer)}, '')"}, span)


def _preference(scene: Scene, phrase: Phrase, span: Span) -> list[Wish] | Trouble:
    """Prompt, chosen and rejected; as texts unless the goal says otherwise or the data has speakers in its texts."""
    table = scene.main
    made = conversion(scene, "preference")
    if made is None:
        sides = all(table.column(name) for name in ("chosen", "rejected"))
        what = "which column holds the prompt?" if sides else "preference pairs need the columns chosen and rejected. Which columns are they?"
        return Trouble("ask", f"{phrase.text!r}: {what} The data has {', '.join(table.names)}.")
    op, source, params = made
    form = str(params.get("form", "texts"))
    names = ["conversations" if form == "sharegpt" else "prompt", "chosen", "rejected"]
    columns = _columns([*names, *(["system"] if params.get("with_system") else []), *_beside(table, source)], span)
    if (
        form == "texts"
        and all((column := table.column(name)) and column.kind == "text" and not column.talk for name in names)
        and not source.params.keys() & {"has_input"}
    ):
        return [columns]
    told = chat_words.form_of(scene.goal.lower())
    assumed = ""
    if form == "texts" and source.is_several and told is None and not chat_words.lossless(scene.goal.lower()):
        assumed = "A text holds one question, and some conversations have several. Say `as messages` or `as transcripts` to keep what came before."
    wish = _converted("as_pairs", op, source, params, span, f"{op} as {form}: {source.says}", assumed)
    back = _renamed({source.on.get(name, name): name for name in ("chosen", "rejected")}, span)
    return [*fits(scene, span), wish, *back, columns]


def _flattened(phrase: Phrase, scene: Scene) -> list[Wish]:
    """Trees of messages become conversations, where the clause speaks of trees or wants a shape."""
    column = tree(scene.main)
    said = _TREES.search(phrase.lower)
    if column is None or phrase.side == "drop" or not (said or chat_words.shape_of(phrase)):
        return []
    return trees(scene, column, said.span() if said else (0, 0))


def trees(scene: Scene, column: Column, span: Span = (0, 0)) -> list[Wish]:
    """The step that makes conversations of trees, and the column of trees gone."""
    params: dict[str, object] = {"keep": "best"} if _BEST.search(scene.goal.lower()) else {}
    on: dict[str, str | list[str]] = {"tree": column.name}
    evidence = f"flatten_chat: one conversation per way through the trees of {column.name}"
    gone = Wish(
        op="drop_columns", id="without_trees", stage=COLUMNS, params={"columns": [column.name]}, span=span, evidence=f"drop_columns: {column.name}"
    )
    shape = chat_words.shape_of_goal(scene)
    return [
        Wish(op="flatten_chat", id="talks", stage=EXTRACT, params=params, on=on, span=span, evidence=evidence),
        *([] if shape else [gone]),
    ]


def _converted(id: str, op: str, source: Found, params: Mapping[str, object], span: Span, evidence: str, assumed: str) -> Wish:
    """The step that writes one format of conversations out of another."""
    return Wish(
        op=op,
        id=id,
        stage=FORMAT,
        params=_own_params(op, params),
        on=dict(source.on) or None,
        span=span,
        evidence=evidence,
        assumed=assumed,
    )


def _one_side(source: Found, scene: Scene) -> str:
    """What is taken for granted where pairs of answers become conversations."""
    is_open = source.made_of == "preference" and not _CHOSEN.search(scene.goal.lower())
    return "A conversation holds one answer: the chosen one is taken, the rejected one left out. Is that meant?" if is_open else ""


def _own(table: Table) -> str | None:
    """The format of the conversations that are there."""
    source = turns(table)
    return source.made_of if source else None


def _own_params(op: str, params: Mapping[str, object]) -> dict[str, object]:
    """Without what the operator takes for granted."""
    usual = {"to_alpaca": "messages", "to_preference": "preference"}.get(op, "alpaca")
    return {name: value for name, value in params.items() if not (name == "made_of" and value == usual)}


def _beside(table: Table, source: Found) -> list[str]:
    """Columns that belong to conversations: what tools there are, and whether an answer is wanted (KTO)."""
    if source.made_of == "alpaca":
        return []
    label = table.column("label")
    return (["tools"] if table.column("tools") else []) + (["label"] if label and label.kind == "flag" else [])


def _renamed(names: Mapping[str, str], span: Span) -> list[Wish]:
    told = {old: new for old, new in names.items() if old != new}
    return [Wish(op="rename", id="shape_names", stage=FORMAT, params={"names": told}, span=span, evidence=f"rename: {told}")] if told else []


def _columns(names: list[str], span: Span) -> Wish:
    return Wish(
        op="select_columns", id="columns", stage=COLUMNS, params={"columns": names}, span=span, evidence=f"select_columns: {', '.join(names)}"
    )


def _texts(values: dict[str, str], span: Span) -> list[Wish]:
    made = [
        Wish(op="derive", id=f"as_{name}", stage=FORMAT, params={"column": name, "value": value}, span=span, evidence=f"derive {name} = {value}")
        for name, value in values.items()
        if value != name
    ]
    return [*made, _columns(list(values), span)]


def _question(table: Table, ask: Column) -> str:
    """What the user says: the question, and below it the input where there is one."""
    extra = extra_of(table, ask)
    name = name_of(ask)
    if extra is None:
        return name
    return f"case when trim(coalesce({name_of(extra)}, '')) = '' then {name} else concat({name}, chr(10), chr(10), {name_of(extra)}) end"
