"""Rows that are hard on operators: nasty texts, odd numbers, families of near-duplicates, texts far too long."""

import random
from collections.abc import Mapping, Sequence

import pyarrow as pa

from tools.contract import ANY, Types

TEXTS: tuple[str, ...] = (
    "",
    " ",
    "\n",
    "\t\r\n \n\n",
    "\x00",
    "a\x00b\x00",
    "\\ud800 \\udfff \ufffd",  # lone surrogates as a reader hands them on: escaped, or replaced
    "\u202eabc \u05d0\u05d1\u05d2\u202c \u0645\u0631\u062d\u0628\u0627",
    "👩‍👩‍👧 🏳️‍🌈 🇩🇪🇫 👍🏽",
    "é e\u0301 \u0301 Z\u0351\u036b\u0343a\u0334l\u0353go",
    "\ufefftext after a mark\ufeff",
    "one\u2028two\u2029three\x85four\x0bfive\x0csix",
    "İıſẞßǅŉﬁ Σςσ",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 ① ½ ٣ ४ Ⅻ",
    "\U0010ffff \ufffe \ue000 \u200b\u200d\u2060\u00ad",
    "ภาษาไทยไม่มีช่องว่าง 漢字かなカナ한국어 한국",
    "\x1b[31mred\x1b[0m \x07\x08",
    "# # #\n- [ ] [a](b ![c] <p>&amp;&#x0;&#1114112;<![CDATA[",
    '{"a": [1, null]} {{ x }} ${y} %s %d {0} \'; drop table t; --',
    "x@y.z +49 (0)30 / 123-456 192.168.0.1 http://a.b/?q=%00#f",
    "w" * 5000,
    "a " * 700,
    "-- \n" * 60,
)

PROSE: tuple[str, ...] = (
    "The cat sat on the mat and looked at the rain. It would not go out, she said, before the evening.",
    "A short history of the town.\n\nThe market was first held in 1241. It is still held today, on every second Sunday of the month.",
    "Das ist ein Satz mit vielen Wörtern, und der nächste ist nicht besser. Er steht nur da, weil einer da stehen muss.",
    "Où est la bibliothèque ? Elle est à côté de la gare, mais elle n'est pas ouverte le dimanche.",
    "今天天气很好，我们去公园散步吧。公园里有很多人，也有很多树。",
    "Menu\nHome\nHome\nAbout\nContact\nHome\nContact\n© 2021 All rights reserved",
    "Write to jane.doe@example.com or call +1 (415) 555-0132 before Friday; the server is 10.0.0.7.",
    "def add(one, two):\n    return one + two\n\n\nprint(add(1, 2))\n",
    "In der Kürze liegt die Würze.",
    "BUY NOW!!! CHEAP CHEAP CHEAP shoes shoes shoes http://spam.example/win",
)
WORDS = tuple(dict.fromkeys(word for text in PROSE[:4] for word in text.lower().split()))
SUBSTITUTED = (0.0, 0.01, 0.03, 0.06, 0.1, 0.15, 0.2, 0.25, 0.3)
NUMBERS = (0.0, -0.0, 1.0, -1.5, 0.5, 2.0, 1e300, -1e300, 5e-324, float("inf"), float("-inf"), float("nan"), 3.0, 3.0)
WHOLES = (0, 1, -1, 2, 3, 7, 100, -(1 << 31), (1 << 31) - 1)


def rows(types: Types, seen: Mapping[str, Sequence[object]], count: int, seed: int = 3) -> pa.Table:
    """Hard rows for an operator that reads columns of these types; a column of any type takes the values `seen` in examples."""
    draw = random.Random(seed)
    columns = {name: _column(types.get(name, ANY), list(seen.get(name, ())), count, draw) for name in (*types, *(n for n in seen if n not in types))}
    return pa.table(columns) if columns else pa.table({"text": _column(pa.string(), [], count, draw)})


def nasty(table: pa.Table) -> pa.Table:
    """The rows with every nasty text in every column of texts."""
    count = len(TEXTS)
    at = pa.array([number % max(len(table), 1) for number in range(count)])
    columns = {}
    for turn, name in enumerate(table.column_names):
        texts = pa.array([TEXTS[(number + 5 * turn) % count] for number in range(count)])
        columns[name] = texts if table[name].type == pa.string() else table[name].take(at)
    return pa.table(columns)


def with_text(table: pa.Table, text: str) -> pa.Table:
    """The first row with this text in every column of texts."""
    first = table.slice(0, 1)
    return pa.table({name: pa.array([text]) if first[name].type == pa.string() else first[name] for name in first.column_names})


def holed(table: pa.Table, every: int = 5) -> pa.Table:
    """The rows with nulls strewn over all columns."""
    columns = {}
    for turn, name in enumerate(table.column_names):
        values = table[name].to_pylist()
        columns[name] = pa.array([None if number % every == turn % every else value for number, value in enumerate(values)], table[name].type)
    return pa.table(columns)


def long_line(size: int) -> str:
    """One line of about so many bytes."""
    draw = random.Random(size)
    piece = " ".join(draw.choice(WORDS) for _ in range(2000))
    return (piece + " ") * (size // (len(piece.encode()) + 1))


def many_lines(count: int) -> str:
    return "".join(f"line {number % 977}\n" for number in range(count))


def families(count: int, seed: int = 11) -> list[str]:
    """Texts in families: each its founder with 0 to 30 words in a hundred substituted, in no order."""
    draw = random.Random(seed)
    made = []
    for family in range(count):
        founder = [f"{draw.choice(WORDS)}{draw.randrange(50) if draw.random() < 0.7 else ''}" for _ in range(draw.choice((12, 40, 120)))]
        made += [" ".join(_substituted(founder, share, draw)) for share in SUBSTITUTED]
        made.append(f"{family} " + " ".join(founder[1:]))
    draw.shuffle(made)
    return made


def _substituted(words: Sequence[str], share: float, draw: random.Random) -> list[str]:
    changed = list(words)
    for at in draw.sample(range(len(words)), round(share * len(words))):
        changed[at] = f"other{draw.randrange(1000)}"
    return changed


def _column(kind: pa.DataType, seen: list[object], count: int, draw: random.Random) -> pa.Array:
    known = [value for value in seen if value is not None]
    if kind == ANY:
        return pa.array([draw.choice(known or ["a", "b", "c"]) for _ in range(count)])
    if pa.types.is_string(kind):
        return pa.array([_text(known, draw) for _ in range(count)], kind)
    if pa.types.is_floating(kind):
        return pa.array([draw.choice(NUMBERS) if draw.random() < 0.7 else draw.random() for _ in range(count)], kind)
    if pa.types.is_integer(kind):
        return pa.array([draw.choice(WHOLES) for _ in range(count)], kind)
    if pa.types.is_boolean(kind):
        return pa.array([draw.random() < 0.5 for _ in range(count)])
    if pa.types.is_list(kind) and pa.types.is_floating(kind.value_type):
        return pa.array([[round(draw.gauss(0, 1), 3) for _ in range(4)] for _ in range(count)], kind)
    return pa.array([draw.choice(known) if known else None for _ in range(count)], kind)


def _text(known: list[object], draw: random.Random) -> str:
    chance = draw.random()
    if chance < 0.25 and known:
        return str(draw.choice(known))
    if chance < 0.45:
        return draw.choice(TEXTS)
    text = draw.choice(PROSE)
    return text if chance < 0.75 else " ".join(_substituted(text.split(" "), 0.1, draw))
