"""Sound recipes broken at random, as text."""

import random


def mutant_text(draw: random.Random, texts: list[str]) -> str:
    """The text of a sound recipe with some lines or characters changed."""
    text = draw.choice(texts)
    for _ in range(draw.randint(1, 4)):
        text = draw.choice(TEXT_MUTATIONS)(draw, text)
    return text


def _line_less(draw: random.Random, text: str) -> str:
    lines = text.split("\n")
    del lines[draw.randrange(len(lines))]
    return "\n".join(lines)


def _line_again(draw: random.Random, text: str) -> str:
    lines = text.split("\n")
    lines.insert(draw.randrange(len(lines)), draw.choice(lines))
    return "\n".join(lines)


def _indented(draw: random.Random, text: str) -> str:
    lines = text.split("\n")
    at = draw.randrange(len(lines))
    lines[at] = draw.choice((" ", "  ", "\t", "")) + lines[at].lstrip(draw.choice((" ", ""))) + draw.choice(("", " ", "\t", "\r"))
    return "\n".join(lines)


def _inserted(draw: random.Random, text: str) -> str:
    at = draw.randrange(len(text) + 1)
    return text[:at] + draw.choice(PIECES) + text[at + draw.choice((0, 0, 1, 5)) :]


def _big(draw: random.Random, text: str) -> str:
    at = draw.randrange(len(text) + 1)
    return (
        text[:at]
        + draw.choice(
            (
                "[" * 2000,
                "{a: " * 2000,
                "- " * 2000,
                "x" * (1 << 20),
                "x" * 900_000,
                "[x, " * 30,
                "? " * 2000,
                "\n" * 5000,
                "'" * 3001,
                "&a " * 500,
                "0x" + "f" * 4000,
            )
        )
        + text[at:]
    )


PIECES = (
    *(
        "[",
        "]",
        "{",
        "}",
        ": ",
        "- ",
        "&a ",
        "*a",
        "!!str ",
        "!x ",
        "\n",
        "  ",
        "\t",
        "'",
        '"',
        "|",
        ">",
        "#",
        "\n---\n",
        "\n...\n",
        "%YAML 1.1\n",
        "null",
    ),
    *(
        "1e5",
        "\\",
        "\x07",
        "\x00",
        "\u2028",
        "😀",
        "? ",
        ",",
        "<<: ",
        "on: ",
        "yes: ",
        "true: 1",
        "0x" + "f" * 4000,
        ".inf",
        "\ufeff",
        "\x85",
        "`",
        "@",
        "~: ",
    ),
)
TEXT_MUTATIONS = (_line_less, _line_again, _indented, _inserted, _inserted, _inserted, _big)
