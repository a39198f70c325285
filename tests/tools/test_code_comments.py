"""Comments of code: against grammars and Python's own tokenizer, and what only looks like one."""

import io
import tokenize
from importlib import import_module

import pytest
import tree_sitter
from hypothesis import given
from hypothesis import strategies as st
from real_data import rows

from tools.code.comments import LANGUAGES, language, pieces
from tools.code.guess import guess
from tools.rewrites.references import without as without_references
from tools.rewrites.remove_code_comments import RemoveCodeComments, without

GRAMMARS = {
    "javascript": ("tree_sitter_javascript", "language"),
    "java": ("tree_sitter_java", "language"),
    "cpp": ("tree_sitter_cpp", "language"),
    "csharp": ("tree_sitter_c_sharp", "language"),
    "php": ("tree_sitter_php", "language_php"),
    "sql": ("tree_sitter_sql", "language"),
    "shell": ("tree_sitter_bash", "language"),
}


@pytest.mark.parametrize(
    ("name", "code", "wanted"),
    [
        ("python", "#!/bin/python\n# gone\nx = '#no' # gone\ny = '''# no'''\n", "#!/bin/python\nx = '#no'\ny = '''# no'''\n"),
        ("javascript", "let a = /\\/\\/[/]/; // b\nlet c = `// ${d}`; /* e */ f()", "let a = /\\/\\/[/]/;\nlet c = `// ${d}`;  f()"),
        ("javascript", "a = b / c; // d / e", "a = b / c;"),
        ("c", 'char c = \'"\'; // "x\nchar *s = "/* no */";', 'char c = \'"\';\nchar *s = "/* no */";'),
        ("cpp", 'auto s = R"x(// no)x"; // y', 'auto s = R"x(// no)x";'),
        ("shell", "echo $# ${a#b} a#b '#' # gone\ncat <<EOF\n# no\nEOF\n", "echo $# ${a#b} a#b '#'\ncat <<EOF\n# no\nEOF\n"),
        ("sql", "select '--', \"a\" -- b\nfrom t /* c */;", "select '--', \"a\"\nfrom t ;"),
        ("html", "<p><!-- a --><!--[if IE]>x<![endif]--></p>", "<p><!--[if IE]>x<![endif]--></p>"),
        ("css", "a { b: url(//x.y) } /* c */", "a { b: url(//x.y) }"),
        ("go", "//go:build linux\n// gone\ns := `// no`", "//go:build linux\ns := `// no`"),
        ("rust", 'let s = r#"// "no" "#; // x\nlet a: &\'static str;', 'let s = r#"// "no" "#;\nlet a: &\'static str;'),
        ("ruby", 'puts "#{a}" # b\n=begin\nc\n=end\nd', 'puts "#{a}"\nd'),
        ("haskell", "f --> g -- h\n{-# OPTIONS #-}", "f --> g\n{-# OPTIONS #-}"),
        ("lua", "a = [[ -- no ]] --[[ b\nc ]] d", "a = [[ -- no ]]  d"),
        ("powershell", "Get-Item # a\n<# b\n#>\n$c", "Get-Item\n$c"),
        ("yaml", "a: b#c # d\ne: 'f # g'", "a: b#c\ne: 'f # g'"),
    ],
)
def test_strings_stay_and_comments_go(name, code, wanted):
    assert without(code, language(name)) == wanted


def by_grammar(code, name):
    """Comments as the grammar finds them; None where it finds an error."""
    module, made = GRAMMARS[name]
    raw = code.encode()
    tree = tree_sitter.Parser(tree_sitter.Language(getattr(import_module(module), made)())).parse(raw)
    found, waiting = [], [tree.root_node]
    while waiting:
        node = waiting.pop()
        found += [(node.start_byte, raw[node.start_byte : node.end_byte].decode().rstrip())] if "comment" in node.type else []
        waiting += [] if "comment" in node.type else node.children
    return None if tree.root_node.has_error else [text for _, text in sorted(found) if not text.startswith("#!")]


def by_tokenizer(code):
    try:
        found = [one.string.rstrip() for one in tokenize.generate_tokens(io.StringIO(code).readline) if one.type == tokenize.COMMENT]
    except (tokenize.TokenError, SyntaxError):
        return None
    return [text for text in found if not text.startswith("#!")]


def test_real_code_has_the_comments_that_grammars_find():
    seen = dict.fromkeys((*GRAMMARS, "python"), 0)
    for row in rows("gpteacher/codegen.jsonl.zst", 900):
        code = str(row["response"])
        name = guess(code)
        if "```" in code or name not in seen:
            continue
        wanted = by_tokenizer(code) if name == "python" else by_grammar(code, name)
        if wanted is not None:
            seen[name] += 1
            assert [code[start:stop].rstrip() for is_comment, start, stop in pieces(code, language(name)) if is_comment] == wanted, code
    assert seen["python"] > 100 and seen["javascript"] > 50 and sum(seen.values()) > 300


def test_docstrings_go_and_other_strings_stay():
    code = (
        'class A:\n    """Doc."""\n    b = """no"""\n\n    def c(self):\n        \'\'\'Doc.\'\'\'\n\n    d = {\n        "e":\n        "f",\n    }\n'
    )
    said = without(code, LANGUAGES["python"], docstrings=True)
    assert "Doc" not in said and '"""no"""' in said and "pass" in said
    compile(said, "said", "exec")


def test_fences_name_the_language_and_prose_stays():
    text = "Run # this:\n```bash\nls # list\n```\nor\n```\nx = [1]  # why\nprint(x)\n```\nand # that"
    assert RemoveCodeComments()._without(text, "auto") == "Run # this:\n```bash\nls\n```\nor\n```\nx = [1]\nprint(x)\n```\nand # that"


def test_an_unknown_language_is_named():
    with pytest.raises(ValueError, match="did you mean 'python'"):
        RemoveCodeComments(language="pyton")


@given(st.text("ab\n #'\"/*-`\\<>!{}[]()=$", max_size=120), st.sampled_from(sorted(LANGUAGES)))
def test_no_code_breaks_the_scanner_and_nothing_is_added(code, name):
    said = without(code, LANGUAGES[name])
    assert len(said) <= len(code) + code.count("/*")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("A.\n\n## References\n\n- B 2001.\n\n## Next\n\nC.", "A.\n\n## Next\n\nC."),
        ("A.\n\n7. References\n\n[1] B. C. 2001.\n[2] D. 2002.", "A."),
        ("A.\n\n== References ==\n* B\n\n== See also ==\nC", "A.\n\n== See also ==\nC"),
        ("A.\n\nReferences\n==========\n\nB\n\nNext\n====\n\nC", "A.\n\nNext\n====\n\nC"),
        ("A\n\\begin{thebibliography}{1}\\bibitem{b} C\\end{thebibliography}\nD", "A\n\nD"),
        ("A\n\\bibliography{x}\n", "A\n"),
        ("A.\n\nLiteratur\n\n[1] B: C. 1999.", "A."),
        ("A.\n\n参考文献\n[1] 张. 2001.", "A."),
        ("References\nto null are errors.\nThey cannot be made.", "References\nto null are errors.\nThey cannot be made."),
        ("The references 2001 are here.", "The references 2001 are here."),
    ],
)
def test_bibliographies_end_where_the_next_section_begins(text, wanted):
    assert without_references(text, citations=False) == wanted
