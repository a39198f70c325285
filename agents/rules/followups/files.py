"""Reads where and as what rows are written, the seed, and a second file for what is dropped."""

import re
from pathlib import Path

from tools.cards import Summary, summaries
from workflows.edits import Edit, Head, Output
from workflows.edits.edges import edges
from workflows.inputs import SUFFIXES, ending

from ..routing import beside
from .outcome import Change, Doubt, Now, port_of
from .said import Said
from .steps import shown, spoken

_FORMAT = r"(?P<format>parquet|csv|tsv|jsonl|json ?lines|ndjson|json|arrow|feather)"
_AS = re.compile(
    rf"(?:(?:write|save|store|output|export|make|give me|produce|use|(?:i )?want|(?:i )?need|have|put)\s+)?(?:(?:it|this|that|"
    rf"them|the (?:output|result|rows|"
    rf"results|file)|everything|all)\s+)?(?:(?:be|to be)\s+)?(?:(?:as|to|in|into|a|an|out)\s+)*{_FORMAT}(?:\s+(?:file|format|output|"
    rf"files))*(?:\s+(?:not|rather than|instead of)\s+\w+)?"
    rf"|(?:the )?(?:output|result|format)(?: format)? (?:should be|must be|is|as|to be) (?:an? )?(?P<format2>parquet|csv|tsv|jsonl|json|"
    rf"arrow|feather)"
)
_TO = re.compile(
    r"(?:(?:write|save|store|output|export|put|send)\s+)?(?:(?:it|this|that|them|the (?:output|result|rows|results)|everything|"
    r"all)\s+)?(?:out\s+)?(?:to|into|in|as|under)\s+(?:a file (?:called|named)\s+|the file\s+|file\s+)?(?P<path>[\ue000]+|"
    r"[\w./~-]*[\w-]+\.(?:jsonl|json|csv|tsv|parquet|arrow|feather|ndjson|txt)(?:\.(?:gz|zst))?|[\w./-]+/)"
)
_OTHERS = (
    r"(?:the |all (?:the |of the )?)?(?:dropped|removed|rejected|rest|others?|other|remaining|discarded|thrown out|filtered(?: out)?|"
    r"failing|bad)(?: (?:ones?|rows?|records?|examples?|messages?|documents?|lines?))?|what(?:ever)? (?:was|is|gets|got) (?:dropped|removed|"
    r"thrown out|filtered out|rejected|left)|everything (?:dropped|else)|rejects|leftovers"
)
_REST = re.compile(
    rf"(?:(?:keep|write|save|put|store|send|output|collect|have|want|also (?:keep|write|save))\s+)?(?:{_OTHERS})\s*(?:by "
    rf"(?P<by>.+?)\s+)?(?:(?:go|goes|should go|too|as well)\s+)?(?:to|in|into)\s+(?:an?other|a second|a separate|a different|their own|its "
    rf"own|an? own|an extra|a new|one more)\s*(?:file|output)?(?:\s+(?:too|called|named)\s*(?P<name>[\ue000]+|[\w./-]+)?)?"
    rf"|(?:(?:keep|write|save|put|store|send|output)\s+)(?:{_OTHERS})\s+(?:by (?P<by2>.+?)\s+)?(?:to|in|into|as)\s+(?P<path>[\w./-]+\.\w+)"
)
_SEED = re.compile(
    r"(?:(?:use|set|take|with|make|change|try)\s+)?(?:the |a )?(?:random )?seed(?:\s+(?:to|of|is|be|=|:|should be|"
    r"number))*\s*(?P<seed>\d+)(?:\s+instead)?|seed\s*=\s*(?P<seed2>\d+)|(?P<seed3>\d+) as (?:the )?(?:random )?seed"
)
_RESEED = re.compile(
    r"(?:(?:use|try|take|give me|draw)\s+)?(?:an?other|a different|a new|a fresh|different) (?:random )?(?:seed|sample|"
    r"draw|random sample)|re-?(?:sample|draw|seed|shuffle)|draw again|sample again"
)
SUFFIX = {"json lines": "jsonl", "jsonlines": "jsonl", "ndjson": "jsonl"}


def read(said: Said, now: Now) -> Change | Doubt | None:
    """Such a message and nothing else."""
    lower = said.lower.strip(" .!")
    seed = _SEED.fullmatch(lower)
    if seed:
        return _seeded(int(next(group for group in seed.groups() if group)), now)
    if _RESEED.fullmatch(lower):
        return _seeded(now.recipe.seed + 1, now)
    rest = _REST.fullmatch(lower)
    if rest:
        return _rest(rest["by"] or rest["by2"] or "", rest["path"] or "", now)
    to = _TO.fullmatch(lower)
    if to:
        return _placed(_path(to, said), now)
    known = _AS.fullmatch(lower)
    if known:
        return _formatted(known["format"] or known["format2"], now)
    return None


