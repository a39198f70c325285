"""Languages and countries by name: what a person calls a language, as the ISO 639-1 code that detectors give."""

import re

LANGUAGES: dict[str, str] = {
    "afrikaans": "af", "albanian": "sq", "arabic": "ar", "armenian": "hy", "azerbaijani": "az", "basque": "eu", "belarusian": "be",
    "bengali": "bn", "bangla": "bn", "bosnian": "bs", "bulgarian": "bg", "burmese": "my", "catalan": "ca", "chinese": "zh", "mandarin": "zh",
    "croatian": "hr", "czech": "cs", "danish": "da", "dutch": "nl", "flemish": "nl", "english": "en", "esperanto": "eo", "estonian": "et",
    "finnish": "fi", "french": "fr", "galician": "gl", "ganda": "lg", "georgian": "ka", "german": "de", "greek": "el", "gujarati": "gu",
    "hausa": "ha", "hebrew": "he", "hindi": "hi", "hungarian": "hu", "icelandic": "is", "indonesian": "id", "irish": "ga", "italian": "it",
    "japanese": "ja", "javanese": "jv", "kannada": "kn", "kazakh": "kk", "khmer": "km", "korean": "ko", "kurdish": "ku", "kyrgyz": "ky",
    "lao": "lo", "latin": "la", "latvian": "lv", "lithuanian": "lt", "luxembourgish": "lb", "macedonian": "mk", "malay": "ms",
    "malayalam": "ml", "maltese": "mt", "maori": "mi", "marathi": "mr", "mongolian": "mn", "nepali": "ne", "norwegian": "no", "bokmal": "no",
    "nynorsk": "nn", "pashto": "ps", "persian": "fa", "farsi": "fa", "polish": "pl", "portuguese": "pt", "punjabi": "pa", "romanian": "ro",
    "russian": "ru", "serbian": "sr", "shona": "sn", "sinhala": "si", "slovak": "sk", "slovenian": "sl", "slovene": "sl", "somali": "so",
    "sotho": "st", "spanish": "es", "castilian": "es", "swahili": "sw", "swedish": "sv", "tagalog": "tl", "filipino": "tl", "tamil": "ta",
    "telugu": "te", "thai": "th", "tsonga": "ts", "tswana": "tn", "turkish": "tr", "ukrainian": "uk", "urdu": "ur", "uzbek": "uz",
    "vietnamese": "vi", "welsh": "cy", "xhosa": "xh", "yiddish": "yi", "yoruba": "yo", "zulu": "zu",
}  # fmt: skip

COUNTRIES: dict[str, tuple[str, ...]] = {
    "argentina": ("es",), "australia": ("en",), "austria": ("de",), "bangladesh": ("bn",), "belgium": ("nl", "fr"), "brazil": ("pt",),
    "bulgaria": ("bg",), "canada": ("en", "fr"), "catalonia": ("ca", "es"), "chile": ("es",), "china": ("zh",), "colombia": ("es",),
    "croatia": ("hr",),
    "czechia": ("cs",), "czech republic": ("cs",), "denmark": ("da",), "egypt": ("ar",), "estonia": ("et",), "finland": ("fi",),
    "france": ("fr",), "germany": ("de",), "greece": ("el",), "hungary": ("hu",), "iceland": ("is",), "india": ("hi", "en"),
    "indonesia": ("id",), "iran": ("fa",), "iraq": ("ar",), "ireland": ("en",), "israel": ("he",), "italy": ("it",), "japan": ("ja",),
    "kenya": ("sw", "en"), "korea": ("ko",), "south korea": ("ko",), "latvia": ("lv",), "lithuania": ("lt",), "luxembourg": ("lb", "fr", "de"),
    "malaysia": ("ms",), "mexico": ("es",), "morocco": ("ar",), "netherlands": ("nl",), "new zealand": ("en",), "norway": ("no",),
    "pakistan": ("ur",), "peru": ("es",), "philippines": ("tl", "en"), "poland": ("pl",), "portugal": ("pt",), "romania": ("ro",),
    "russia": ("ru",), "saudi arabia": ("ar",), "serbia": ("sr",), "slovakia": ("sk",), "slovenia": ("sl",), "spain": ("es",),
    "sweden": ("sv",), "switzerland": ("de", "fr", "it"), "taiwan": ("zh",), "thailand": ("th",), "turkey": ("tr",), "ukraine": ("uk",),
    "united kingdom": ("en",), "britain": ("en",), "england": ("en",), "united states": ("en",), "usa": ("en",), "vietnam": ("vi",),
}  # fmt: skip

CODES = frozenset(LANGUAGES.values())
RARE = frozenset(["lg", "mi", "sn", "st", "tn", "ts", "xh", "zu"])  # known to the careful way alone
NAMES = {code: name for name, code in reversed(LANGUAGES.items())}

_NAME = re.compile(rf"\b({'|'.join(LANGUAGES)})\b")
_COUNTRY = re.compile(rf"\b({'|'.join(sorted(COUNTRIES, key=len, reverse=True))})\b")
_CODE = re.compile(
    r"\b(?:languages?|lang|iso(?:[ -]?639(?:-1)?)?)(?:\s+codes?)?\s*(?:is|are|=|==|:|equals|in)?\s*((?:[a-z]{2}(?:\s*(?:,|and|or|/)\s*)?)+)\b"
)


def named(text: str) -> list[tuple[str, int, int]]:
    """(code, start, end) of every language named in lower-case text, by name or as a code behind the word language."""
    found = [(LANGUAGES[match[1]], match.start(), match.end()) for match in _NAME.finditer(text)]
    for match in _CODE.finditer(text):
        for code in re.finditer(r"\b[a-z]{2}\b", match[1]):
            if code[0] in CODES and code[0] not in ("is", "or"):
                found.append((code[0], match.start(1) + code.start(), match.start(1) + code.end()))
    return sorted(found, key=lambda one: one[1])


def of_countries(text: str) -> list[str]:
    """Languages that most people speak in the countries named in lower-case text, in order, each once."""
    return list(dict.fromkeys(code for match in _COUNTRY.finditer(text) for code in COUNTRIES[match[1]]))
