"""Reads other ways to do what a step does: near duplicates for exact ones, no regard to case, which of equal rows stays."""

import re

from tools.cards import summaries
from workflows.edits import Edit, Set
from workflows.recipe import Step

from .knobs import number
from .outcome import Change, Doubt, Now
from .said import Said
from .steps import DEDUPES, NEAR, named_in, spoken

_NEAR = (
    r"(?:near(?:ly)?|fuzzy|approximate|similar|close|soft)[- ]?(?:identical |equal )?(?:de-?dup\w*|duplicat\w*|matching|matches|ones|"
    r"copies)?|(?:near[- ]?)dup\w*|min-?hash"
)
_EXACT = r"(?:exact|identical|strict|real|true|perfect)(?:ly equal)? ?(?:de-?dup\w*|duplicat\w*|matching|matches|ones|copies|only)?"
_KIND = re.compile(
    rf"(?:(?:only|use|do|remove|drop|make (?:it|that|the dedupe)|take|want|dedupe|look for|find)\s+)*(?:the )?(?:(?P<near>{_NEAR})|"
    rf"(?P<exact>{_EXACT}))(?:\s+(?:instead of|not|rather than|and not|in place of)\s+(?:just |only )?(?:the )?(?:{_NEAR}|"
    rf"{_EXACT}))?(?:\s+(?:one|ones|too))?(?P<only>\s+only)?"
)
_CASE = re.compile(
    r"(?:(?:make (?:it|that|this|the \w+)|be|match|do it|compare|it should be)\s+)?(?P<off>case[- ]?insensitiv\w*(?: matching)?|(?:ignor\w+|"
    r"disregard\w*|regardless of|forget|no matter the|whatever the|without regard to|never mind) (?:the )?(?:upper (?:and|or|/) ?lower "
    r"?)?case(?:s|ing)?|case (?:does not|doesn't|shouldn't|should not) matter|(?:upper (?:and|or) lower case|capitals) (?:are|is) the "
    r"same)(?:\s+(?:in|for|on)\s+(?:the\s+)?(?P<of>.+))?"
    r"|(?:(?:make (?:it|that|this|the \w+)|be|match|do it|compare|it should be)\s+)?(?P<on>case[- ]?sensitiv\w*(?: matching)?|(?:respect|"
    r"mind|keep|regard|consider) (?:the )?case|case (?:matters|does matter|should matter))(?:\s+(?:in|for|on)\s+(?:the\s+)?(?P<of2>.+))?"
)
_STAYS = re.compile(
    r"(?:keep|take|prefer|retain|leave|of (?:each|the duplicates),? keep|let|always keep|always "
    r"take)\s+(?:only\s+)?(?:the\s+)?(?P<which>first|last|longest|shortest|newest|latest|oldest|earliest|best|biggest|largest)(?:\s+(?:one|"
    r"row|copy|version|text|message|of (?:each|every|them|those|the duplicates|all|any|each (?:group|cluster|set|pair))|in each(?: group| "
    r"cluster)?|per (?:group|cluster|set)|among duplicates|of duplicates|duplicates?|stay))*"
    r"|(?:the )?(?P<which2>first|last|longest|shortest|newest|latest|oldest|earliest|best) (?:one |of (?:each|them|the duplicates) "
    r")?(?:should |must |shall )?stays?"
)
_ENDS = re.compile(
    r"(?:take |keep |use )?(?:the )?(?:(?P<least>shortest|smallest|lowest|fewest|least|worst|cheapest|oldest)|(?P<most>longest|largest|"
    r"biggest|highest|most|best|top|newest))(?: (?:ones?|rows?|texts?|outputs?|values?))*"
)
_SETS = re.compile(r"(?:set\s+|change\s+|put\s+)?(?P<step>\w+)\.(?P<key>[\w.]+)\s*(?:to|=|:|→|as)\s*(?P<value>.+)")
_BACK = re.compile(
    r"(?:revert|restore|reset|put back|undo|return|bring back|take back)\s+(?:the\s+|my\s+)?(?:change (?:of|to|in) (?:the "
    r")?)?(?P<what>.+?)(?:\s+(?:back|change|again|to (?:what it was|before|its (?:old|original|first) value|the (?:old|original|first) "
    r"(?:value|one))))*"
    r"|(?:put|set|bring)\s+(?:the\s+)?(?P<what2>.+?)\s+back(?:\s+(?:to (?:what it was|before|the (?:old|original) (?:value|one))|as it was|again))?"
)
_NUMBER = re.compile(
    r"(?:old |original )?(?:thresholds?|bounds?|limits?|cut-?offs?|values?|numbers?|minimum|maximum|min|max|similarity|"
    r"parameters?|settings?|that (?:number|value))"
)


