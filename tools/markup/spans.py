"""Pieces of text that no later step may touch, and the marks of emphasis."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

RUN = re.compile(r"\*+|_+|~~+")
OPEN, CLOSE = "\ue000", "\ue001"


@dataclass
class Kept:
    """What was taken out, in the order in which it was; signs that a text already uses are not its own."""

    text: str
    pieces: list[str] = field(default_factory=list)
    open: str = OPEN
    close: str = CLOSE

    def __post_init__(self) -> None:
        """Other signs where the text holds these: the first two of the private planes that it lacks."""
        if self.open in self.text or self.close in self.text:
            used = set(self.text)
            free = (chr(code) for code in range(0xF0000, 0x10FFFE) if chr(code) not in used)
            self.open, self.close = next(free), next(free)


def hold(kept: Kept, piece: str) -> str:
    """A sign that stands for the piece."""
    kept.pieces.append(piece)
    return f"{kept.open}{len(kept.pieces) - 1}{kept.close}"


def restored(text: str, kept: Kept) -> str:
    """The text with the pieces in their places, those within pieces too."""
    sign = re.compile(f"{kept.open}(\\d+){kept.close}")
    while True:
        text, many = sign.subn(lambda match: kept.pieces[int(match[1])], text)
        if not many:
            return text


def cut(text: str, opening: re.Pattern[str], closing: Callable[[re.Match[str]], str], put: Callable[[re.Match[str], str], str]) -> str:
    """The text with `put` in place of what `opening` starts and the next match of `closing` ends; what is never closed stays."""
    found, done, at = [], 0, 0
    unclosed: set[str] = set()  # not looked for again: many that are never closed must not take quadratic time
    while start := opening.search(text, at):
        pattern = closing(start)
        stop = None if pattern in unclosed else re.compile(pattern, re.IGNORECASE).search(text, start.end())
        if stop is None:
            unclosed.add(pattern)
            at = start.end()
            continue
        found += [text[done : start.start()], put(start, text[start.end() : stop.start()])]
        done = at = stop.end()
    return "".join([*found, text[done:]])


def emphasised(piece: str) -> str:
    """The text without the stars, underscores and tildes that emphasise; those that pair with none stay.

    The rules are CommonMark's: a run opens where no blank follows and closes where none stands before it; underscores do neither inside
    a word, tildes go in twos.
    """
    runs = [_Run(match, piece) for match in RUN.finditer(piece)]
    openers: dict[str, list[_Run]] = {}
    for run in runs:
        before = openers.setdefault(run.sign, [])
        while run.closes and run.left and before:
            other = before[-1]
            used = min(run.left, other.left) if run.sign == "~" else min(run.left, other.left, 2)
            run.left -= used
            other.left -= used
            for sign, waiting in openers.items():  # what opened in between and was not closed is no emphasis
                while sign != run.sign and waiting and waiting[-1].start > other.start:
                    waiting.pop()
            if not other.left:
                before.pop()
        if run.opens and run.left:
            before.append(run)
    found, done = [], 0
    for run in runs:
        found += [piece[done : run.start], run.sign * run.left]
        done = run.stop
    return "".join([*found, piece[done:]])


class _Run:
    __slots__ = ("closes", "left", "opens", "sign", "start", "stop")

    def __init__(self, match: re.Match[str], piece: str) -> None:
        self.start, self.stop = match.span()
        self.sign, self.left = match[0][0], self.stop - self.start
        before, after = piece[self.start - 1 : self.start], piece[self.stop : self.stop + 1]
        blank_before, blank_after = not before or before.isspace(), not after or after.isspace()
        mark_before, mark_after = not blank_before and _is_mark(before), not blank_after and _is_mark(after)
        flanks_right = not blank_after and (not mark_after or blank_before or mark_before)
        flanks_left = not blank_before and (not mark_before or blank_after or mark_after)
        inside = flanks_right and flanks_left and self.sign == "_"
        if flanks_right and flanks_left and (before.isdigit() or after.isdigit()):  # 2*3*4 is no emphasis to anyone who wrote it
            flanks_right = flanks_left = False
        self.opens = flanks_right and (not inside or mark_before)
        self.closes = flanks_left and (not inside or mark_after)


def _is_mark(sign: str) -> bool:
    return not (sign.isalnum() or sign in (OPEN, CLOSE) or sign >= "\U000f0000")
