"""Whether a text is an address of the Internet, as the tokens of English see it: such a text is never cut in its middle."""

import re
from collections.abc import Callable

MOST_LABEL, MOST_TOP = 64, 63


def is_address(text: str, is_lower: Callable[[str], bool]) -> bool:
    """A URL, with or without its scheme, or an e-mail address. `is_lower`: of a character, whether it is a small letter."""
    starts = [0, *(place + 1 for place, character in enumerate(text) if character == "@" and place)]
    scheme = re.match(r"[\w+.-]{2,}://", text)
    starts += [scheme.end()] if scheme else []
    return any(_is_host(text[start:], is_lower) for start in starts)


def _is_host(text: str, is_lower: Callable[[str], bool]) -> bool:
    """A host's name or number up to the end or to a port and a path."""
    stop = next((place for place, character in enumerate(text) if character in ":/?#"), len(text))
    if stop < len(text) and not re.match(r"(?::[0-9]{2,5})?(?:[/?#]|$)", text[stop:]):
        return False
    labels = text[:stop].split(".")
    if len(labels) == 4 and _is_number(labels):
        return True
    top = labels.pop()
    return 2 <= len(top) <= MOST_TOP and all(map(is_lower, top)) and bool(labels) and all(map(_is_label, labels))


def _is_label(label: str) -> bool:
    if not 1 <= len(label) <= MOST_LABEL or label[0] in "-_" or label[-1] in "-_":
        return False
    return all("¡" <= character <= "\uffff" or character in "-_" or (character.isascii() and character.isalnum()) for character in label)


def _is_number(labels: list[str]) -> bool:
    """An address of the public Internet, written as four numbers."""
    if not all(label.isascii() and label.isdigit() and len(label) <= 3 for label in labels):
        return False
    a, b, c, d = map(int, labels)
    is_private = a in (10, 127) or (a == 169 and b == 254) or (a == 192 and b == 168) or (a == 172 and 16 <= b <= 31)
    is_plain = labels[0][0] != "0" and labels[3][0] != "0" and not any(len(label) == 3 and label[0] == "0" for label in labels)
    return is_plain and not is_private and 1 <= a <= 223 and b <= 255 and c <= 255 and 1 <= d <= 254
