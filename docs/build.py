"""Write docs/operators.md from the operators' cards, docs/cli.md from the commands' help, into each page of docs/recipes the steps of
its recipe, docs/peers.md from docs/peers.yaml, and winnow/operators.pyi, by which checkers and editors know the operators; `--check`
only says what is stale."""

import argparse
import difflib
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from docs import peers
from tools.cards import Summary, summaries
from tools.catalogue import OPERATORS, operator
from tools.contract import Example
from workflows import builtin_recipes
from workflows.loader import load
from workflows.recipe import Step

ROOT = Path(__file__).resolve().parents[1]
STAGES = {
    "read": "Read",
    "normalise": "Rewrite",
    "filter": "Measure and filter",
    "dedupe": "Duplicates and overlaps",
    "score": "Score",
    "select": "Choose",
    "synthesize": "Make new rows",
    "label": "Label",
    "verify": "Verify",
    "format": "Shape",
    "write": "Write",
}
MADE = "<!-- Written by `make docs`; change the cards or the commands instead. -->"

STEPS = re.compile(r"(<!-- Steps of (builtin/[\w-]+), written by `make docs` -->\n).*?(?=<!-- End of steps -->)", re.DOTALL)
MOST_SHOWN = 60  # characters of a parameter
MOST_OF_EXAMPLE = 240  # characters of one value
ABOUT = "Every step of a recipe names one of these. `at_least` and `at_most` are inclusive; a measure without a bound keeps all rows."


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a page is stale")
    check = parser.parse_args().check
    pages = {
        "docs/operators.md": operators(summaries()),
        "docs/cli.md": commands(),
        "docs/peers.md": peers.page(),
        "winnow/operators.pyi": stub(summaries()),
        **dict(recipe_pages()),
    }
    stale = [name for name, text in pages.items() if not is_same(name, text)]
    for name in stale:
        if check:
            sys.stderr.write(f"{name} is stale; run: make docs\n{difference(name, pages[name])}")
        else:
            (ROOT / name).write_text(pages[name], encoding="utf-8")
    return 1 if check and stale else 0


def is_same(name: str, text: str) -> bool:
    return (ROOT / name).is_file() and (ROOT / name).read_text(encoding="utf-8") == text


def difference(name: str, text: str) -> str:
    now = (ROOT / name).read_text(encoding="utf-8") if (ROOT / name).is_file() else ""
    lines = difflib.unified_diff(now.splitlines(keepends=True), text.splitlines(keepends=True), "as it is", "as it should be", n=0)
    return "".join(list(lines)[:40])


def operators(cards: Mapping[str, Summary]) -> str:
    parts = ["# Operators", MADE, ABOUT]
    for stage, title in STAGES.items():
        here = [card for card in cards.values() if card.stage == stage]
        if here:
            parts.append(f"## {title}")
            parts += [section(card) for card in here]
    return "\n\n".join(parts) + "\n"


def section(card: Summary) -> str:
    facts = [f"{card.kind}.", columns("Reads", card.reads), columns("Reads of `against`", card.against), columns("Adds", card.adds)]
    if card.kind not in ("Source", "Sink", "Rewrite", "Cut", "Layout", "Expand"):
        facts.append(f"Ports {', '.join(f'`{port}`' for port in card.ports)}.")
    if card.kind not in ("Source", "Sink"):
        facts.append(f"In Python `{OPERATORS[card.name].rpartition(':')[2]}`.")
    lines = [f"### {card.name}@{card.version}", card.doc, " ".join(fact for fact in facts if fact)]
    if card.params:
        lines.append("\n".join(["| parameter | type | default | |", "|---|---|---|---|", *(row(name, card) for name in card.params)]))
    if card.aliases:
        lines.append("Asked for as: " + ", ".join(f"*{cell(alias)}*" for alias in card.aliases) + ".")
    if card.not_for:
        lines.append("Not for: " + "; ".join(card.not_for) + ".")
    return "\n\n".join([*lines, *grounds(card.name)])


def grounds(name: str) -> Iterator[str]:
    """An example, where the operator comes from, and what was measured of it."""
    card = operator(name).card
    if card.examples:
        yield "For example " + example(card.examples[0]) + "."
    if card.paper:
        yield f"Source: {card.paper}."
    if card.proof:
        yield f"Measured: {card.proof}."
    if card.needs:
        yield f"Needs the extra `{card.needs}`: `pip install 'winnow[{card.needs}]'`."


