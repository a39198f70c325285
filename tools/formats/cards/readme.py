"""The card that people read, as the Hugging Face Hub shows it: YAML for the Hub, then what was done and with what effect."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from .facts import Facts, went

_SIZES = (
    (1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"), (10_000_000, "1M<n<10M"),
    (100_000_000, "10M<n<100M"), (1_000_000_000, "100M<n<1B"), (10_000_000_000, "1B<n<10B"), (100_000_000_000, "10B<n<100B"),
)  # fmt: skip
_BAR = 40  # characters


def readme(facts: Facts) -> str:
    """The whole card."""
    blocks = [
        _head(facts),
        f"# {_plain(facts.title)}",
        f"> {_plain(facts.about)}",
        _opening(facts),
        _splits(facts),
        _columns(facts),
        _effects(facts),
        _sources(facts),
        _licence(facts),
        "## Limitations\n\n" + "\n".join(f"- {_plain(one)}" for one in facts.limits()),
        _loading(facts),
        _again(facts),
    ]
    return "\n\n".join(blocks) + "\n"


def _head(facts: Facts) -> str:
    """YAML; JSON's strings are YAML's too."""
    lines = [f"pretty_name: {_json(facts.title)}", *_list("license", facts.terms.hub()), *_list("language", facts.languages)]
    if facts.terms.hub() == ["other"]:
        lines.append(f"license_name: {_json(', '.join(facts.terms.names))}")
    lines += _list("size_categories", [_size(facts.rows)])
    lines += _list("source_datasets", [f"extended|{source.name}" for source in facts.story.sources if source.kept])
    lines += _list("tags", ["winnow", *facts.tags])
    lines += ["configs:", "- config_name: default", "  data_files:"]
    for split, parts in facts.splits.items():
        lines += [f"  - split: {split}", "    path:", *(f"    - {_json(part.path)}" for part in parts)]
    return "\n".join(["---", *lines, "---"])


def _opening(facts: Facts) -> str:
    story = facts.story
    made = f"{len(story.steps)} steps" if len(story.steps) != 1 else "one step"
    read = f"{story.rows_in:,} rows read, {facts.rows:,} written"
    version = "" if story.version is None else f" (version {story.version})"
    return (
        f"{read}, by {made} of the recipe `{story.recipe}`{version} with winnow {story.winnow}. "
        "The same recipe over the same input gives the same bytes again."
    )


def _splits(facts: Facts) -> str:
    rows = [
        (split, f"{sum(part.rows for part in parts):,}", str(len(parts)), _bytes(sum(part.bytes for part in parts)))
        for split, parts in facts.splits.items()
    ]
    return "## Splits\n\n" + _table(("split", "rows", "files", "size"), rows, "lrrr")


def _columns(facts: Facts) -> str:
    return "## Columns\n\n" + _table(("column", "type"), [(f"`{one.name}`", f"`{one.type}`") for one in facts.schema], "ll")


def _effects(facts: Facts) -> str:
    """What each step did, as a table, and how many rows were left after it, as bars."""
    if not facts.story.steps:
        return "## What was done\n\nNothing but reading and writing: no step changed or dropped a row."
    rows = []
    for number, step in enumerate(facts.story.steps, 1):
        share = _share(step.rows_out, step.rows_in)
        rows.append((str(number), f"`{step.id}`", f"`{step.operator}`", f"{step.rows_in:,}", f"{step.rows_out:,}", share, went(step)))
    table = _table(("#", "step", "operator", "rows in", "rows out", "kept", "effect"), rows, "rllrrrl")
    return "\n\n".join(["## What was done", table, _bars(facts), "\n".join(_steps(facts))])


def _bars(facts: Facts) -> str:
    counts = [("read", facts.story.rows_in), *((step.id, step.rows_out) for step in facts.story.steps)]
    widest, most = max(len(name) for name, _ in counts), max((rows for _, rows in counts), default=0)
    lines = [f"{name:<{widest}}  {rows:>{len(f'{most:,}')},}  {'█' * round(_BAR * rows / max(most, 1))}".rstrip() for name, rows in counts]
    return "Rows out of each step:\n\n```text\n" + "\n".join(lines) + "\n```"


def _share(part: int, whole: int) -> str:
    """In per cent; what is not all is never written as all, nor as nothing what is something."""
    if not whole:
        return ""
    share = part / whole
    return f"{share:.1%}" if part == whole or share <= 0.9995 else f"{min(share, 0.9999):.2%}"


def _steps(facts: Facts) -> Iterator[str]:
    for number, step in enumerate(facts.story.steps, 1):
        said = f" with {', '.join(f'{name}={value!r}' for name, value in step.params.items())}" if step.params else ""
        on = f" on {', '.join(step.columns)}" if step.columns else ""
        why = f" *Why: {_plain(step.why)}*" if step.why else ""
        yield f"{number}. **{step.id}**: {_plain(step.summary)} ({_plain(step.operator + on + said)}){why}"


def _sources(facts: Facts) -> str:
    rows = []
    for source in facts.story.sources:
        here = "looked up only" if source.is_reference else f"{sum(source.kept.values()):,}"
        files = source.files[0] if len(source.files) == 1 else f"{len(source.files):,} files"
        rows.append(
            (
                f"`{source.name}`",
                f"{files}, {_bytes(source.bytes)}",
                f"{source.rows:,}",
                here,
                source.licence or "not stated",
                f"`{source.digest[:16]}`",
            )
        )
    return "## Where the rows come from\n\n" + _table(("source", "files", "rows read", "rows here", "licence", "digest (xxh3)"), rows, "llrrll")


def _licence(facts: Facts) -> str:
    terms = facts.terms
    if not terms.rows:
        lines = ["No rows, so no licence of a source applies."]
    elif terms.is_mixed:
        share = [f"- {name}: {rows:,} rows ({rows / max(facts.rows, 1):.1%})" for name, rows in terms.rows.items()]
        lines = ["The rows come under more than one licence. Whoever uses them together has to keep to all of them:", "", *share]
    else:
        lines = [f"All rows come under the licence of their source: {next(iter(terms.rows))}."]
    if terms.stated:
        lines += ["", f"The maker of this data set states {terms.stated} for the whole; that does not free anybody from what the sources ask for."]
    if asks := terms.asks():
        lines += ["", *(f"- {_plain(one)}" for one in asks)]
    return "## Licence\n\n" + "\n".join(lines)


def _loading(facts: Facts) -> str:
    split = next(iter(facts.splits))
    return f"""## How to load it

