"""What one could do with the data next: goals in plain words, as the planner reads them, each with its command."""

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from tools.measures.language import NAMES

from .result import Column, DataSet, Goal

MOST = 4
MOST_PATHS = 5
MOST_MASKED = 3
LEAST_SHARE = 0.005  # of rows that make a goal worth stating
MAIN_LANGUAGE = 0.6  # of rows, to take a language for the one that is meant
SHORT = (3, 5, 10, 20, 50)  # words
SAMPLE_ROWS = 1000
PERSONAL = {"email": "e-mail addresses", "phone": "phone numbers", "card": "card numbers", "ip": "IP addresses", "iban": "IBANs"}
ASKS, ANSWERS = ("instruction", "prompt", "question"), ("output", "response", "answer", "completion", "chosen")
NAMED = {code: name.capitalize() for name, code in reversed(list(NAMES.items())) if name not in ("farsi", "mandarin")}
SAFE_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)


def goals_for(found: DataSet, paths: Sequence[str]) -> DataSet:
    """The data set with two to four goals that its numbers speak for."""
    if not found.rows_read:
        return found
    said = list(_said(found))
    said += [(goal, why) for goal, why in _always(found) if len(said) < 2]
    goals = tuple(Goal(goal=goal, command=_command(goal, paths, found.format), why=why) for goal, why in said[:MOST])
    return replace(found, goals=goals)


def _said(found: DataSet) -> Iterator[tuple[str, str]]:
    main = _main(found)
    cleaning = _cleaning(found, main)
    if cleaning is not None:
        yield cleaning
    near, exact = found.near_duplicates, found.duplicates
    if main is not None and near is not None and exact is not None and near.share > exact.share + LEAST_SHARE:
        yield f"Remove near duplicates of {main.name}", f"about {near.share:.1%} of the rows are nearly the same as an earlier one"
    personal = _personal(found)
    if personal is not None:
        yield personal
    names = {column.name for column in found.columns}
    if names.intersection(ASKS) and names.intersection(ANSWERS) - {"chosen"}:
        yield "Turn the rows into chat messages in the OpenAI format", "the rows are pairs of a request and an answer"


def _cleaning(found: DataSet, main: Column | None) -> tuple[str, str] | None:
    """One goal that puts together what is cheap and sure: language, length, repeats."""
    parts: list[tuple[str, str]] = []
    if main is not None and (language := _language(main)) is not None:
        code, share = language
        parts.append((f"keep only {NAMED[code]} {main.name}", f"{share:.0%} of {main.name} is {NAMED[code]}"))
    if main is not None and (least := _least_words(main)) is not None:
        parts.append((f"drop rows whose {main.name} is shorter than {least} words", "a few texts are very short"))
    elif main is not None and main.nulls + main.empties:
        parts.append((f"drop rows with an empty {main.name}", f"{main.nulls + main.empties:,} of {main.rows:,} are empty"))
    if found.duplicates is not None and found.duplicates.share > 0:
        parts.append(("remove exact duplicates", f"{found.duplicates.share:.1%} of the rows repeat an earlier one"))
    elif found.duplicates is None and main is not None:
        parts.append(("remove exact duplicates", "repeats are not counted in a sample"))
    if not parts:
        return None
    goal = ", ".join(goal for goal, _ in parts)
    return goal[0].upper() + goal[1:], "; ".join(why for _, why in parts)


def _personal(found: DataSet) -> tuple[str, str] | None:
    columns = {column.name: column.personal for column in found.columns if column.personal is not None and SAFE_NAME.fullmatch(column.name)}
    holding = {name: personal for name, personal in columns.items() if personal.any >= LEAST_SHARE}
    if not holding:
        return None
    kinds = [words for kind, words in PERSONAL.items() if any(personal.kinds.get(kind, 0) > 0 for personal in holding.values())]
    most = max(personal.any for personal in holding.values())
    return f"Mask {_listed(kinds)} in {_listed(list(holding)[:MOST_MASKED])}", f"up to {most:.1%} of the rows hold some"


def _always(found: DataSet) -> Iterator[tuple[str, str]]:
    if (found.rows or 0) > 2 * SAMPLE_ROWS:
        yield f"Draw {SAMPLE_ROWS} rows at random", "a small part to look at"
    yield "Split the rows at random into 90% train and 10% test", "the rows are ready to be split"
    if (found.rows or 0) <= 2 * SAMPLE_ROWS:
        yield "Draw half of the rows at random", "a part to look at"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _main(found: DataSet) -> Column | None:
    """The text that goals speak of: the answer of a pair, else the longest of the content, when its name can be said in a goal."""
    columns = {column.name: column for column in found.columns if column.kind == "text" and SAFE_NAME.fullmatch(column.name)}
    answer = next((columns[name] for name in ANSWERS if name in found.content and name in columns), None)
    texts = [columns[name] for name in found.content if name in columns]
    return answer or max(texts, key=lambda column: column.characters.mean or 0.0 if column.characters is not None else 0.0, default=None)


def _language(column: Column) -> tuple[str, float] | None:
    """The language most texts are in, where not all are."""
    code, share = next(iter((column.languages or {}).items()), ("", 0.0))
    return (code, share) if code in NAMED and MAIN_LANGUAGE <= share < 1 - LEAST_SHARE else None


def _least_words(column: Column) -> int | None:
    """A bound that only the shortest twentieth of the texts falls below."""
    if column.words is None or not column.words.quantiles:
        return None
    low, least = column.words.quantiles["5%"], column.words.least
    bound = max((words for words in SHORT if words <= low), default=None)
    return bound if bound is not None and isinstance(least, float) and least < bound else None


def _command(goal: str, paths: Sequence[str], format: str) -> str:
    """Quoted for a shell: paths are other people's words."""
    inputs = " ".join(f"--input {shlex.quote(path)}" for path in (paths if len(paths) <= MOST_PATHS else [_pattern(paths)]))
    return f"winnow prepare {_quoted(goal)} {inputs} --output prepared.{'txt' if format == 'text' else format}"


def _quoted(goal: str) -> str:
    """In double quotes where that is safe, as people type it."""
    return f'"{goal}"' if re.fullmatch(r"[\w ,.%-]+", goal) else shlex.quote(goal)


def _pattern(paths: Sequence[str]) -> str:
    """One pattern for many files, which the program matches itself."""
    folders = {str(Path(path).parent) for path in paths}
    endings = {"".join(Path(path).suffixes[-2:]) for path in paths}
    return f"{folders.pop()}/*{endings.pop()}" if len(folders) == len(endings) == 1 else str(Path(paths[0]))