def example(one: Example) -> str:
    """Rows given and what becomes of them, in a line."""
    given = f"with {code(one.params)} " if one.params else ""
    against = f" against {code(one.against)}" if one.against is not None else ""
    outcomes = {"gives": one.gives, "keeps rows": one.keeps, "merges": one.into, "fills the ports": one.ports}
    told = [f"{verb} {code(value)}" for verb, value in outcomes.items() if value is not None]
    return f"{given}{code(one.given)}{against} {' and '.join(told)}"


def code(value: object) -> str:
    """A value as code in a page; long ones are cut."""
    shown = json.dumps(plain(value), ensure_ascii=False, default=str)
    shown = shown if len(shown) <= MOST_OF_EXAMPLE else shown[:MOST_OF_EXAMPLE] + " …"
    fence = "``" if "`" in shown else "`"
    return f"{fence}{shown}{fence}"


def plain(value: object) -> object:
    """Mappings and tuples as JSON knows them."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, (list, tuple)) else value


def stub(cards: Mapping[str, Summary]) -> str:
    """The classes of all steps, each under its own name."""
    places = sorted(OPERATORS[card.name].split(":") for card in cards.values() if card.kind not in ("Source", "Sink"))
    lines = [f"from {module} import {name} as {name}" for module, name in places]
    return "\n".join(["# Written by `make docs` from tools/catalogue.py.", *lines]) + "\n"


def columns(label: str, types: Mapping[str, str]) -> str:
    return f"{label} {', '.join(f'`{name}` ({kind})' for name, kind in types.items())}." if types else ""


def row(name: str, card: Summary) -> str:
    schema = card.params[name]
    value = schema.get("default")
    default = "required" if name in card.required else "" if value is None else cell(f"`{json.dumps(value, ensure_ascii=False)}`")
    return f"| `{name}` | {cell(kind(schema))} | {default} | {cell(str(schema.get('description', '')))} |"


def kind(schema: Mapping[str, object]) -> str:
    """A JSON schema in a few words."""
    if isinstance(choices := schema.get("anyOf"), list):
        kinds = [kind(one) for one in choices if one.get("type") != "null"]
        return "number" if set(kinds) == {"integer", "number"} else " or ".join(dict.fromkeys(kinds))
    if isinstance(values := schema.get("enum"), list):
        return " or ".join(f"`{value}`" for value in values)
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema.get("type") == "array" and isinstance(items := schema.get("items"), dict):
        return f"list of {kind(items)}"
    return str(schema.get("type", "any"))


def cell(text: str) -> str:
    bare = " ".join(text.split()).replace("|", "\\|")
    return re.sub(r"`[^`]*`|<", lambda match: "&lt;" if match[0] == "<" else match[0], bare)  # within code it would be shown as it stands


def recipe_pages() -> Iterator[tuple[str, str]]:
    """The pages of the builtin recipes: what people wrote stays, the steps are made anew."""
    for path in sorted((ROOT / "docs/recipes").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        yield f"docs/recipes/{path.name}", STEPS.sub(lambda match: match[1] + steps(match[2]), text)


def steps(recipe: str) -> str:
    rows = [f"| `{step.id}` | {cell(setting(step))} | {cell(step.why or '')} |" for step in load(builtin_recipes.text_of(recipe)).recipe.steps]
    return "\n".join(["| step | operator | why |", "|---|---|---|", *rows]) + "\n"


def setting(step: Step) -> str:
    """An operator, what it reads and how it is set; long values are cut."""
    values = [f"{name} `{shown[:MOST_SHOWN]}{'…' * (len(shown) > MOST_SHOWN)}`" for name, value in step.params.items() if (shown := str(value))]
    return ", ".join([f"`{step.op.partition('@')[0]}`", *values])


def commands() -> str:
    """The help of every command, as Typer writes it."""
    done = subprocess.run(
        [sys.executable, "-m", "typer", "winnow.cli", "utils", "docs", "--name", "winnow"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    body = re.sub(r"\A# `winnow`\n", "", done.stdout).strip()
    return f"# Commands\n\n{MADE}\n\n{body}\n"


if __name__ == "__main__":
    sys.exit(main())