def _seeded(seed: int, now: Now) -> Change:
    used = [step for step in now.recipe.steps if _draws(step.op)]
    if seed == now.recipe.seed:
        return Change((), f"the seed is {seed} already: nothing changed")
    note = f"; {shown(used)} draw{'s' if len(used) == 1 else ''} by it" if used else "; no step draws at random, so it changes no row"
    return Change((Head(seed=seed),), f"seed {now.recipe.seed} → {seed}{note}")


def _drops(card: Summary) -> bool:
    return (
        card.kind in ("Bounded", "Measure", "Fit", "Group", "Whole", "Rank")
        and "dropped" in card.ports
        and card.name not in ("sort", "shuffle", "split")
    )


def _draws(op: str) -> bool:
    return op.partition("@")[0] in (
        "random_sample",
        "stratified_sample",
        "balance",
        "shuffle",
        "split",
        "mix",
        "ips_sample",
        "density_sample",
        "dsir",
        "token_budget",
        "cluster_balance",
        "diversity",
        "drift",
    )


def _path(match: re.Match[str], said: Said) -> str:
    start, end = match.span("path")
    lead = len(said.lower) - len(said.lower.lstrip(" .!"))
    atom = next((atom for atom in said.phrase.atoms if atom.start == start + lead), None)
    return atom.value if atom else said.text[start + lead : end + lead]


def _placed(path: str, now: Now) -> Change | Doubt:
    if Path(path).is_absolute() or ".." in Path(path).parts or path.startswith("~"):
        return Doubt(f"{path!r} lies outside this folder; give it with --output")
    if now.situation.output and len(Path(path).parts) > 1:
        return Doubt(f"{path!r} lies in another folder than --output says; give a name alone")
    if len(now.recipe.outputs) != 1:
        return Doubt(f"the recipe writes {', '.join(now.recipe.outputs)}: which of them shall go to {path!r}")
    name, spec = next(iter(now.recipe.outputs.items()))
    suffix = ending(path)[0]
    if not path.endswith("/") and suffix not in SUFFIXES:
        return Doubt(f"{path!r} does not tell a format; end it in .jsonl, .csv, .parquet or .arrow")
    new = spec.model_copy(update={"path": path, "format": None, "options": {}})
    return Change((Output(name=name, spec=new),), f"written to {path} (was {spec.path})")


def _formatted(said: str, now: Now) -> Change | Doubt:
    suffix = SUFFIX.get(said, said)
    edits: list[Edit] = []
    words = []
    for name, spec in now.recipe.outputs.items():
        if spec.path == "-" or spec.path.endswith("/"):
            edits.append(Output(name=name, spec=spec.model_copy(update={"format": suffix, "options": {}})))
            words.append(f"{spec.path} as {suffix}")
            continue
        old, packed = ending(spec.path)
        if old == f".{suffix}" or old == suffix:
            return Change((), f"{spec.path} is {suffix} already: nothing changed")
        bare = spec.path
        for end in (f".{packed}" if packed else "", old if old.startswith(".") else f".{old}"):
            bare = bare.removesuffix(end) if end else bare
        path = f"{bare}.{suffix}"
        edits.append(Output(name=name, spec=spec.model_copy(update={"path": path, "format": None, "options": {}})))
        words.append(f"{spec.path} → {path}")
    return Change(tuple(edits), f"written as {suffix}: {', '.join(words)}")


def _rest(by: str, path: str, now: Now) -> Change | Doubt:
    """An output of all rows that filters do not let through, or those of one step."""
    if "rest" in now.recipe.outputs:
        return Change((), f"they go to {now.recipe.outputs['rest'].path} already")
    named = spoken(by, now.recipe) if by else []
    if by and len(named) != 1:
        return Doubt(f"which step is {by!r}", tuple(f"the rows dropped by {step.id} to a second file" for step in now.recipe.steps[:2]))
    known = summaries()
    filters = named or [step for step in now.recipe.steps if _drops(known[step.op.partition("@")[0]])]
    read = set(edges(now.recipe))
    ports = [f"{step.id}.dropped" if port_of(step.id, now.recipe) == "kept" else step.id for step in filters]
    ports = [port for port in ports if port not in read]
    if not ports:
        return Doubt("no step drops rows, so there is nothing for a second file")
    spec = next(iter(now.recipe.outputs.values()))
    place = path or beside(now.situation.output or spec.path)
    made = spec.model_copy(update={"rows": ports[0] if len(ports) == 1 else ports, "path": place})
    return Change(
        (Output(name="rest", spec=made),),
        f"what {', '.join(port.partition('.')[0] for port in ports)} drop{'s' if len(ports) == 1 else ''} goes to {place}",
        tuple(step.id for step in filters),
    )
