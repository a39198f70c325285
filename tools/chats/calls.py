"""Calls of tools in their two notations: a list of its own beside the text, or a turn whose text is JSON."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NoReturn

from .talk import ASSISTANT, CALLS, TOOL, Call, Turn

DEEP = 500  # brackets: with more of them, what was read may be too deep to be written


def parsed(text: str | None) -> tuple[Call, ...]:
    """The calls in the text of a `function_call` turn: one object or several; none where it is something else."""
    found = loaded(text)
    each = found if isinstance(found, list) else [found]
    calls = [call_of(one) for one in each]
    return tuple(call for call in calls if call is not None) if calls and None not in calls else ()


def call_of(given: object) -> Call | None:
    """One call, as OpenAI nests it or as ShareGPT writes it."""
    inner = given.get("function", given) if isinstance(given, Mapping) else None
    if not isinstance(given, Mapping) or not isinstance(inner, Mapping) or not isinstance(inner.get("name"), str):
        return None
    arguments = inner.get("arguments", inner.get("parameters"))
    said = given.get("id")
    text = arguments if isinstance(arguments, str) else json.dumps({} if arguments is None else arguments, ensure_ascii=False)
    return Call(str(inner["name"]), text, said if isinstance(said, str) else None)


def written(calls: Sequence[Call], before: int) -> str:
    """The text of a `function_call` turn. An id is left out where it is the one that `numbered` would give."""
    made = [_plain(call, f"call_{place}") for place, call in enumerate(calls, before + 1)]
    return json.dumps(made[0] if len(made) == 1 else made, ensure_ascii=False)


def numbered(turns: Sequence[Turn]) -> Iterator[Turn]:
    """The turns with an id for every call, and for every answer of a tool the id of the oldest call that waits for one."""
    made, waiting = 0, list[str]()
    for turn in turns:
        if turn.calls:
            calls = tuple(call._replace(id=call.id or f"call_{place}") for place, call in enumerate(turn.calls, made + 1))
            made += len(calls)
            waiting += [call.id or "" for call in calls]
            turn = turn._replace(calls=calls)
        elif turn.who == TOOL:
            answers = turn.call_id or (waiting[0] if waiting else None)
            waiting = [one for one in waiting if one != answers]
            turn = turn._replace(call_id=answers)
        yield turn


def apart(turns: Sequence[Turn]) -> Iterator[Turn]:
    """The turns with calls as turns of their own, behind what was said with them."""
    made = 0
    for turn in turns:
        if not turn.calls:
            yield turn
            continue
        if turn.text is not None:
            yield turn._replace(calls=())
        yield turn._replace(who=CALLS, text=written(turn.calls, made), calls=())
        made += len(turn.calls)


def together(turns: Sequence[Turn]) -> list[Turn]:
    """The turns with calls beside the text: those of a turn of their own join what the assistant said just before."""
    found: list[Turn] = []
    for turn in turns:
        calls = parsed(turn.text) if turn.who == CALLS else ()
        if not calls:
            found.append(turn)
        elif found and found[-1].who == ASSISTANT and not found[-1].calls and found[-1].text is not None:
            found[-1] = found[-1]._replace(calls=calls)
        else:
            found.append(turn._replace(who=ASSISTANT, text=None, calls=calls))
    return found


def out_of_turn(turns: Sequence[Turn]) -> int:
    """How many answers of tools name another call than the oldest that waits: a format without ids loses which."""
    return sum(
        turn.call_id not in (None, plain.call_id) for turn, plain in zip(turns, numbered([_nameless(turn) for turn in numbered(turns)]), strict=True)
    )


def tools(described: object, *, wrapped: bool) -> str | None:
    """Descriptions of tools as JSON text: each as a record of the type function, as OpenAI has them, or bare. What is no list of such stays."""
    given = loaded(described) if isinstance(described, str) else described
    if not isinstance(given, list) or not all(isinstance(one, Mapping) for one in given):
        return described if isinstance(described, str) or described is None else json.dumps(described, ensure_ascii=False)
    made = [_wrapped(one) if wrapped else _bare(one) for one in given]
    return described if isinstance(described, str) and made == given else json.dumps(made, ensure_ascii=False)


def loaded(text: str | None) -> object:
    """What a JSON text says; None where it is none."""
    if text is None:
        return None
    try:
        found: object = json.loads(text, parse_constant=_refuse, parse_float=_finite)
        if "\\u" in text or text.count("[") + text.count("{") > DEEP:
            json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):  # no JSON, half a surrogate pair, a number beyond all floats, brackets without end
        return None
    return found


def _finite(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else _refuse(digits)


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)


def _wrapped(tool: Mapping[str, object]) -> Mapping[str, object]:
    return tool if "function" in tool or "name" not in tool else {"type": "function", "function": tool}


def _bare(tool: Mapping[str, object]) -> object:
    return tool["function"] if isinstance(tool.get("function"), Mapping) and tool.keys() <= {"type", "function"} else tool


def _nameless(turn: Turn) -> Turn:
    return turn._replace(call_id=None)


def _plain(call: Call, number: str) -> dict[str, object]:
    arguments = loaded(call.arguments)
    said = arguments if isinstance(arguments, dict) else call.arguments
    return ({} if call.id in (None, number) else {"id": call.id}) | {"name": call.name, "arguments": said}
