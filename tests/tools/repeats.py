"""What cuts of repeated lines, paragraphs and passages must come to, in slow plain Python."""

import re

LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")  # no U+2028: what `str.splitlines` ends lines at is too much


def cut_lines(texts, shortest=20, seen_at_least=2, keep="first", words=False):
    return _cut([[(line, line.strip()) for line in LINE.findall(text)] for text in texts], shortest, seen_at_least, keep, words)


def cut_paragraphs(texts, shortest=50, seen_at_least=2, keep="first", words=False):
    return _cut([list(_blocks(text)) for text in texts], shortest, seen_at_least, keep, words)


def cut_passages(texts, words):
    """Every word that stands in a run of `words` words that stands earlier too, without overlapping, goes, and the space after it."""
    seen = {}
    made = []
    for row, text in enumerate(texts):
        found = [(match.start(), match.end()) for match in tokens(text)]
        said = [text[start:stop] for start, stop in found]
        gone = set()
        for at in range(len(said) - words + 1):
            first = seen.setdefault(tuple(said[at : at + words]), (row, at))
            if first[0] < row or first[1] + words <= at:
                gone |= set(range(at, at + words))
        ends = [start for start, _ in found[1:]] + [len(text)]
        made.append(
            text[: found[0][0] if found else len(text)] + "".join(text[found[at][0] : ends[at]] for at in range(len(found)) if at not in gone)
        )
    return made


def tokens(text):
    return re.finditer(
        r"[\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U0001aff0-\U0001b16f\U00020000-\U000323af]|[^\s\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U0001aff0-\U0001b16f\U00020000-\U000323af]+",
        text,
    )


def _blocks(text):
    """Blocks of lines that are not blank, each with the blank lines after it; blank lines before the first one say nothing."""
    whole, bare = "", []
    after_blank = False
    for line in LINE.findall(text):
        if line.strip() and after_blank and bare:
            yield whole, "\n".join(bare)
            whole, bare = "", []
        if line.strip() and not bare and whole:
            yield whole, ""
            whole = ""
        after_blank = not line.strip()
        whole += line
        bare += [line.strip()] if line.strip() else []
    if whole:
        yield whole, "\n".join(bare)


def _cut(pieces, shortest, seen_at_least, keep, words):
    long = {said for text in pieces for _, said in text if said and (len(said.split()) if words else len(said)) >= shortest}
    texts = {said: sum(any(said == other for _, other in text) for text in pieces) for said in long}
    seen = set()
    made = []
    for text in pieces:
        left = ""
        for whole, said in text:
            goes = said in long and texts[said] >= seen_at_least and (keep == "none" or said in seen)
            seen.add(said)
            left += "" if goes else whole
        made.append(left)
    return made
