"""The embedded planner: a goal in plain words becomes a recipe, a question or a refusal, the same every time and without a model."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

from agents.draft import Clause, Draft
from tools.cards import summaries
from workflows.check import check
from workflows.recipe import Step

from . import (
    adding,
    afterthoughts,
    alternatives,
    chat_inputs,
    chat_words,
    choosing,
    compose,
    conditions,
    critic,
    diversity,
    expanding,
    filling,
    gather,
    generic,
    limits,
    ordering,
    parts,
    rewriting,
    routing,
    saving,
    shaping,
    slots,
    suggestions,
    tails,
    wordings,
)
from .clauses import Phrase, atoms_of, hide, points_back, split
from .columns import missing, named
from .profile import Table, names_of, profile
from .readers import READERS
from .retrieval import retrieve
from .wishes import Reading, Scene, Trouble, Wish, taken

NEAREST = 3


def plan(goal: str, inputs: Mapping[str, str], output: str | None, *, cache: Path, seed: int = 0) -> Draft:
    """Read the goal clause by clause over the profile of its inputs. Raises RecipeError for an input that cannot be read."""
    made = _plan(wordings.plain(goal), inputs, output, cache=cache, seed=seed)
    if made.recipe is None:
        return made
    return replace(made, recipe=made.recipe.model_copy(update={"goal": goal.strip()}))  # in the person's own words


def _plan(goal: str, inputs: Mapping[str, str], output: str | None, *, cache: Path, seed: int) -> Draft:
    refused = limits.out_of_bounds(goal, inputs.values())
    if refused:
        return Draft(status="refuse", message=refused.message, unclear=(goal.strip(),))
    phrases = split(goal)
    if not phrases or not inputs:
        return Draft(status="ask", message="What shall be done, and with which input?" if inputs else "Which data? Give it with --input.")
    folder = Path.cwd()
    asked = saving.clash(goal, output)
    if asked:
        return Draft(status="ask", message=asked, unclear=(goal.strip(),))
    tables = {name: profile(name, path, folder, cache, saving.reading(goal, path, cache)) for name, path in names_of(inputs).items()}
    empty = next((table for table in tables.values() if not table.columns), None)
    if empty is not None:
        message = f"Input {empty.name!r} ({empty.path}) holds no rows, so there are no columns to plan for. Is it the right file?"
        return Draft(status="ask", message=message, unclear=(goal.strip(),))
    asked = saving.absent_split(goal, [table.read_as for table in tables.values()], [name for table in tables.values() for name in table.names])
    if asked:
        return Draft(status="ask", message=asked, unclear=(goal.strip(),))
    mains, references = gather.apart(goal, phrases, tables)
    said = next((number for phrase in phrases if (number := slots.seed(phrase.lower)) is not None), None)
    scene = Scene(goal=goal.strip(), tables=tables, main=gather.united(mains), references=tuple(references), seed=seed if said is None else said)
    shaped = chat_inputs.shaped(phrases, scene, mains)
    scene = replace(scene, main=shaped.table, shaped=shaped.shape, heads=shaped.wishes) if shaped else scene
    scene = replace(scene, made=adding.new_columns(phrases, scene), forbids_drops=any(limits.keeps_all(phrase) for phrase in phrases))
    mix = gather.read_mix(phrases, scene, mains)
    if isinstance(mix, Trouble):
        return Draft(status="ask", message=mix.message, unclear=(scene.goal,))
    readings = _read_all(phrases, scene, mix)
    readings = afterthoughts.applied(expanding.of_pieces(_said_again(readings)), scene)
    return _settled(readings, scene, mains, mix) or _drafted(readings, scene, mains, mix, output, folder, cache, inputs)


def _read_all(phrases: list[Phrase], scene: Scene, mix: gather.Mix | None) -> list[Reading]:
    readings = []
    last = made = ""
    for place, spoken in enumerate(phrases):
        phrase = resolved(spoken, last, made) if last or made else spoken
        others = [name for table in scene.references for name in named(phrase, table) if scene.main.column(name) is None]
        last = next(iter([*others, *reversed(named(phrase, scene.main))]), last)
        if mix and place in mix.phrases:
            readings.append(Reading(phrase, wishes=list(mix.together) if place == mix.phrases[0] else [], says=mix.evidence))
            continue
        looked_up = shaping.needed(phrase, scene)
        if looked_up:
            scene = _after_join(scene, looked_up)
        reading = _read(phrase, scene)
        if looked_up and reading.trouble and reading.trouble.status == "unclear" and shaping.brings(phrase):
            reading.trouble = None
        reading.wishes = [*looked_up, *reading.wishes]
        made = next((name for wish in reading.wishes for name in afterthoughts.named_by(wish)), made)
        scene = afterthoughts.with_made(scene, reading.wishes)
        scene = _after_join(scene, [wish for wish in reading.wishes if wish.op == "join_on" and wish not in looked_up])
        readings += parts.by_parts(reading, partial(_read, scene=scene))
    return readings


def _said_again(readings: list[Reading]) -> list[Reading]:
    """`no retweets - i.e. drop what starts with RT`: what the next clause says in other words is understood with it."""
    for one, after in pairwise(readings):
        if one.trouble and one.trouble.status == "unclear" and after.wishes and after.phrase.repeats:
            one.trouble, one.says = None, "said again by the next clause"
    return readings


def resolved(phrase: Phrase, column: str, made: str = "") -> Phrase:
    """The clause with `where it is` and `that column` naming the column that the goal spoke of last."""
    text = re.sub(r"\b(where|if|whose|when)\s+(?:it|this|that)\s+(is|equals|=)", lambda match: f"{match[1]} `{column}` {match[2]}", phrase.text)
    text = re.sub(
        r"\b(?:that|this|the)\s+column\b(?!\s*[`\"'\w])|\b(?:that|this)\s+column\b(?=\s+(?:again|afterwards|then))", f"the column `{column}`", text
    )
    if made:  # `rows with 5 to 12 of them`: as many as the column just made counts
        text = re.sub(
            r"\b(?:with|having|that have|of)\s+(?P<many>[^,.;]*?\d[^,.;]*?)\s+of (?:them|those|these)\b", rf"where `{made}` is \g<many>", text
        )
        text = re.sub(r"\bwith the (most|highest|fewest|lowest|least)(?: of (?:them|those|these))?(?=[ .!]*$)", rf"with the \1 `{made}`", text)
        text = re.sub(rf"\b(\d+) with the (?:most|highest) `{made}`", rf"\1 rows with the highest `{made}`", text)
        text = re.sub(rf"\b(\d+) with the (?:fewest|lowest|least) `{made}`", rf"\1 rows with the lowest `{made}`", text)
    if text == phrase.text:
        return phrase
    atoms = tuple(atoms_of(text))
    return replace(phrase, text=text, lower=hide(text, list(atoms)), atoms=atoms)


def _read(phrase: Phrase, scene: Scene) -> Reading:
    reading = Reading(phrase, says=_only_says(phrase, scene))
    if reading.says:
        return reading
    absent = conditions.ranked_by_nothing(phrase, scene)
    if absent:
        reading.trouble = Trouble("ask", f"There is no column {absent!r}; the data has {', '.join(scene.main.names)}. Which one is meant?")
        return reading
    exception = _with_exception(phrase, scene)
    if exception:
        reading.wishes = exception
        return reading
    spans: list[tuple[int, int]] = []
    for read in READERS:
        if read is generic.read and reading.wishes:
            break
        found = read(phrase, scene)
        if isinstance(found, Trouble):
            if (0, len(phrase.text)) in spans:
                continue  # all of the clause was read already
            reading.trouble = reading.trouble or found
            if found.status == "refuse":
                return Reading(phrase, trouble=found)
            continue
        fresh = [wish for wish in found if not taken(*wish.span, spans)]
        reading.wishes += fresh
        spans += [wish.span for wish in fresh if wish.span != (0, 0)]
    reading.wishes.sort(key=lambda wish: (wish.op == "random_sample", wish.span[0]))  # `2,500 rows: no doubles` samples what is left
    reading.wishes = rewriting.paired(phrase, reading.wishes)
    if alternatives.says_or(phrase, reading.wishes):
        reading.wishes = alternatives.either(reading.wishes, scene) or reading.wishes
    lacking = limits.lacking(phrase, summaries())
    if lacking and not taken(*lacking[1], spans):
        reading.lacks = lacking[0]
    reading.lacks = reading.lacks or next((wish.lacks for wish in reading.wishes if wish.lacks), "")
    if reading.wishes:
        reading.trouble = None
    elif not reading.lacks and not reading.trouble:
        reading.trouble, reading.says = _why_nothing(phrase, scene)
    return reading


def _only_says(phrase: Phrase, scene: Scene) -> str:
    """Why a clause orders nothing of its own; empty where it may."""
    if limits.keeps_all(phrase):
        return "no row is dropped"
    if choosing.keeps_together(phrase, scene.goal):
        return "rows that stay together"
    if limits.only_says(phrase):
        return "nothing more to do"
    if chat_words.only_chosen(phrase) and chat_words.shape_of(phrase) is None and chat_words.shape_of_goal(scene) not in (None, "preference"):
        return "which answer goes into a conversation"
    if saving.is_place(phrase):
        return "the output"
    if saving.says_what_a_row_is(phrase, [table.read_as for table in scene.tables.values()]):
        return "what becomes a row"
    if routing.second_file(scene.goal) and routing.says_where(phrase):
        return "a second file"
    if diversity.says_size(phrase, scene.goal):
        return "how many rows another clause takes"
    if tails.explains(phrase, split(scene.goal)):
        return "which outliers, another clause says"
    if saving.only_reads(phrase):
        return "the input"
    if points_back(phrase):
        return f"to {phrase.side}: the rows of the clause before"
    if expanding.explains(phrase, scene):
        return "how texts are cut"
    if filling.explains(phrase, scene):
        return "what becomes of values that do not fit"
    if ordering.explains(phrase, scene):
        return "what the rows are sorted by"
    says_only_that = len(scene.tables) > 1 and gather.unites(phrase) and chat_words.shape_of(phrase) is None
    return "one input below the other" if says_only_that else ""


def _with_exception(phrase: Phrase, scene: Scene) -> list[Wish]:
    """`drop A unless B` keeps what is not A or is B; `keep A unless B` drops B as well."""
    parts = alternatives.apart(phrase)
    rule, other = (_read(part, scene).wishes for part in parts) if parts else ([], [])
    if parts and other and not rule and phrase.side == "keep" and alternatives.ALL.fullmatch(parts[0].lower.strip()):
        return other
    if not rule or not other or not all(wish.filters for wish in (*rule, *other)):
        return []
    if phrase.side == "keep":
        return [*rule, *other]
    both = alternatives.either([*rule, *other], scene) if len(rule) == 1 else None
    return both or []


def _why_nothing(phrase: Phrase, scene: Scene) -> tuple[Trouble | None, str]:
    absent = missing(phrase, scene.main, (*scene.made, *scene.joined))
    if absent and not any(table.column(absent) for table in scene.tables.values()):
        return Trouble("ask", f"There is no column {absent!r}; the data has {', '.join(scene.main.names)}. Which one is meant?"), ""
    if slots.seed(phrase.lower) is not None:
        return None, "the seed"
    if limits.is_output(phrase):
        return None, "the output"
    ordered = re.search(rf"\bthen\s+{re.escape(phrase.text)}", scene.goal) is not None  # `then to chat messages` says no purpose
    if (not ordered and limits.is_purpose(phrase)) or limits.is_remark(phrase, scene.tables):
        return None, "says what the data is or is for"
    absent = conditions.unknown_column(phrase, scene.main)
    if absent:
        return Trouble("ask", f"There is no column {absent!r}; the data has {', '.join(scene.main.names)}. Which one is meant?"), ""
    hits = [hit.name for hit in retrieve(phrase.text)[:NEAREST]]
    return Trouble("unclear", f"not understood; nearest operators: {', '.join(hits)}" if hits else "not understood"), ""


def _settled(readings: list[Reading], scene: Scene, mains: list[Table], mix: gather.Mix | None) -> Draft | None:
    """A question or refusal, where the goal cannot be met without an answer or an operator that is missing."""
    clauses = tuple(Clause(text=one.phrase.text, evidence=_evidence(one)) for one in readings)
    unclear = tuple(one.phrase.text for one in readings if one.trouble or one.lacks)
    lacking = [one for one in readings if one.lacks and not any(wish.lacks for wish in one.wishes)]
    met = sum(len(one.wishes) for one in readings)
    assumed = [wish.assumed for one in readings for wish in one.wishes if wish.assumed]
    if assumed and len(assumed) == met:
        return Draft(status="ask", message=f"{readings[0].phrase.text!r}: {assumed[0]}", clauses=clauses, unclear=unclear or (scene.goal,))
    if lacking and met <= len(lacking):
        what = "; ".join(dict.fromkeys(one.lacks for one in lacking))
        near = ", ".join(hit.name for hit in retrieve(lacking[0].phrase.text)[:NEAREST])
        return Draft(status="refuse", message=f"winnow has no operator here for {what}. Nearest: {near or 'none'}.", clauses=clauses, unclear=unclear)
    blocker = next((one.trouble for status in ("refuse", "ask") for one in readings if one.trouble and one.trouble.status == status), None)
    if blocker and blocker.status != "unclear":
        return Draft(status=blocker.status, message=blocker.message, clauses=clauses, unclear=unclear)
    nothing_asked = not unclear and (len(mains) > 1 or any(one.says in ("the output", "no row is dropped") for one in readings))
    if not met and not mix and not nothing_asked:
        shown = "; ".join(f"{one.phrase.text!r}: {one.trouble.message}" for one in readings if one.trouble)
        return Draft(
            status="ask",
            message=f"What shall be done with the rows? {shown or 'The goal names no operation that winnow knows.'}",
            clauses=clauses,
            unclear=unclear or (scene.goal,),
        )
    return None


def _drafted(
    readings: list[Reading],
    scene: Scene,
    mains: list[Table],
    mix: gather.Mix | None,
    output: str | None,
    folder: Path,
    cache: Path,
    inputs: Mapping[str, str],
) -> Draft:
    for one in readings:
        lost = critic.lost(one.phrase, one.wishes, scene, [wish for other in readings for wish in other.wishes])
        one.lost = tuple(dict.fromkeys((*lost, *one.unread)))
    unclear = [one.phrase.text for one in readings if one.trouble or one.lacks]
    unclear += [f"{one.phrase.text} (no step uses {', '.join(map(repr, one.lost))})" for one in readings if one.lost]
    unclear += [f"{one.phrase.text} ({wish.assumed} Taken: {wish.evidence})" for one in readings for wish in one.wishes if wish.assumed]
    wishes, origin = [], []
    fork = _forked(readings, scene)
    if fork is False:
        unclear.append("the others in a file of their own: no filter of this goal tells them apart")
    for one in sorted(readings, key=lambda one: not one.phrase.first):
        for wish in one.wishes:
            if scene.forbids_drops and wish.filters:
                unclear.append(f"{one.phrase.text} (it drops rows, and the goal forbids that)")
                continue
            wishes.append(wish)
            origin.append(one)
    kept = afterthoughts.after_making(compose.merged(wishes))
    ordered = compose.order(kept, compose.says_order([one.phrase for one in readings], scene.goal))
    heads, start, used = _heads(scene, mains, mix, [one.phrase for one in readings])
    reasons = {
        place: next(one.phrase.text for one, other in zip(origin, wishes, strict=True) if other.op == wish.op and other.id == wish.id)
        for place, wish in enumerate(ordered)
    }
    chain = compose.steps(ordered, start, [*scene.tables, *(step.id for step in heads)], reasons)
    last = compose.edge_after(chain, ordered, start)
    steps = [*heads, *chain]
    rest = routing.other_port(last) if fork and isinstance(last, str) else None
    sources = [*(table.name for table in mains), *(wish.against for wish in ordered if wish.against)]
    made = compose.recipe(scene, steps, last, sources, output, rest, compose.checks(ordered, chain))
    clauses = tuple(Clause(text=one.phrase.text, steps=_ids(one, ordered, chain, used), evidence=_evidence(one)) for one in readings)
    paths = {name: scene.tables[name].path for name in made.sources}
    checked = check(made, folder, cache, inputs=paths, output=output if len(made.outputs) == 1 else None)
    if checked.errors:
        first = checked.errors[0]
        return Draft(status="ask", message=f"The draft does not hold: {first}", recipe=made, clauses=clauses, unclear=tuple(unclear))
    offers = suggestions.offered(scene, mains, {wish.op for wish in ordered})
    return Draft(status="draft", recipe=made, clauses=clauses, unclear=tuple(unclear), suggestions=offers)


def _forked(readings: list[Reading], scene: Scene) -> bool | None:
    """Turn the clause before `the rest into a second file` into a step with two ports; none where the goal says nothing of the kind."""
    if not routing.second_file(scene.goal):
        return None
    telling = next((one for one in readings if routing.second_file(one.phrase.text)), None)
    at = readings.index(telling) if telling else 0
    telling = next((one for one in reversed(readings[: at + 1]) if one.wishes), telling)
    made = routing.forked(telling.wishes, scene) if telling else None
    if telling is None or made is None:
        return False
    telling.wishes = made
    return True


def _after_join(scene: Scene, wishes: list[Wish]) -> Scene:
    for wish in wishes:
        names = wish.params["columns"]
        scene = gather.joined(scene, str(wish.against), [str(name) for name in names] if isinstance(names, list) else [])
    return scene


def _heads(scene: Scene, mains: list[Table], mix: gather.Mix | None, phrases: list[Phrase]) -> tuple[list[Step], str | list[str], list[str]]:
    """Steps of single inputs before they come together, and where all rows come from."""
    alike = scene.heads or gather.alike(phrases, scene, mains)
    steps: list[Step] = []
    edges: list[str] = []
    for table in mains:
        own = [*alike.get(table.name, []), *(mix.wishes.get(table.name, []) if mix else [])]
        chain = compose.steps(
            own, table.name, [*scene.tables, *(step.id for step in steps)], {place: wish.evidence for place, wish in enumerate(own)}
        )
        edge = compose.edge_after(chain, own, table.name)
        edges += [edge] if isinstance(edge, str) else edge
        steps += chain
    return steps, edges[0] if len(edges) == 1 else edges, [step.id for step in steps]


def _ids(reading: Reading, ordered: list[Wish], chain: list[Step], used: list[str]) -> tuple[str, ...]:
    mine = {(wish.op, wish.id) for wish in reading.wishes}
    found = tuple(step.id for wish, step in zip(ordered, chain, strict=True) if (wish.op, wish.id) in mine)
    return found or (tuple(used) if reading.says.startswith("random_sample") else ())


def _evidence(reading: Reading) -> str:
    """`'20 to 200 words' → words: at_least=20, at_most=200, column output`: which words led to which operator and parameter."""
    parts = [_words_of(reading, wish) + _without_words(reading, wish) for wish in reading.wishes]
    parts += [f"no operator for {reading.lacks}"] if reading.lacks else []
    parts += [f"no step uses {', '.join(map(repr, reading.lost))}"] if reading.lost else []
    parts += [reading.trouble.message] if reading.trouble else []
    return "; ".join(dict.fromkeys(parts)) or reading.says


def _without_words(reading: Reading, wish: Wish) -> str:
    said = f"from {reading.phrase.text[slice(*wish.span)].strip()!r}"
    return wish.evidence.replace(f", {said}", "", 1).replace(f" {said}", "", 1)


def _words_of(reading: Reading, wish: Wish) -> str:
    start, end = wish.span
    words = reading.phrase.text[start:end].strip(" ,.;")
    return f"{words!r} → " if words and words != reading.phrase.text.strip(" ,.;") else ""