def read(said: Said, now: Now) -> Change | Doubt | None:
    """Such a message and nothing else."""
    lower = said.lower.strip(" .!")
    for pattern, reader in ((_STAYS, _stays), (_CASE, _cased), (_BACK, _restored)):
        match = pattern.fullmatch(lower)
        if match:
            return reader(match, said, now)
    ends = _ENDS.fullmatch(lower)
    turned = _turned(ends["least"] is not None, now) if ends and (said.instead or said.no) else None
    if turned:
        return turned
    match = _SETS.fullmatch(said.text.strip(" .!"))
    if match:
        return _sets(match, now)
    kind = _KIND.fullmatch(lower)
    return _kind(kind, said, now) if kind else None


def _turned(least: bool, now: Now) -> Change | None:
    """The other end of an order: `the shortest ones instead`."""
    step = next((step for step in reversed(now.recipe.steps) if _op(step) in ("top_k", "sort")), None)
    if step is not None and _op(step) == "sort":
        return _sorted(step, least)
    if step is None or step.params.get("largest", True) is not least:
        return None
    edit = Set(step=step.id, key="with.largest", value=False if least else None)
    return Change((edit,), f"{step.id} takes the {'smallest' if least else 'largest'} now", (step.id,))


def _sorted(step: Step, least: bool) -> Change | None:
    if bool(step.params.get("descending", False)) is not least:
        return None
    edit = Set(step=step.id, key="with.descending", value=None if least else True)
    return Change((edit,), f"{step.id} puts the {'smallest' if least else 'largest'} first now", (step.id,))


def _dedupes(now: Now) -> list[Step]:
    return [step for step in now.recipe.steps if _op(step) in DEDUPES]


def _op(step: Step) -> str:
    return step.op.partition("@")[0]


def _kind(match: re.Match[str], said: Said, now: Now) -> Change | Doubt | None:
    near = match["near"] is not None
    wanted = "minhash_dedup" if near else "exact_dedup"
    mine = [step for step in now.recipe.steps if _op(step) in ("exact_dedup", *NEAR)]
    swaps = said.instead or said.no or re.search(r"\b(?:instead of|not|rather than|in place of)\b", said.lower) is not None
    if not mine or not (swaps or match["only"] or re.match(r"(?:only|use|make|do)\b", said.lower)):
        return None
    if any(_op(step) == wanted for step in mine):
        return Change((), f"{mine[0].id} does that already: nothing changed", (mine[0].id,))
    return _with_op(mine[0], wanted)


def _with_op(step: Step, op: str) -> Change:
    known = summaries()[op]
    gone = [key for key, value in step.params.items() if key not in known.params or value not in _choices(known.params[key], value)]
    edits: list[Edit] = [Set(step=step.id, key=f"with.{key}") for key in gone]
    edits.append(Set(step=step.id, key="op", value=f"{op}@{known.version}"))
    return Change(tuple(edits), f"{step.id}: {_op(step)} → {op}", (step.id,))


def _choices(schema: object, value: object) -> list[object]:
    values = schema.get("enum") if isinstance(schema, dict) else None
    return list(values) if isinstance(values, list) else [value]


def _cased(match: re.Match[str], said: Said, now: Now) -> Change | Doubt:
    off = match["off"] is not None
    of = match["of"] or match["of2"]
    steps = spoken(of, now.recipe) if of else [step for name in now.last_said if (step := now.step(name))]
    for step in steps:
        params = summaries()[_op(step)].params
        if "ignore_case" in params:
            have = bool(step.params.get("ignore_case", params["ignore_case"].get("default", False)))
            inline = str(step.params.get("pattern", "")).startswith("(?i)")
            if (have or inline) == off:
                return Change((), f"{step.id} {'ignores' if off else 'minds'} the case already", (step.id,))
            edits: list[Edit] = [Set(step=step.id, key="with.pattern", value=str(step.params["pattern"]).removeprefix("(?i)"))] if inline else []
            edits += [] if inline else [Set(step=step.id, key="with.ignore_case", value=off)]
            return Change(tuple(edits), f"{step.id} {'ignores' if off else 'minds'} the case now", (step.id,))
        if _op(step) == "exact_dedup":
            have_ignored = step.params.get("ignore", "nothing") == "case_and_space"
            if have_ignored == off:
                return Change((), f"{step.id} {'ignores' if off else 'minds'} the case already", (step.id,))
            edit = Set(step=step.id, key="with.ignore", value="case_and_space" if off else None)
            return Change(
                (edit,),
                f"{step.id}.ignore {'nothing → case_and_space' if off else 'case_and_space → nothing'} (outer space goes with it)",
                (step.id,),
            )
    return Doubt("no step compares letters so that their case could be ignored")


