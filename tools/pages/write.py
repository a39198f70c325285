"""Writes the blocks of a page as text: paragraphs apart, items of a list and rows of a table line by line."""

from collections.abc import Sequence

from .blocks import Block

BLANK, LINE, CELL = "\n\n", "\n", " | "


def plain(blocks: Sequence[Block]) -> str:
    """Plain text."""
    parts: list[str] = []
    before = None
    for block in blocks:
        parts += [_between(before, block) if before else "", _plainly(block, before)]
        before = block
    return "".join(parts)


def markdown(blocks: Sequence[Block]) -> str:
    """The same with headings, lists, quotes, code and tables in Markdown."""
    parts: list[str] = []
    for place, block in enumerate(blocks):
        before = blocks[place - 1] if place else None
        after = blocks[place + 1] if place + 1 < len(blocks) else None
        between = _between(before, block) if before else ""
        if block.kind == "cell":
            parts += [between, "| " if between != CELL else "", block.text.replace("\n", " ").replace("|", "\\|")]
            if after is None or after.kind != "cell" or after.row != block.row:
                parts.append(" |" + _rule(blocks, place))
        else:
            parts += [between, _marked(block)]
    return "".join(parts)


def _between(before: Block, block: Block) -> str:
    if before.kind == block.kind == "item" and block.element != before.element:
        return LINE
    if before.kind == block.kind == "cell":
        return CELL if before.row == block.row and before.row >= 0 else LINE
    return BLANK


def _plainly(block: Block, before: Block | None) -> str:
    if block.kind == "item" and (before is None or before.element != block.element):
        return "  " * (block.level - 1) + (f"{block.ordered}. " if block.ordered else "- ") + block.text
    return block.text


def _marked(block: Block) -> str:
    if block.kind == "heading":
        return "#" * block.level + " " + block.text.replace("\n", " ")
    if block.kind == "quote":
        return "\n".join("> " + line for line in block.text.split("\n"))
    if block.kind == "code":
        fence = "```" if "```" not in block.text else "~~~~"
        return f"{fence}\n{block.text}\n{fence}"
    return _plainly(block, None)


def _rule(blocks: Sequence[Block], place: int) -> str:
    """Below the first row of a table, the line that Markdown asks for."""
    row, start = blocks[place].row, place
    while start and blocks[start - 1].kind == "cell" and blocks[start - 1].row == row:
        start -= 1
    is_first = not start or blocks[start - 1].kind != "cell"
    return "\n|" + " --- |" * (place - start + 1) if is_first else ""
