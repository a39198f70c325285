"""Texts with personal data at known places, made up: values with right checksums in many forms, and beside them what only looks like some."""

import random
import string
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stdnum import luhn, verhoeff
from stdnum.cn import ric
from stdnum.es import dni, nie
from stdnum.fi import hetu
from stdnum.it import codicefiscale

Span = tuple[int, int, str]


@dataclass(frozen=True)
class Case:
    """A text and the spans (by characters) that are to be found, and no others."""

    text: str
    spans: tuple[Span, ...]


def cases(count: int, seed: int = 1) -> Iterator[Case]:
    """Each text holds up to four values of any kinds among prose and lookalikes."""
    chance = random.Random(seed)
    for _ in range(count):
        parts, spans, size = [], [], 0
        for piece in chance.choices([_value, _lookalike, _prose], [4, 3, 3], k=chance.randint(1, 8)):
            before, value, kind, after = piece(chance)
            start = size + len(before)
            if kind:
                spans.append((start, start + len(value), kind))
            parts.append(before + value + after)
            size += len(parts[-1])
        yield Case("".join(parts), tuple(spans))


def _value(chance: random.Random) -> tuple[str, str, str, str]:
    kind = chance.choice(list(VALUES))
    befores, make = VALUES[kind]
    return chance.choice(befores), make(chance), kind, chance.choice((". ", ", ", "\n", " and so on. ", "; "))


def _lookalike(chance: random.Random) -> tuple[str, str, str, str]:
    return (
        chance.choice(("We saw ", "It says ", "Then ", "(", "See ", "x = ")),
        chance.choice(LOOKALIKES)(chance),
        "",
        chance.choice((" here. ", ") ", ";\n", " again, ")),
    )


def _prose(chance: random.Random) -> tuple[str, str, str, str]:
    return "", " ".join(chance.choices(PROSE.split(), k=chance.randint(3, 12))), "", ". "


def digits(chance: random.Random, count: int, first: str = "0123456789") -> str:
    return chance.choice(first) + "".join(chance.choices(string.digits, k=count - 1)) if count else ""


def _shaped(chance: random.Random, shape: str) -> str:
    """`N` becomes 2 to 9, `9` any digit."""
    return "".join(chance.choice("23456789") if sign == "N" else chance.choice(string.digits) if sign == "9" else sign for sign in shape)


def _random_text(chance: random.Random, count: int, signs: str = string.ascii_letters + string.digits) -> str:
    """Such as has letters and digits."""
    return "a7" + "".join(chance.choices(signs, k=count - 2)) if count > 1 else "a"


def _email(chance: random.Random) -> str:
    name = chance.choice(("ann.lee", "bob+news", "o'neil", "j_doe99", "jürgen", "x", "First.Last", "a-b-c"))
    return f"{name}@{chance.choice(('example.org', 'mail.example.co.uk', 'müller.de', 'sub.a-b.museum', 'X.COM', 'firma.io'))}"


def _phone(chance: random.Random) -> str:
    shapes = "+44 20 N999 9999|+49 (0)30 N99999|(N99) N99-9999|N99-N99-9999|N99.N99.9999|1-800-N99-9999|+33 6 N9 N9 N9 N9|06 N9 N9 N9 N9|06N9N9N9N9"
    shapes += "|+1-N99-N99-9999|+86 1N99 999 9999|+1 (N99) N99-9999|030/N999999|+81-3-N999-9999|+4930N999999|001-N99-N99-9999"
    return _shaped(chance, chance.choice(shapes.split("|")))


def _loose_phone(chance: random.Random) -> str:
    return _shaped(chance, chance.choice(("N99 9999", "N9 N99 999", "N999 9999", "N99-9999", "N999999999")))


def _ip(chance: random.Random) -> str:
    if chance.random() < 0.3:
        return chance.choice(
            ("2001:db8:85a3::8a2e:370:7334", "fe80::1ff:fe23:4567:890a", ":".join(f"{chance.randrange(4096, 65536):x}" for _ in range(8)))
        )
    return ".".join(str(chance.randrange(low, high)) for low, high in ((10, 126), (0, 255), (0, 255), (10, 255)))


def _card(chance: random.Random) -> str:
    start, count = chance.choice((("4", 16), ("51", 16), ("37", 15), ("6011", 16), ("35", 16), ("4", 16)))
    body = start + digits(chance, count - len(start) - 1)
    number = body + luhn.calc_check_digit(body)
    if count == 15:
        return chance.choice((number, f"{number[:4]} {number[4:10]} {number[10:]}"))
    return chance.choice(("", " ", "-")).join(number[at : at + 4] for at in range(0, 16, 4))


