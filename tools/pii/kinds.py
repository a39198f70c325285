"""The kinds of personal data by name, and what is looked for when nobody says."""

from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from typing import Literal

# a family of `types` each; the identity numbers of one country can be named alone
Kind = Literal[
    "email", "phone", "ip", "mac", "card", "iban", "national_id", "passport", "driver_licence", "birth_date", "wallet", "secret", "url",
    "us_ssn", "uk_nino", "uk_nhs", "de_tax_id", "fr_nir", "es_dni", "it_codice_fiscale", "nl_bsn", "be_nn", "ch_ahv", "pt_nif", "se_personnummer",
    "fi_hetu", "no_fodselsnummer", "dk_cpr", "pl_pesel", "cz_rc", "ro_cnp", "br_cpf", "mx_curp", "cl_rut", "ar_cuit", "ca_sin", "au_tfn",
    "in_aadhaar", "in_pan", "cn_id", "kr_rrn", "tr_tckimlik", "za_id", "il_id",
]  # fmt: skip

FAMILIES: tuple[Kind, ...] = (
    "email", "phone", "ip", "mac", "card", "iban", "national_id", "passport", "driver_licence", "birth_date", "wallet", "secret", "url",
)  # fmt: skip
NATIONAL: frozenset[str] = frozenset(Kind.__args__) - frozenset(FAMILIES)  # type: ignore[attr-defined]
KINDS: tuple[Kind, ...] = tuple(kind for kind in FAMILIES if kind != "url")  # by default: an address of a page is seldom personal


def kinds_of(types: Iterable[str]) -> frozenset[str]:
    """The kinds that spans carry: `national_id` is those of all countries."""
    named = frozenset(types)
    return named - {"national_id"} | NATIONAL if "national_id" in named else named


def family_of(kind: str) -> str:
    return "national_id" if kind in NATIONAL else kind


def needs_of(countries: Iterable[str]) -> None:
    """Raises ValueError where the extra `pii` is needed and not installed, or a country is not known."""
    wanted = list(countries)
    if wanted and find_spec("phonenumbers") is None:
        raise ValueError(f"countries={wanted!r} needs the extra 'pii': pip install 'winnow[pii]'")
    for country in wanted:
        if country not in _countries():
            raise ValueError(f"countries: no country {country!r}; write two capital letters, such as 'DE'")


@cache
def _countries() -> frozenset[str]:
    from phonenumbers import SUPPORTED_REGIONS

    return frozenset(SUPPORTED_REGIONS)
