"""docs/benchmarks.md: sections under headings of the second level, each measured by itself while the others stay as they are."""

import re

HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


def sections(page: str) -> dict[str, str]:
    """The body below each heading, in order; what stands above the first is under the empty name."""
    found = list(HEADING.finditer(page))
    ends = [match.start() for match in found[1:]] + [len(page)]
    head = page[: found[0].start()] if found else page
    return {"": head, **{match[1]: page[match.end() : end].strip("\n") for match, end in zip(found, ends, strict=True)}}


def replaced(page: str, title: str, body: list[str]) -> str:
    """The page with this section's body anew; at the end if there was none."""
    held = sections(page)
    head = held.pop("").strip("\n")
    held[title] = "\n".join(body).strip("\n")
    return "\n\n".join([head, *(f"## {name}\n\n{text.strip(chr(10))}" for name, text in held.items())]) + "\n"