```python
from datasets import load_dataset

rows = load_dataset("{facts.name}", split="{split}")
```

```python
import mlcroissant

rows = mlcroissant.Dataset("{facts.name}/croissant.json").records("{split}")
```

Or read `data/{split}-*.parquet` with anything that reads Parquet."""


def _again(facts: Facts) -> str:
    story = facts.story
    return f"""## How to make it again

- recipe `{story.recipe}`, sha256 `{story.digest}`, seed {story.seed}, winnow {story.winnow}
- `winnow run recipe.yaml {" ".join(f"--input {source.name}=PATH" for source in story.sources)} --output {facts.name}/`
- `_manifest.json` lists each file with its sha256; `croissant.json` says the same in [Croissant](https://mlcommons.org/croissant) terms

<details><summary>The recipe</summary>

{_fenced(story.text)}

</details>"""


def _fenced(text: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}yaml\n{text.rstrip()}\n{fence}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], sides: str) -> str:
    marks = {"l": ":--", "r": "--:"}
    lines = ["| " + " | ".join(head) + " |", "|" + "|".join(marks[side] for side in sides) + "|"]
    return "\n".join([*lines, *("| " + " | ".join(_plain(cell) for cell in row) + " |" for row in rows)])


def _plain(text: str) -> str:
    """A text of the recipe or the data as one line that means nothing to Markdown but itself; what stands in back quotes stays."""
    flat = " ".join(text.split())
    return re.sub(r"`[^`]*`|[|<\[]", lambda found: _meant(found[0]), flat)


def _meant(piece: str) -> str:
    if piece.startswith("`"):  # code is shown as it stands; only a bar would end the cell of a table
        return piece.replace("|", "\\|")
    return "&lt;" if piece == "<" else f"\\{piece}"


def _list(key: str, values: Iterable[str]) -> list[str]:
    found = [f"- {_json(value)}" for value in values]
    return [f"{key}:", *found] if found else []


def _size(rows: int) -> str:
    return next((name for below, name in _SIZES if rows < below), "100B<n<1T")


def _bytes(count: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def _json(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
