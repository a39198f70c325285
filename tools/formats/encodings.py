"""Encodings of files that were not written by us: what a page says of itself, what its bytes say, and how browsers read it.

The rules are those of the WHATWG's Encoding Standard and of HTML's prescan, with one exception: bytes that are sound UTF-8 with characters
beyond ASCII are UTF-8, whatever the page says, since text in another encoding is practically never sound UTF-8 by chance.
"""

import codecs
import re

from .many_files import Unreadable

DETECT = "detect"
PRESCAN = 4096  # bytes of a page's head that may say an encoding; browsers look at 1,024, many pages say it later
_SAMPLE = 256 << 10  # bytes that detection looks at
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_XML = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)""", re.IGNORECASE)
_META = re.compile(rb"<meta[\s/]([^>]*)", re.IGNORECASE)
_CHARSET = re.compile(rb"""(?:^|[\s"'/])charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_OTHER = re.compile(rb"""content\s*=\s*("[^"]*"|'[^']*')""", re.IGNORECASE)
_CONTENT = re.compile(rb"""http-equiv\s*=\s*["']?content-type.*?charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE | re.DOTALL)
_CONTENT_FIRST = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]+).*?http-equiv\s*=\s*["']?content-type""", re.IGNORECASE | re.DOTALL)
# labels that mean another encoding than Python takes them for
_MEANS = {
    "latin1": "cp1252", "latin-1": "cp1252", "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "iso_8859-1": "cp1252", "l1": "cp1252",
    "ascii": "cp1252", "us-ascii": "cp1252", "ansi_x3.4-1968": "cp1252", "x-cp1252": "cp1252", "windows-1252": "cp1252",
    "iso-8859-9": "cp1254", "iso8859-9": "cp1254", "iso8859-11": "cp874", "latin5": "cp1254",
    "iso-8859-11": "cp874", "tis-620": "cp874", "windows-874": "cp874", "iso-8859-8-i": "iso8859_8",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "chinese": "gb18030",
    "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "x-x-big5": "big5hkscs",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "ms_kanji": "cp932", "windows-31j": "cp932",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "ksc5601": "cp949", "korean": "cp949", "windows-949": "cp949", "x-euc-jp": "euc_jp",
    "unicode": "utf-8", "utf8": "utf-8", "x-unicode20utf8": "utf-8", "utf-16": "utf-8", "utf-16le": "utf-8", "utf-16be": "utf-8", "utf-32": "utf-8",
    "macintosh": "mac_roman", "x-mac-roman": "mac_roman", "mac": "mac_roman", "x-mac-cyrillic": "mac_cyrillic", "x-user-defined": "cp1252",
}  # fmt: skip
_NAMES = {
    "cp1252": "windows-1252", "cp1250": "windows-1250", "cp1251": "windows-1251", "cp1253": "windows-1253", "cp1254": "windows-1254",
    "cp1255": "windows-1255", "cp1256": "windows-1256", "cp1257": "windows-1257", "cp1258": "windows-1258", "cp874": "windows-874",
    "cp932": "shift_jis", "cp949": "euc-kr", "big5hkscs": "big5", "euc_jp": "euc-jp", "mac_roman": "macintosh", "mac_cyrillic": "x-mac-cyrillic",
}  # fmt: skip
_HOLES = {0xDC00 + byte: byte for byte in range(0x80, 0xA0)}  # bytes that a code page leaves open stand for themselves


def page(data: bytes) -> tuple[str, str]:
    """The text of an HTML or XHTML page and the name of its encoding. Raises Unreadable where nothing fits."""
    known = _certain(data)
    if known is not None:
        return known
    label = declared(data)
    codec = None if label is None else codec_of(label)
    if codec is not None:
        try:
            return decoded(data, codec), _name(codec)
        except UnicodeError:
            pass  # it says what it is not; what it is shows in its bytes
    text, name = detected(data)
    return text, name


def detected(data: bytes) -> tuple[str, str]:
    """The text and the name of the encoding that its bytes look most like; windows-1252 where it is not that. Raises Unreadable."""
    known = _certain(data)
    if known is not None:
        return known
    try:
        from resiliparse.parse.encoding import detect_encoding
    except ModuleNotFoundError:
        from tools.errors import RecipeError

        raise RecipeError("a file does not say its encoding, and telling it needs the extra: pip install 'winnow[web-extract]'") from None
    if b"\0" in data:
        raise Unreadable("it holds zero bytes and no byte order mark, so it is no text")
    for codec in (codec_of(detect_encoding(data[:_SAMPLE]) or ""), "cp1252"):
        if codec is not None:
            try:
                return decoded(data, codec), _name(codec)
            except UnicodeError:
                continue  # what browsers take for it where nothing tells, is left, and holds any bytes
    raise AssertionError("windows-1252 decodes all bytes")


def declared(data: bytes) -> str | None:
    """What the page says its encoding is, in small letters: an XML declaration, or the first `meta` that says one."""
    head = _COMMENT.sub(b"", data[:PRESCAN])
    if found := _XML.search(head):
        return _small(found)
    for meta in _META.finditer(head):
        said = meta[1]
        if found := _CONTENT.search(said) or _CONTENT_FIRST.search(said) or _CHARSET.search(_OTHER.sub(b"", said)):
            return _small(found)
    return None


def codec_of(label: str) -> str | None:
    """Python's codec for a label as browsers understand it."""
    small = label.strip().lower()
    try:
        found = codecs.lookup(_MEANS.get(small, small))
    except LookupError:
        return None
    known = _MEANS.get(small) or _MEANS.get(found.name, found.name)
    return known if found._is_text_encoding and "utf-7" not in known else None


def decoded(data: bytes, codec: str) -> str:
    """The text without a byte order mark. Raises UnicodeError."""
    bare = data
    for mark, name in _BOMS:
        if data.startswith(mark) and codecs.lookup(codec).name in (name, "utf-16", "utf-8-sig"):
            bare, codec = data[len(mark) :], name
            break
    if codec.startswith("cp125") or codec == "cp874":
        return bare.decode(codec, "surrogateescape").translate(_HOLES)
    return bare.decode(codec)


def _certain(data: bytes) -> tuple[str, str] | None:
    """What a byte order mark says, or sound UTF-8 beyond ASCII."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(name), name.removesuffix("-le") if name == "utf-8" else name.replace("-le", "le").replace("-be", "be")
            except UnicodeDecodeError:
                raise Unreadable(f"its byte order mark says {name}, and it is not") from None
    if not data.isascii():
        try:
            return data.decode(), "utf-8"
        except UnicodeDecodeError:
            return None
    return None if b"\x1b" in data else (data.decode("ascii"), "utf-8")  # ISO-2022-JP is ASCII with escapes


def _small(found: re.Match[bytes]) -> str:
    return found[1].decode("ascii", "replace").lower()


def _name(codec: str) -> str:
    return _NAMES.get(codec) or re.sub(r"^iso8859[-_]", "iso-8859-", codec).replace("iso2022_", "iso-2022-")