def _iban(chance: random.Random) -> str:
    country, body = chance.choice(
        (("DE", digits(chance, 18)), ("GB", "WEST" + digits(chance, 14)), ("NL", "ABNA" + digits(chance, 10)), ("FR", digits(chance, 23)))
    )
    check = 98 - int("".join(str(int(sign, 36)) for sign in body + country + "00")) % 97
    number = f"{country}{check:02d}{body}"
    return chance.choice((number, number.lower(), " ".join(number[at : at + 4] for at in range(0, len(number), 4))))


def _secret(chance: random.Random) -> str:
    upper = string.ascii_uppercase + string.digits
    return chance.choice(
        (
            "AKIA" + _random_text(chance, 16, upper).upper(),
            "ghp_" + _random_text(chance, 36),
            "xoxb-" + digits(chance, 12, "1") + "-" + _random_text(chance, 24),
            "AIza" + _random_text(chance, 35),
            "sk_live_" + _random_text(chance, 24),
            "sk-proj-" + _random_text(chance, 48),
            "glpat-" + _random_text(chance, 20),
            "hf_" + _random_text(chance, 34),
            f"eyJ{_random_text(chance, 20)}.eyJ{_random_text(chance, 40)}.{_random_text(chance, 43)}",
        )
    )


def _quoted_secret(chance: random.Random) -> str:
    return _random_text(chance, chance.randint(20, 40))


def _cpf(chance: random.Random) -> str:
    body = digits(chance, 9, "123456789")
    for _ in range(2):
        weights = range(len(body) + 1, 1, -1)
        body += str(-sum(weight * int(sign) for weight, sign in zip(weights, body, strict=True)) % 11 % 10)
    return f"{body[:3]}.{body[3:6]}.{body[6:9]}-{body[9:]}"


def _nir(chance: random.Random) -> str:
    body = f"{chance.choice('12')}{chance.randint(30, 99)}{chance.randint(1, 12):02d}{chance.randint(1, 95):02d}{digits(chance, 6)}"
    return chance.choice(("{0}{1}", "{2} {3} {4} {5} {6} {7} {1}")).format(
        body, f"{97 - int(body) % 97:02d}", body[0], body[1:3], body[3:5], body[5:7], body[7:10], body[10:]
    )


def _fiscal(chance: random.Random) -> str:
    body = "RSSMRA" + f"{chance.randint(40, 99)}{chance.choice('ABCDEHLMPRST')}{chance.randint(1, 28):02d}H{chance.randint(100, 999)}"
    return body + codicefiscale.calc_check_digit(body)


def _hetu(chance: random.Random) -> str:
    body = f"{chance.randint(1, 28):02d}{chance.randint(1, 12):02d}{chance.randint(40, 99)}{chance.randint(2, 899):03d}"
    return f"{body[:6]}-{body[6:]}{hetu._calc_checksum(body)}"


def _chinese(chance: random.Random) -> str:
    body = f"110101{chance.randint(1950, 2005)}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}{digits(chance, 3)}"
    return body + ric.calc_check_digit(body + "0")


def _with_check(start: str, count: int, check: Callable[[str], str]) -> Callable[[random.Random], str]:
    def make(chance: random.Random) -> str:
        body = digits(chance, count)
        return f"{start}{body}{check(start + body)}"

    return make


def _aadhaar(chance: random.Random) -> str:
    body = digits(chance, 11, "23456789")
    number = body + verhoeff.calc_check_digit(body)
    return f"{number[:4]} {number[4:8]} {number[8:]}"


def _birth_date(chance: random.Random) -> str:
    return chance.choice(("12 May 1975", "1975-05-12", "05/12/1975", "May 12, 1975", "12.05.1975", "March 4th, 1996"))


def _hex(count: int) -> Callable[[random.Random], str]:
    return lambda chance: "".join(chance.choices("0123456789abcdef", k=count))


