"""Cuts a web page into blocks: runs of text that no block-level tag interrupts, each with the element it stands in."""

import re
from dataclasses import dataclass, field
from typing import Any

UNREAD = (
    "script", "style", "noscript", "template", "svg", "iframe", "object", "embed", "applet", "canvas", "audio", "video", "map", "select",
    "datalist", "textarea", "button", "head", "frameset", "noframes", "annotation", "annotation-xml",
)  # fmt: skip
_INLINE = """
    a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rp rt ruby s samp small span strike strong sub sup
    time tt u var wbr img picture source input math mi mn mo mrow msub msup mfrac msqrt mtext semantics center amp-img
"""
INLINE = frozenset(_INLINE.split())
HEADINGS = {f"h{level}": level for level in range(1, 7)}
CELLS = frozenset(("td", "th"))
ITEMS = frozenset(("li", "dt", "dd"))
BREAK, LINE = "\x1e", "\n"  # `br` is kept apart from the line ends of the source until the block is whole
PARAGRAPH_BREAK = re.compile(rf"{BREAK}\s*{BREAK}[\s{BREAK}]*")
CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\ud800-\udfff]")
MARKUP = re.compile(r"<(?:!doctype|!--|/?[a-zA-Z][a-zA-Z0-9:-]*[\s/>])", re.IGNORECASE)


@dataclass(slots=True)
class Block:
    """One run of text."""

    text: str
    element: int  # position in `Page.elements`
    kind: str  # paragraph, heading, item, cell, quote, code
    level: int  # of a heading, or how deep an item is nested
    linked: int  # characters inside links
    links: int
    inner: str  # what its first inline element is called
    row: int  # element of the table row
    ordered: int  # number in an ordered list, else 0


@dataclass(slots=True)
class Element:
    """A block-level element."""

    tag: str
    parent: int
    key: str  # tag, class, id and role
    start: int  # blocks inside: from, to
    stop: int = 0
    depth: int = 0


@dataclass(slots=True)
class Page:
    """All blocks and elements, in document order."""

    blocks: list[Block] = field(default_factory=list)
    elements: list[Element] = field(default_factory=list)
    title: str = ""


def parsed(html: str) -> Any:
    """The tree of the page; None where there is nothing in it. Depth is bounded by the parser, comments and what no reader sees are out."""
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    return etree.fromstring(CONTROLS.sub("", html).encode() or b" ", parser)


def read(html: str) -> Page:
    """The blocks of a page. A text without any markup is one block a paragraph."""
    from lxml import etree

    root = parsed(html)
    if root is None:
        return Page()
    found = root.find(".//title")
    title = " ".join((found.text or "").split()) if found is not None else ""
    etree.strip_elements(root, *UNREAD, with_tail=False)
    reader = _Reader()
    reader.walk(root)
    reader.page.title = title
    return reader.page


class _Reader:
    """Walks the tree without recursion."""

    def __init__(self) -> None:
        self.page = Page()
        self.parts: list[str] = []
        self.linked = self.links = self.in_link = self.verbatim = 0
        self.inner = ""
        self.lists: list[int] = []  # for each open list: the number of its last item, -1 where it is not numbered
        self.current = -1

    def walk(self, root: Any) -> None:
        stack: list[tuple[Any, bool]] = []
        for node in root.iter():
            parent = node.getparent()
            while stack and stack[-1][0] is not parent:
                self.leave(*stack.pop())
            tag = node.tag
            inline = tag in INLINE
            stack.append((node, inline))
            if inline:
                self.enter_inline(node, tag)
            elif tag == "br":
                self.parts.append(BREAK)
            else:
                self.enter_block(node, tag)
            text = node.text
            if text:
                self.say(text)
        while stack:
            self.leave(*stack.pop())
        self.flush()

    def say(self, text: str) -> None:
        self.parts.append(text)
        if self.in_link:
            self.linked += len(text.strip())

    def enter_inline(self, node: Any, tag: str) -> None:
        if tag == "a" and node.get("href") is not None:
            self.in_link += 1
            self.links += 1
        if not self.inner and not self.parts:
            self.inner = key_of(node, tag)

    def enter_block(self, node: Any, tag: str) -> None:
        self.flush()
        page = self.page
        depth = page.elements[self.current].depth + 1 if self.current >= 0 else 0
        page.elements.append(Element(tag, self.current, key_of(node, tag), len(page.blocks), 0, depth))
        self.current = len(page.elements) - 1
        if tag == "pre":
            self.verbatim += 1
        elif tag == "ol":
            self.lists.append(0)
        elif tag in ("ul", "menu", "dl"):
            self.lists.append(-1)
        elif tag == "li" and self.lists and self.lists[-1] >= 0:
            self.lists[-1] += 1

    def leave(self, node: Any, inline: bool) -> None:
        tag = node.tag
        if inline:
            if tag == "a" and node.get("href") is not None:
                self.in_link -= 1
        elif tag != "br":
            self.flush()
            element = self.page.elements[self.current]
            element.stop = len(self.page.blocks)
            self.current = element.parent
            if tag == "pre":
                self.verbatim -= 1
            elif tag in ("ol", "ul", "menu", "dl") and self.lists:
                self.lists.pop()
        if node.tail:
            self.say(node.tail)

    def flush(self) -> None:
        """The run of text ends here."""
        if not self.parts:
            self.linked = self.links = 0
            self.inner = ""
            return
        whole = "".join(self.parts)
        if self.verbatim:
            texts = [whole.replace(BREAK, LINE).strip("\n").rstrip()]
        elif BREAK in whole:
            texts = [_lines(piece) for piece in PARAGRAPH_BREAK.split(whole)]
        else:
            texts = [" ".join(whole.split())]
        texts = [text for text in texts if text.strip()]
        for text in texts:
            self.page.blocks.append(self.block(text, len(texts)))
        self.parts.clear()
        self.linked = self.links = 0
        self.inner = ""

    def block(self, text: str, shares: int) -> Block:
        kind, level, row, ordered = "paragraph", 0, -1, 0
        at, elements = self.current, self.page.elements
        while at >= 0:  # the nearest element that says what it is
            tag = elements[at].tag
            if tag in HEADINGS:
                kind, level = "heading", HEADINGS[tag]
            elif tag in ITEMS:
                kind, level = "item", max(len(self.lists), 1)
                ordered = max(self.lists[-1], 0) if self.lists and tag == "li" else 0
            elif tag in CELLS:
                kind, row = "cell", elements[at].parent
            elif tag == "blockquote":
                kind = "quote"
            elif tag == "pre":
                kind = "code"
            elif tag not in ("p", "div", "figure", "summary", "section"):
                break
            if kind != "paragraph":
                break
            at = elements[at].parent
        if kind in ("item", "cell") and elements[self.current].tag in ("p", "div"):
            kind = kind if elements[self.current].start == len(self.page.blocks) else "paragraph"
        return Block(text, self.current, kind, level, min(self.linked // shares, len(text)), self.links, self.inner, row, ordered)


def key_of(node: Any, tag: str) -> str:
    """Tag, class, id, role and whether the page hides it, as one string."""
    get = node.get
    key = f"{tag} {get('class') or ''} {get('id') or ''}"
    more = get("role") or get("itemprop")
    if more:
        key = f"{key} {more}"
    style = get("style")
    if style and "none" in style:
        key += " =hidden"
    return key


def _lines(text: str) -> str:
    return LINE.join(line for piece in text.split(BREAK) if (line := " ".join(piece.split())))
