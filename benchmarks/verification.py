"""What the operators of verification decide on real data, beside labels, compilers and parsers: `python -m benchmarks.verification`.

It prints the tables of docs/verify.md. Which replies refuse was told by eye and stands on the page; here only the counts are made.
"""

import io
import json
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import zstandard

from tools.scan import TextScan
from tools.verify.answer_in_context import AnswerInContext
from tools.verify.code_compiles import CodeCompiles
from tools.verify.language_matches import LanguageMatches
from tools.verify.math_answer import MathAnswer
from tools.verify.no_refusal import NoRefusal

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
MODELS = ("6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification")
MOST = 40  # programs of a language that a compiler is asked about
Row = dict[str, object]


class Desk:
    """What the engine lends, as far as these operators ask."""

    def scan(self, texts: pa.Array) -> TextScan:
        return TextScan(texts)


def rows(name: str) -> list[Row]:
    with (DATA / name).open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
        return [json.loads(line) for line in io.TextIOWrapper(stream, encoding="utf-8")]


def measured(operator: object, column: str, **columns: Sequence[object]) -> list[object]:
    return operator.measure(pa.record_batch(columns), Desk())[column].to_pylist()  # type: ignore[attr-defined, no-any-return]


def math() -> Iterator[str]:
    """`math_answer` beside the labels of GSM8K's solutions."""
    yield from ("| model | solutions | labelled right | same verdict | none or unclear |", "|---|---|---|---|---|")
    solved = rows("gsm8k/model_solutions_labelled.jsonl.zst")
    for model in MODELS:
        labels = [bool(row[model]["is_correct"]) for row in solved]  # type: ignore[index]
        told = measured(
            MathAnswer(),
            "math_answer",
            solution=[row[model]["solution"] for row in solved],  # type: ignore[index]
            answer=[row["ground_truth"] for row in solved],
        )
        same = sum((one == "right") == label for one, label in zip(told, labels, strict=True))
        open_ = sum(one in ("none", "unclear") for one in told)
        yield f"| {model} | {len(solved):,} | {sum(labels)} | {same:,} ({same / len(solved):.2%}) | {open_} |"


def human_eval() -> Iterator[str]:
    """Canonical solutions of HumanEval, whole and broken in four ways."""
    tasks = rows("eval_sets/human_eval.jsonl.zst")
    whole = [f"{task['prompt']}{task['canonical_solution']}" for task in tasks]
    broken: dict[str, list[str]] = {
        "as they are": whole,
        "cut within an expression": [text.rstrip()[:-1].rstrip() + " + (" for text in whole],
        "last line indented once more": [re.sub(r"\n(\s+)(?=[^\n]+\n?$)", r"\n\1   ", text.rstrip() + "\n    pass") for text in whole],
        "no colon behind `def`": [re.sub(r"(def [^\n]*):\n", r"\1\n", text, count=1) for text in whole],
        "body without its function": [str(task["canonical_solution"]) for task in tasks],
    }
    yield from ("| HumanEval | programs | valid | invalid |", "|---|---|---|---|")
    for name, texts in broken.items():
        told = Counter(measured(CodeCompiles(), "code_compiles", text=texts))
        yield f"| {name} | {len(texts)} | {told[True]} | {told[False]} |"


COMPILERS: dict[str, tuple[str, str, list[list[str]]]] = {  # language → words of the task, suffix, commands of which one must accept
    "javascript": (r"\bjavascript\b", ".js", [["node", "--check"]]),
    "c": (r"\bin c\b(?![+#])|\ba c (?:program|function)\b", ".c", [["gcc", "-fsyntax-only", "-w"]]),
    "cpp": (r"c\+\+", ".cpp", [["g++", "-fsyntax-only", "-w"]]),
    "bash": (r"\b(?:bash|shell) script\b", ".sh", [["bash", "-n"]]),
    "rust": (r"\brust\b", ".rs", [["rustc", "--edition=2021", "--crate-type=lib", "--emit=metadata", "--out-dir", "{out}", "-Awarnings"]]),
    "java": (r"\bjava\b", ".java", [["javac", "-proc:none", "-nowarn", "-d", "{out}"]]),
}


def compilers() -> Iterator[str]:
    """What tree-sitter says of programs of GPTeacher and CodeAlpaca beside real compilers; these refuse unknown names and types too."""
    yield from (
        "| language | judge | programs | the judge accepts | of these valid here | the judge refuses | of these invalid here |",
        "|---|---|---|---|---|---|---|",
    )
    every = [
        (f"{row['instruction']}".lower(), str(row.get("response") or row.get("output") or ""))
        for name in ("gpteacher/codegen.jsonl.zst", "codealpaca/code_alpaca_2k.jsonl.zst")
        for row in rows(name)
    ]
    for language, (words, suffix, commands) in COMPILERS.items():
        if shutil.which(commands[0][0]) is None:
            continue
        programs = [text for said, text in every if re.search(words, said) and "```" not in text and _is_code(text)][:MOST]
        judge = [_accepted(text, suffix, commands) for text in programs]
        told = measured(CodeCompiles(language=language), "code_compiles", text=programs)
        pairs = Counter(zip(judge, told, strict=True))
        accepted, refused = pairs[True, True] + pairs[True, False], pairs[False, True] + pairs[False, False]
        name = commands[0][0]
        yield f"| {language} | {name} | {len(programs)} | {accepted} | {pairs[True, True]} | {refused} | {pairs[False, False]} |"