def _stays(match: re.Match[str], said: Said, now: Now) -> Change | Doubt | None:
    which = match["which"] or match["which2"]
    mine = _dedupes(now)
    if not mine:
        return None
    word = {"earliest": "first", "oldest": "first", "biggest": "longest", "largest": "longest"}.get(which, which)
    able = [step for step in mine if word in _choices(summaries()[_op(step)].params.get("keep"), None)]
    if len(able) != 1:
        if able:
            return Doubt("which of the steps that drop repeats", tuple(f"set {step.id}.keep to {word}" for step in able))
        had = _op(mine[0])
        if had == "exact_dedup" and word in ("longest", "shortest"):
            return Doubt(f"{mine[0].id} compares exactly, so its copies are all equally long", ("near duplicates instead of exact ones",))
        return Doubt(
            f"{mine[0].id} ({had}) cannot keep the {which}; it keeps {', '.join(map(str, _choices(summaries()[had].params.get('keep'), 'first')))}"
        )
    step = able[0]
    have = step.params.get("keep", "first")
    if have == word:
        return Change((), f"{step.id} keeps the {word} already: nothing changed", (step.id,))
    if word == "best":
        return Doubt(f"best by what? {step.id} needs a column of scores to prefer by")
    return Change((Set(step=step.id, key="with.keep", value=None if word == "first" else word),), f"{step.id}.keep {have} → {word}", (step.id,))


def _sets(match: re.Match[str], now: Now) -> Change | Doubt | None:
    """`long_enough.at_least = 40`, as a file would have it."""
    import json

    step = next((step for step in now.recipe.steps if step.id.lower() == match["step"].lower()), None)
    if step is None:
        return None
    try:
        value: object = json.loads(match["value"])
    except ValueError:
        value = match["value"].strip("'\"` ")
    key = match["key"] if match["key"] in ("on", "nulls", "why", "op") or match["key"].startswith(("with.", "on.", "as.")) else f"with.{match['key']}"
    param = key.removeprefix("with.")
    if key.startswith("with.") and param not in summaries()[_op(step)].params:
        return Doubt(f"{step.id} ({_op(step)}) has no {param!r}; it has {', '.join(summaries()[_op(step)].params) or 'none'}")
    had = step.params.get(param, "its default") if key.startswith("with.") else getattr(step, key, None)
    return Change((Set(step=step.id, key=key, value=value),), f"{step.id}.{param} {had} → {value}", (step.id,))


def _restored(match: re.Match[str], said: Said, now: Now) -> Change | Doubt | None:
    """A number as the words that were said have it."""
    what = (match["what"] or match["what2"]).strip()
    first = now.planned(now.goal).recipe if now.goal else None
    bare = re.sub(rf"(?:\b(?:of|for|on|in|the)\b|\b(?:{_NUMBER.pattern})\b)", " ", what).strip()
    if first is None or not (_NUMBER.search(what) or spoken(bare, now.recipe)):
        return None
    steps = (spoken(bare, now.recipe) or named_in(bare, now.recipe)) if bare else [step for name in now.last_said if (step := now.step(name))]
    edits: list[Edit] = []
    words = []
    for step in steps:
        before = next((one for one in first.steps if one.id == step.id and one.op == step.op), None)
        if before is None or before.params == step.params:
            continue
        for key in dict.fromkeys((*step.params, *before.params)):
            if step.params.get(key) != before.params.get(key):
                edits.append(Set(step=step.id, key=f"with.{key}", value=before.params.get(key)))
                words.append(f"{step.id}.{key} {_told(step.params.get(key))} → {_told(before.params.get(key))}")
        break
    if not edits:
        return (
            None
            if not _NUMBER.search(what)
            else Doubt("no number was changed since it was said", tuple(f"remove {step.id}" for step in steps[:1]) if bare else ())
        )
    return Change(tuple(edits), ", ".join(words), (str(edits[0].step),) if isinstance(edits[0], Set) else ())


def _told(value: object) -> str:
    if value is None:
        return "its default"
    return number(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
