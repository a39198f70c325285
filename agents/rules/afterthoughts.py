"""Reads clauses that change what an earlier clause asked for: one more value, another placeholder, nothing but those columns."""

import re
from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa

from . import conditions
from .clauses import Phrase
from .profile import Column
from .wishes import COLUMNS, Reading, Scene, Wish

_REPLACED = re.compile(
    r"\b(?:replace|swap|substitute|put|write)\s+(?:them|it|these|those|each|this|each of them|instead)?\s*(?:with|by|for)?\s*(?:the\s+)?"
    r"(?:word\s+|token\s+|placeholder\s+|tag\s+)*(?P<what>[\ue000]+|[A-Z][A-Z_]+)\s*(?:instead|in their place|in its place|there)?[ .!]*$"
)
_NOTHING_ELSE = re.compile(
    r"(?:please |just |and |then |so )*(?:(?:drop|remove|delete|discard|throw away|throw out|get rid of|leave out|"
    r"forget) (?:everything else|all else|the rest|"
    r"(?:all )?(?:the )?others?(?: columns| fields)?)|nothing else(?: please)?|(?:keep |only |just )+(?:these|those)(?: two| three| columns)?)[ .!]*"
)
WAY = "path"  # which way through its tree: flatten_chat adds it
_AT_RANDOM = re.compile(r"\brandom|\bsampl|\bshuffl|\barbitrar|\bany\b|\bdraw")
_SCOPED = re.compile(
    r"^(?:for|of|among|from)\s+(?:the\s+)?(?P<label>[\w/-]+)(?:\s+(?:ones|rows|messages|items|[a-z]+s))?,?\s+(?:please\s+)?(?:only\s+)?(?:keep|drop|take|want|remove)\b"
)


def applied(readings: list[Reading], scene: Scene) -> list[Reading]:
    """The readings with every afterthought put where it belongs."""
    _threads(readings, scene)
    for place, one in enumerate(readings):
        before = [earlier for earlier in readings[:place] if earlier.wishes]
        if _one_more(one, before, scene) or _replaced(one, before) or _nothing_else(one, before):
            one.trouble = None
        _first_of_sorted(one, before)
        scoped = _SCOPED.match(one.phrase.lower)
        labels = {label.lower() for column in scene.main.columns for label in column.labels}
        if scoped and scoped["label"] in labels and any(wish.filters for wish in one.wishes):
            one.lacks = f"a rule for {scoped['label']!r} alone"
    return readings


def _threads(readings: list[Reading], scene: Scene) -> None:
    """`flatten the trees, no duplicates`: the threads are meant, for all those of a tree share its other columns."""
    trees = [wish.on["tree"] for one in readings for wish in one.wishes if wish.op == "flatten_chat" and isinstance(wish.on, dict)]
    content = list(scene.main.content)
    on = [str(trees[0]), WAY] if trees else []
    for one in readings if trees else ():
        meant = [wish for wish in one.wishes if wish.op == "exact_dedup" and wish.on in (content, *content[:1])]
        said = f"exact_dedup by {', '.join(on)}: threads that come again"
        one.wishes = [replace(wish, on=on, evidence=said) if wish in meant else wish for wish in one.wishes]


def named_by(wish: Wish) -> list[str]:
    """The columns that a step makes under names of the goal."""
    return [wish.rename] if isinstance(wish.rename, str) else list(wish.rename.values()) if wish.rename else []


def with_made(scene: Scene, wishes: Sequence[Wish]) -> Scene:
    """The scene in which a column that was just asked for can be spoken of."""
    made = [name for wish in wishes for name in named_by(wish) if scene.main.column(name) is None]
    columns = tuple(Column(name=name, kind="number", type=pa.int64(), filled=scene.main.rows) for name in made)
    return replace(scene, main=replace(scene.main, columns=(*scene.main.columns, *columns))) if columns else scene


def after_making(wishes: Sequence[Wish]) -> list[Wish]:
    """A step that reads a column which another one makes stands behind it."""
    made = {name: wish.stage for wish in wishes for name in named_by(wish)}
    return [
        replace(wish, stage=max([wish.stage, *(stage for name, stage in made.items() if _reads(wish, name))])) if wish.rename is None else wish
        for wish in sorted(wishes, key=lambda wish: isinstance(wish.rename, str), reverse=True)
    ]


def _reads(wish: Wish, name: str) -> bool:
    return bool(re.search(rf"\b{re.escape(name)}\b", f"{wish.params.get('where', '')} {wish.on}"))


def _one_more(one: Reading, before: list[Reading], scene: Scene) -> bool:
    """`Sports as well`: one more value for the condition that an earlier clause set on the same column."""
    value = conditions.one_more(one.phrase, scene) if before and not one.wishes else None
    for earlier in reversed(before) if value else ():
        wider = conditions.widened(earlier.wishes, value) if value else None
        if wider:
            earlier.wishes, one.says = wider, f"one more value for {earlier.phrase.text!r}"
            return True
    return False


def _replaced(one: Reading, before: list[Reading]) -> bool:
    """`replace them with <TEL>`: what stands for the pieces that an earlier clause takes out."""
    match = _REPLACED.search(_shown(one.phrase)) if not one.wishes else None
    atom = next((atom for atom in one.phrase.atoms if match and atom.start == match.start("what")), None)
    for earlier in reversed(before) if match else ():
        for place, wish in enumerate(earlier.wishes):
            key = {"mask_pii": "placeholder", "replace": "replacement"}.get(wish.op)
            if key and match:
                said = (atom.value if atom and atom.kind == "quoted" else one.phrase.text[atom.start : atom.end]) if atom else match["what"]
                evidence = f"{wish.evidence}, {said!r} instead"
                earlier.wishes[place] = replace(wish, params={**wish.params, key: said}, evidence=evidence)
                one.says = f"what stands instead for {earlier.phrase.text!r}"
                return True
    return False


def _first_of_sorted(one: Reading, before: list[Reading]) -> None:
    """`sort by score, then take 50`: the first ones, as nothing says at random."""
    if _AT_RANDOM.search(one.phrase.lower) or not any(wish.op == "sort" for earlier in before for wish in earlier.wishes):
        return
    one.wishes = [
        replace(wish, op="first_n", id="first_rows", evidence=f"first_n: rows={wish.params['rows']} of the sorted rows")
        if wish.op == "random_sample" and "rows" in wish.params
        else wish
        for wish in one.wishes
    ]


def _nothing_else(one: Reading, before: list[Reading]) -> bool:
    """`rename A to B, drop everything else`: of columns the rest are columns."""
    renames = [wish for wish in before[-1].wishes if wish.op == "rename"] if before else []
    made = [str(wish.params["column"]) for earlier in before for wish in earlier.wishes if wish.op == "derive"]
    if one.wishes or not renames or not _NOTHING_ELSE.fullmatch(one.phrase.lower):
        return False
    named = renames[0].params["names"]
    columns = [*made, *(named.values() if isinstance(named, dict) else [])]
    many = re.search(r"\b(?:those|these) (two|three)\b", one.phrase.lower)
    if many and len(columns) != {"two": 2, "three": 3}[many[1]]:
        return False
    one.wishes = [
        Wish(op="select_columns", id="columns", stage=COLUMNS, params={"columns": columns}, evidence=f"select_columns: {', '.join(columns)}")
    ]
    one.says = ""
    return True


def _shown(phrase: Phrase) -> str:
    """The clause as typed, its atoms hidden."""
    return "".join(low if low == "\ue000" else sign for sign, low in zip(phrase.text, phrase.lower, strict=True))
