"""Identity, tax and insurance numbers of countries. Where form and checksum together leave little to chance they are found anywhere,
else only where words before them say what they are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .checksums import is_valid
from .near import Found, Near

_NOT_BEFORE, _NOT_AFTER = r"(?<![\w@])(?<!\w[-./])", r"(?![\w@]|[-/]\w|\.\d)"
_TAX = r"tax(?:payer)? (?:id\w*|no|number|file)|tin"
_DATE = r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_DATE_BACK = r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d"


@dataclass(frozen=True)
class Number:
    """`plain` is found anywhere, `cued` only after one of the words in `cue`; both must be valid by `module` of python-stdnum."""

    kind: str
    module: str
    plain: str = ""
    cued: str = ""
    cue: str = ""


NUMBERS: tuple[Number, ...] = (
    Number(
        "us_ssn",
        "",
        r"(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4}",
        r"(?!000|666|9)\d{3}[- .]?(?!00)\d\d[- .]?(?!0000)\d{4}",
        r"ssn|ss#|social security|soc\.? sec\.?",
    ),
    Number(
        "uk_nino",
        "",
        r"(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] \d\d \d\d \d\d [A-D]",
        r"(?i:(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D])",
        r"national insurance|nino|ni (?:no|number)",
    ),
    Number("uk_nhs", "gb.nhs", "", r"\d{3}[- ]?\d{3}[- ]?\d{4}", r"nhs"),
    Number("de_tax_id", "de.idnr", "", r"\d\d ?\d{3} ?\d{3} ?\d{3}", rf"steuer\w*[- ]?id\w*|steuer-?id|idnr|identifikationsnummer|{_TAX}"),
    Number("fr_nir", "fr.nir", r"[12] ?\d\d ?(?:0[1-9]|1[0-2]) ?(?:\d\d|2[AB]) ?\d{3} ?\d{3} ?\d\d"),
    Number("es_dni", "es.dni", r"\d{8}-[A-HJ-NP-TV-Z]", r"(?i:\d{1,2}\.?\d{3}\.?\d{3}[- ]?[A-HJ-NP-TV-Z])", r"dni|nif|documento nacional"),
    Number("es_dni", "es.nie", r"[XYZ]-?\d{7}-?[A-HJ-NP-TV-Z]", r"(?i:[XYZ][- ]?\d{7}[- ]?[A-HJ-NP-TV-Z])", r"nie"),
    Number("it_codice_fiscale", "it.codicefiscale", r"[A-Z]{6}\d\d[A-EHLMPRST]\d\d[A-Z]\d{3}[A-Z]"),
    Number("nl_bsn", "nl.bsn", "", r"\d{4}[. ]?\d\d[. ]?\d{3}|\d{9}", r"bsn|burgerservicenummer|sofi(?:nummer)?"),
    Number("be_nn", "be.nn", r"\d\d\.\d\d\.\d\d-\d{3}\.\d\d", r"\d{11}", r"rijksregister\w*|registre national|national(?:nummer)?|insz|niss"),
    Number("ch_ahv", "ch.ssn", r"756\.\d{4}\.\d{4}\.\d\d", r"756[. ]?\d{4}[. ]?\d{4}[. ]?\d\d", r"ahv\w*|avs"),
    Number("pt_nif", "pt.nif", "", r"\d{3} ?\d{3} ?\d{3}", r"nif|contribuinte|nipc"),
    Number("se_personnummer", "se.personnummer", rf"(?:19|20)?{_DATE}[-+]\d{{4}}", rf"(?:19|20)?{_DATE}\d{{4}}", r"personnummer|personal number"),
    Number("fi_hetu", "fi.hetu", rf"{_DATE_BACK}[-+A]\d{{3}}[0-9A-FHJ-NPR-Y]"),
    Number("no_fodselsnummer", "no.fodselsnummer", "", r"\d{6} ?\d{5}", r"f(?:ø|o)dselsnummer|fnr|personnummer"),
    Number("dk_cpr", "dk.cpr", "", rf"{_DATE_BACK}-?\d{{4}}", r"cpr(?:[- ]?n(?:r|ummer))?"),
    Number("pl_pesel", "pl.pesel", "", r"\d{11}", r"pesel"),
    Number("cz_rc", "cz.rc", r"\d\d[0-8]\d[0-3]\d/\d{4}", r"\d\d[0-8]\d[0-3]\d\d{3,4}", r"rodn(?:é|e) (?:č|c)(?:í|i)slo|r(?:č|c)"),
    Number("ro_cnp", "ro.cnp", "", r"[1-8]\d{12}", r"cnp|cod numeric"),
    Number("br_cpf", "br.cpf", r"\d{3}\.\d{3}\.\d{3}-\d\d", r"\d{3}[. ]?\d{3}[. ]?\d{3}[- ]?\d\d", r"cpf"),
    Number("mx_curp", "mx.curp", rf"[A-Z]{{4}}{_DATE}[HM][A-Z]{{5}}[0-9A-Z]\d"),
    Number("cl_rut", "cl.rut", r"\d{1,2}\.\d{3}\.\d{3}-[\dKk]", r"\d{7,8}-?[\dKk]", r"rut|run"),
    Number("ar_cuit", "ar.cuit", r"(?:2[0347]|3[034])-\d{8}-\d", r"(?:2[0347]|3[034])\d{9}", r"cui[tl]"),
    Number("ca_sin", "ca.sin", "", r"\d{3}[- ]?\d{3}[- ]?\d{3}", r"sin|social insurance|nas"),
    Number("au_tfn", "au.tfn", "", r"\d{3} ?\d{3} ?\d{2,3}", r"tfn|tax file"),
    Number("in_aadhaar", "in_.aadhaar", r"(?<!\d )[2-9]\d{3} \d{4} \d{4}(?! \d)", r"[2-9]\d{3}[- ]?\d{4}[- ]?\d{4}", r"aadh?aa?r|uid(?:ai)?"),
    Number("in_pan", "in_.pan", "", r"(?i:[A-Z]{3}[PCHFATBLJG][A-Z]\d{4}[A-Z])", r"pan|permanent account|income tax"),
    Number("cn_id", "cn.ric", r"[1-9]\d{5}(?:19|20)" + _DATE + r"\d{3}[0-9Xx]"),
    Number("kr_rrn", "kr.rrn", rf"{_DATE}-[1-8]\d{{6}}", rf"{_DATE}[1-8]\d{{6}}", r"rrn|resident registration|주민등록번호"),
    Number("tr_tckimlik", "tr.tckimlik", "", r"[1-9]\d{10}", r"t\.?c\.? ?kimlik(?: no)?|tc(?: no)?|kimlik"),
    Number("za_id", "za.idnr", "", rf"{_DATE} ?\d{{4}} ?[012]\d\d", r"sa id|south african id|rsa id"),
    Number("il_id", "il.idnr", "", r"\d{8,9}", r"teudat zehut|t\.?z\.?|תעודת זהות|ת\.ז\.?"),
)  # fmt: skip

_CUED = tuple(number for number in NUMBERS if number.cued)


def _compiled(pattern: str) -> re.Pattern[bytes]:
    return re.compile(f"{_NOT_BEFORE}(?:{pattern}){_NOT_AFTER}".encode())


_PLAIN = _compiled("|".join(f"(?P<n{place}>{number.plain})" for place, number in enumerate(NUMBERS) if number.plain))
_LOOSE = tuple(_compiled(number.cued) for number in _CUED)
_CUES = tuple(re.compile(rf"(?i)(?<![^\W_])(?:{number.cue})(?![^\W_])[^\n\d]{{0,24}}\n?[^\n\d]{{0,4}}$".encode()) for number in _CUED)
CUES = "|".join(dict.fromkeys(number.cue for number in _CUED))  # for RE2
BEFORE = 48  # bytes in which a cue is looked for
FEWEST_ALONE = 8  # digits of what has no letters before them
LETTERS_BEFORE, FURTHER = 6, 16  # where a number begins before its digits, and ends behind them


def identities(near: Near, digits: int, is_told: bool, kinds: frozenset[str]) -> Iterator[Found]:
    """Numbers found anywhere, then those that a word before them announces."""
    start = max(0, near.start - LETTERS_BEFORE)
    before = near.text[start : near.start]
    plain = digits >= FEWEST_ALONE or before[-1:].isalpha() or before[-3:-1].isupper()
    for match in _PLAIN.finditer(near.text, start, near.stop + FURTHER) if plain else ():
        if match.start() >= near.stop:
            break
        number = NUMBERS[int((match.lastgroup or "n0")[1:])]
        if number.kind in kinds and _holds(number, match[0]):
            yield near.found(match.start(), match.end(), number.kind)
    if is_told:
        yield from _announced(near, start, kinds)


def _announced(near: Near, start: int, kinds: frozenset[str]) -> Iterator[Found]:
    for number, loose, cue in zip(_CUED, _LOOSE, _CUES, strict=True):
        for match in () if number.kind not in kinds else loose.finditer(near.text, start, near.stop + FURTHER):
            if match.start() >= near.stop:
                break
            if cue.search(near.text[max(0, match.start() - BEFORE) : match.start()]) and _holds(number, match[0]):
                yield near.found(match.start(), match.end(), number.kind)


def _holds(number: Number, text: bytes) -> bool:
    return not number.module or is_valid(number.module, text.replace(b".", b"").decode())
