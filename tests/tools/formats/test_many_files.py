"""Files that are rows: many in one shard, each with its name and its own number; pages in the encodings of the web."""

import bz2

import pytest

from tools.errors import RecipeError
from tools.formats.encodings import codec_of, declared, page
from tools.formats.html_files import HtmlFiles
from tools.formats.many_files import Unreadable
from tools.formats.text_files import TextFiles
from tools.storage import FILE_SHIFT, File

GERMAN = "Die Straße führt über größere Höhen, früher als später – und müßig wär's, darüber zu grübeln. " * 3
RUSSIAN = "Съешь же ещё этих мягких французских булок да выпей чаю, а потом приходи к нам снова. " * 3


def test_a_file_is_a_row_with_its_name_whatever_the_shards(reader):
    files = [reader.file(b"b\nc\n", "b.txt"), reader.file(b"a", "a.txt", ".gz"), reader.file(b"\xff", "bad.txt"), reader.file(b"", "c.txt")]
    for size in (1, 1 << 20):
        out = reader.read(TextFiles(), files, size)
        assert out.rows == [{"path": "a.txt", "text": "a"}, {"path": "b.txt", "text": "b\nc\n"}, {"path": "c.txt", "text": ""}]
        numbers = [(shard.file << FILE_SHIFT) + at for shard, one in zip(out.shards, out.loaded, strict=True) for at in one.offset.to_pylist()]
        assert numbers == [0, 1 << FILE_SHIFT, 3 << FILE_SHIFT]
        assert [(reason, raw) for _, _, _, reason, raw, _ in out.bad] == [("not UTF-8", b"\xff")]
    assert len(reader.read(TextFiles(), files, 1 << 20).shards) == 1
    assert reader.read(TextFiles(), files, columns=["path"]).rows[0] == {"path": "a.txt"}
    with pytest.raises(RecipeError, match="not all different"):
        reader.read(TextFiles(column="path"), files)


def test_paragraphs_are_rows_that_know_their_file_and_line(reader):
    out = reader.read(TextFiles(records="paragraph"), [reader.file(b"\none\r\n1\r\n\r\n \ntwo", "a.md"), reader.file(b"three\n", "b.md")])
    assert out.rows == [{"path": "a.md", "text": "one\r\n1"}, {"path": "a.md", "text": "two"}, {"path": "b.md", "text": "three"}]
    assert [line for _, _, line in out.places] == [1, 5, 0]


def test_two_files_of_the_same_bytes_are_not_the_same_shard(reader):
    shards = [TextFiles().shards([reader.file(b"x", name)], reader.cache)[0] for name in ("a.txt", "b.txt")]
    assert shards[0].digest != shards[1].digest


def test_a_damaged_or_huge_file_is_named(reader, monkeypatch):
    broken = reader.folder / "a.txt.bz2"
    broken.write_bytes(bz2.compress(b"abc")[:-10])
    monkeypatch.setattr("tools.formats.many_files.ROW_LIMIT", 5)
    out = reader.read(TextFiles(), [File(path=str(broken), inside="a.txt"), reader.file(b"123456", "b.txt")])
    assert [reason.partition(" after")[0] for _, _, _, reason, _, _ in out.bad] == ["the bz2 data is damaged", "larger than a row may be (5 bytes)"]


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        ("é".encode("utf-16"), "utf-16le", "é"),
        (b"\xef\xbb\xbfabc", "utf-8", "abc"),
        (b"plain", "utf-8", "plain"),
        (b'<meta charset="ISO-8859-1">\xe9\x80', "windows-1252", '<meta charset="ISO-8859-1">é€'),
        (b"<meta charset=latin1>" + "é".encode(), "utf-8", "<meta charset=latin1>é"),  # it says what it is not
        (b'<?xml version="1.0" encoding="koi8-r"?>' + "привет".encode("koi8-r"), "koi8-r", '<?xml version="1.0" encoding="koi8-r"?>привет'),
        (
            b'<META http-equiv="Content-Type" content="text/html; charset=gb2312">' + "中文".encode("gb18030"),
            "gb18030",
            '<META http-equiv="Content-Type" content="text/html; charset=gb2312">中文',
        ),
        (b"<!-- <meta charset=utf-8> --><meta charset='x-sjis'>" + "日本".encode("cp932"), "shift_jis", None),
        (b"<meta charset=iso-2022-jp>" + "日本".encode("iso2022_jp"), "iso-2022-jp", "<meta charset=iso-2022-jp>日本"),
        (b"<meta charset=windows-1252>\x81\xe9", "windows-1252", "<meta charset=windows-1252>\x81é"),
        (GERMAN.encode("cp1252"), "windows-1252", GERMAN),
        (RUSSIAN.encode("cp1251"), "windows-1251", RUSSIAN),
    ],
)
def test_a_page_is_decoded_by_what_it_says_and_what_it_is(data, encoding, text):
    found = page(data)
    assert found[1] == encoding
    assert text is None or found[0] == text


def test_what_a_page_declares_is_read_as_browsers_do():
    assert declared(b"<meta name=x content='charset=no'><meta charset='KOI8-U'>") == "koi8-u"
    assert declared(b"<meta content='text/html;charset=big5' http-equiv=Content-Type>") == "big5"
    assert declared(b" " * 5000 + b"<meta charset=koi8-r>") is None
    assert codec_of("gbk") == "gb18030"
    assert codec_of("utf-16") == "utf-8"
    assert codec_of("latin9") is not None
    assert codec_of("no-such") is None
    assert codec_of("base64") is None


def test_what_nothing_tells_is_read_as_browsers_do_and_what_is_no_text_is_said():
    assert page(b"caf\xe9")[1].startswith(("windows-", "iso-8859-"))
    with pytest.raises(Unreadable, match="zero bytes"):
        page(b"\x00\x01\xff\xfe")


def test_a_broken_mark_is_said():
    with pytest.raises(Unreadable, match="byte order mark says utf-8"):
        page(b"\xef\xbb\xbf\xff")


def test_pages_have_their_encoding_beside_them(reader):
    out = reader.read(HtmlFiles(), [reader.file(GERMAN.encode("cp1252"), "a.html"), reader.file("ü".encode(), "b.html")])
    assert [(row["path"], row["encoding"]) for row in out.rows] == [("a.html", "windows-1252"), ("b.html", "utf-8")]
    assert out.rows[0]["text"] == GERMAN