def _is_code(text: str) -> bool:
    return text.count("\n") >= 2 and bool(re.search(r"[{};=()]", text))


def _accepted(text: str, suffix: str, commands: list[list[str]]) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        name = found[1] if suffix == ".java" and (found := re.search(r"public (?:final |abstract )?(?:class|interface|enum) (\w+)", text)) else "main"
        file = Path(folder) / f"{name}{suffix}"
        file.write_text(text, encoding="utf-8")
        calls = [[part.replace("{out}", folder) for part in command] for command in commands]
        return any(subprocess.run([*call, str(file)], capture_output=True, timeout=60, check=False).returncode == 0 for call in calls)


def context() -> Iterator[str]:
    """Answers of XQuAD in their own paragraph, and in another one."""
    yield from ("| language | questions | found, whole words | found, any part | in another paragraph, whole words |", "|---|---|---|---|---|")
    by: dict[str, list[tuple[str, str]]] = {}
    for row in rows("multilingual/xquad_paragraphs.jsonl.zst"):
        for asked in row["qas"]:  # type: ignore[attr-defined]
            by.setdefault(str(row["lang"]), []).append((asked["answers"][0]["text"], str(row["text"])))
    for language, pairs in sorted(by.items()):
        answers, contexts = [one for one, _ in pairs], [other for _, other in pairs]
        half = len(pairs) // 2
        elsewhere = contexts[half:] + contexts[:half]
        counts = [
            sum(map(bool, measured(operator, "answer_found", answer=answers, context=given)))
            for operator, given in (
                (AnswerInContext(), contexts),
                (AnswerInContext(whole_words=False), contexts),
                (AnswerInContext(), elsewhere),
            )
        ]
        shares = " | ".join(f"{count / len(pairs):.1%}" for count in counts)
        yield f"| {language} | {len(pairs)} | {shares} |"


def languages() -> Iterator[str]:
    """Questions of XQuAD beside paragraphs of the same and of another language."""
    yield from ("| pairs | same | different | unsure |", "|---|---|---|---|")
    paragraphs = rows("multilingual/xquad_paragraphs.jsonl.zst")
    by = {(row["lang"], row["title"], row["para"]): row for row in paragraphs}
    codes = sorted({str(row["lang"]) for row in paragraphs})
    other = dict(zip(codes, codes[1:] + codes[:1], strict=True))
    pick: dict[str, Callable[[Row], Row | None]] = {
        "question and paragraph of one language": lambda row: row,
        "question and paragraph of two languages": lambda row: by.get((other[str(row["lang"])], row["title"], row["para"])),
    }
    for name, of in pick.items():
        pairs = [(row["qas"][0]["question"], found["text"]) for row in paragraphs if (found := of(row)) is not None]  # type: ignore[index]
        told = Counter(measured(LanguageMatches(), "language_matches", text=[one for one, _ in pairs], other=[two for _, two in pairs]))
        yield f"| {name}: {len(pairs):,} | {told['same']} | {told['different']} | {told['unsure']} |"


def refusals() -> Iterator[str]:
    """How many replies of each collection are taken for refusals and for answers with a disclaimer."""
    yield from ("| collection | replies | refusals | disclaimers |", "|---|---|---|---|")
    named = (
        ("alpaca/alpaca.jsonl.zst", "output"),
        ("alpaca_zh/alpaca_zh.jsonl.zst", "output"),
        ("dolly/dolly_3k_alpagasus.jsonl.zst", "output"),
        ("gpteacher/roleplay_simple_deduped.jsonl.zst", "response"),
        ("gpteacher/codegen.jsonl.zst", "response"),
        ("self_instruct/model_predictions.jsonl.zst", "response"),
    )
    found = {
        name.partition("/")[0] if "roleplay" not in name else "gpteacher, roles": [str(row.get(column) or "") for row in rows(name)]
        for name, column in named
    }
    found["hh_rlhf, last replies"] = [
        str(row[side]).rpartition("\n\nAssistant:")[2].strip()
        for row in rows("hh_rlhf/harmless_base_test.jsonl.zst")
        for side in ("chosen", "rejected")
    ]
    for name, replies in found.items():
        told = Counter(measured(NoRefusal(), "refusal", text=replies))
        yield f"| {name} | {len(replies):,} | {told['refusal']} | {told['disclaimer']} |"


def main() -> None:
    for table in (math, human_eval, compilers, context, languages, refusals):
        print(f"{table.__doc__}\n")
        print(*table(), sep="\n", end="\n\n", flush=True)


if __name__ == "__main__":
    main()