ANY = ("Write to ", "It is ", "Contact: ", "- ", "(x) ", "He gave us ", "from ")
VALUES: dict[str, tuple[tuple[str, ...], Callable[[random.Random], str]]] = {
    "email": ((*ANY, "<", "mailto:"), _email),
    "phone": ((*ANY, "call "), lambda chance: _phone(chance)),
    "ip": ((*ANY, "host "), _ip),
    "mac": (ANY, lambda chance: chance.choice(":-").join(f"{chance.randrange(16, 256):02X}" for _ in range(6))),
    "card": (ANY, _card),
    "iban": (ANY, _iban),
    "us_ssn": (ANY, lambda chance: f"{chance.randint(100, 665)}-{chance.randint(10, 99)}-{chance.randint(1000, 9999)}"),
    "br_cpf": (ANY, _cpf),
    "fr_nir": (ANY, _nir),
    "it_codice_fiscale": (ANY, _fiscal),
    "fi_hetu": (ANY, _hetu),
    "cn_id": (ANY, _chinese),
    "es_dni": (("DNI ", "NIF: "), _with_check("", 8, dni.calc_check_digit)),
    "in_aadhaar": (ANY, _aadhaar),
    "uk_nino": (("National Insurance number: ", "NINO "), lambda chance: f"AB{digits(chance, 6)}{chance.choice('ABCD')}"),
    "passport": (("Passport No. ", "passport number: "), lambda chance: f"C{digits(chance, 8)}"),
    "driver_licence": (("driver's license ", "Driving licence no: "), lambda chance: f"{chance.choice('ABD')}{digits(chance, 9)}"),
    "birth_date": (("Date of birth: ", "DOB ", "born on "), _birth_date),
    "secret": (("key ", "token: ", "= "), _secret),
    "wallet": (ANY, lambda chance: "0x" + _hex(40)(chance)),
}
SAID: dict[str, tuple[tuple[str, ...], Callable[[random.Random], str]]] = {  # kinds that have a second form
    "phone": (("Phone: ", "call me at ", '"phone_number": "', "Tel. ", "mobile "), _loose_phone),
    "secret": (('api_key = "', "password='", 'SECRET_KEY: "', '"access_token": "'), _quoted_secret),
    "es_dni": (ANY, _with_check("X", 7, nie.calc_check_digit)),
}
LOOKALIKES: tuple[Callable[[random.Random], str], ...] = (
    _hex(32),
    _hex(40),
    _hex(64),
    _hex(7),
    lambda chance: str(uuid.UUID(int=chance.getrandbits(128), version=4)),
    lambda chance: f"v{chance.randint(0, 20)}.{chance.randint(0, 99)}.{chance.randint(0, 999)}",
    lambda chance: f"version {chance.randint(0, 20)}.{chance.randint(0, 99)}.{chance.randint(0, 99)}.{chance.randint(10, 99)}",
    lambda chance: f"ISBN 978-{digits(chance, 1)}-{digits(chance, 2)}-{digits(chance, 6)}-{digits(chance, 1)}",
    lambda chance: f"doi:10.{digits(chance, 4, '1')}/{digits(chance, 3)}-{digits(chance, 3)}-{digits(chance, 4)}",
    lambda chance: f"{chance.randint(1900, 2030)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d} {chance.randint(0, 23):02d}:30:45",
    lambda chance: f"{chance.randint(1900, 2030)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}T12:30:45.123Z",
    lambda chance: f"{chance.randint(1, 28)}/{chance.randint(1, 12)}/{chance.randint(1900, 2030)}",
    lambda chance: f"{chance.randint(1900, 2000)}-{chance.randint(2001, 2030)}",
    lambda chance: f"${chance.randint(1, 999)},{digits(chance, 3)},{digits(chance, 3)}.{digits(chance, 2)}",
    lambda chance: f"{chance.randint(1, 99)},{digits(chance, 3)},{digits(chance, 3)}",
    lambda chance: f"{chance.uniform(-90, 90):.6f}, {chance.uniform(-180, 180):.6f}",
    lambda chance: f"{chance.uniform(0, 1):.16f}",
    lambda chance: f"{digits(chance, 3, '123456789')} + {digits(chance, 3, '123456789')} = {digits(chance, 4, '123456789')}",
    lambda chance: f"{digits(chance, 4, '123456789')}*{digits(chance, 4, '123456789')}",
    lambda chance: str(chance.randint(1_500_000_000, 1_800_000_000)),
    lambda chance: f"{chance.randint(0, 23):02d}:{chance.randint(0, 59):02d}:{chance.randint(0, 59):02d}",
    lambda chance: f"https://example.org/{digits(chance, 3)}-{digits(chance, 3)}-{digits(chance, 4)}?id={digits(chance, 10)}",
    lambda chance: f"std::vector<a{digits(chance, 1)}::b>",
    lambda chance: f"icon@{chance.randint(2, 3)}x.png",
    lambda chance: f"@user{digits(chance, 4)}",
    lambda chance: "password = os.environ['PASSWORD']",
    lambda chance: "api_key: YOUR_API_KEY_GOES_HERE",
    lambda chance: "token = next(tokens)",
)
PROSE = (
    "the old house stood near a river and nobody had lived in it since winter of 1947 when 12 families moved away to look for work in town or so "
    "people said although chapter 3 of that book gives another reason which page 214 repeats"
)


def said(count: int, seed: int = 2) -> Iterator[Case]:
    """Values of a form that is told by the words before them."""
    chance = random.Random(seed)
    for _ in range(count):
        kind = chance.choice(list(SAID))
        befores, make = SAID[kind]
        before, value = chance.choice(befores), make(chance)
        after = '"' if before.endswith('"') else "'" if before.endswith("'") else " "
        lead = _prose(chance)[1] + ". "
        start = len(lead + before)
        yield Case(f"{lead}{before}{value}{after} {_prose(chance)[1]}", ((start, start + len(value), kind),))
