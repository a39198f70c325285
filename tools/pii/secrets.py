"""Keys, tokens and passwords: those whose form tells them, and what is assigned to names such as `api_key` and looks random."""

import math
import re
from collections import Counter
from collections.abc import Iterator

from .near import Block, Found

KEY_BLOCK = r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----"
LONGEST_BLOCK = 20_000
KEY_END = r"-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----"
FORMS = (
    r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b",  # Amazon
    r"gh[opsur]_[A-Za-z0-9]{36}",  # GitHub
    r"github_pat_\w{22,255}",
    r"glpat-[\w-]{20}",  # GitLab
    r"xox[abeoprs]-[A-Za-z0-9-]{10,250}",  # Slack
    r"xapp-\d-[A-Za-z0-9-]{20,250}",
    r"AIza[\w-]{35}",  # Google
    r"ya29\.[\w-]{20,500}",
    r"GOCSPX-[\w-]{28}",
    r"[prs]k_(?:live|test)_[A-Za-z0-9]{16,250}",  # Stripe
    r"whsec_[A-Za-z0-9]{32,64}",
    r"npm_[A-Za-z0-9]{36}",
    r"hf_[A-Za-z0-9]{34}",  # Hugging Face
    r"pypi-AgE[\w-]{50,500}",
    r"SG\.[\w-]{22}\.[\w-]{43}",  # SendGrid
    r"dop_v1_[a-f0-9]{64}",  # DigitalOcean
    r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}",  # Shopify
    r"sq0(?:atp|csp)-[\w-]{22,43}",  # Square
    r"dapi[a-f0-9]{32}",  # Databricks
    r"AGE-SECRET-KEY-1[0-9A-Z]{58}",
    r"eyJ[\w-]{10,4000}\.eyJ[\w-]{10,8000}\.[\w-]{10,1000}",  # JSON web token
    r"\d{8,10}:AA[\w-]{33}",  # Telegram
)
OPENAI = r"sk-[A-Za-z0-9-]{0,12}[\w-]{20,250}"  # OpenAI and Anthropic; a class of CSS may begin like it
WEBHOOK = r"hooks\.slack\.com/services/T\w{6,12}/B\w{6,12}/\w{20,26}"
LOGIN = r"://(?P<login>[^\s/:@\"'<>(){}$*]{1,64}:[^\s/@\"'<>(){}$*]{2,128})@"
NAMES = (
    r"api[_-]?key|apikey|access[_-]?key(?:[_-]?id)?|secret(?:[_-]?(?:access[_-]?)?key)?|auth[_-]?token|access[_-]?token|refresh[_-]?token|token|"
    r"passwd|password|passphrase|pwd|client[_-]?secret|private[_-]?key|encryption[_-]?key|signing[_-]?key|account[_-]?key"
)
BEARER = r"(?:Bearer|Basic)\s+(?P<bearer>[A-Za-z0-9+/_.=-]{20,500})"

# for RE2, which takes a whole column; Python looks only at the rows it names
SIGNS = (
    r"PRIVATE KEY|A[KSB]IA[A-Z0-9]|ACCA[A-Z0-9]|gh[opsur]_[A-Za-z0-9]|github_pat_|glpat-|xox[abeoprs]-|xapp-|AIza|ya29\.|GOCSPX-|"
    r"[prs]k_(?:live|test)_|whsec_|npm_[A-Za-z0-9]|hf_[A-Za-z0-9]|pypi-AgE|SG\.[\w-]{3}|dop_v1_|shp(?:at|ca|pa|ss)_|sq0(?:atp|csp)-|dapi[a-f0-9]{3}|AGE-SECRET|eyJ[\w-]|[0-9]:AA[\w-]|"
    r"sk-[\w-]{3}|hooks\.slack\.com|(?:Bearer|Basic) +[A-Za-z0-9]"
)
_BLOCK = re.compile(rf"{KEY_BLOCK}(?:(?s:.){{0,{LONGEST_BLOCK}}}?{KEY_END}|(?:(?:\s|\\n)*[A-Za-z0-9+/=]{{16,}})*)".encode())
_FORMS = re.compile(
    "|".join(
        (
            rf"(?P<form>{'|'.join(FORMS)})(?![A-Za-z0-9_])",
            rf"(?P<openai>{OPENAI})(?![A-Za-z0-9_])",
            WEBHOOK,
            rf"{BEARER}(?![\w/+=-])",
        )
    ).encode()
)
_LOGIN = re.compile(LOGIN.encode())
_NAME = re.compile(rf"(?i)(?:{NAMES})(?:s|[_-]id)?[\"'`]?\]?\s{{0,2}}$".encode())
_VALUE = re.compile(
    rb"(?::=|=>|==?|:)\s{0,3}[\"'`]?(?:(?<=\")(?P<double>[^\"\r\n]{6,500})\"|(?<=')(?P<single>[^'\r\n]{6,500})'|(?<=`)(?P<back>[^`\r\n]{6,500})`|"
    rb"(?<![\"'`])(?P<bare>[^\s\"'`,;<>(){}\[\]|&]{6,500}))"
)
_PASSWORD = re.compile(rb"(?i)passw|pwd|passphrase")
_PUBLIC = re.compile(rb"(?i)public(?:[_-]?key)?[_-]?$")
_PLACEHOLDER = re.compile(
    rb"(?i)(?:your|my|the|some|insert|enter|change|replace|example|sample|dummy|placeholder|redacted|secret|test)[\W_]|x{4}|\*\*\*|\.\.\.|0{6}|1234567890|"
    rb"^(?:true|false|null|none|undefined|required|optional|string)\b|changeme|not[_-]?set|env[.\[_]|environ|process\.|getenv|config[.\[]|settings[.\[]"
)
_CODE = re.compile(rb"[(){}<>$\s%]|^[\[/.@&#!:\\-]|::|->|://|^\w+(?:\.[A-Za-z_]\w*)+(?:@|$)|^[A-Za-z]+(?:[-_/.][A-Za-z]+)*$")
LEAST_KEY, LEAST_PASSWORD = 16, 6
NAME_BEFORE, MOST_SECRET, LOGIN_BEFORE = 32, 500, 220
LEAST_BITS = 3.0  # a character; English words have less, hex digits of 32 have about 3.6


def formed(block: Block, start: int, stop: int) -> Iterator[Found]:
    """Keys and tokens in a line that are told by their form; a private key goes on in the next ones."""
    near = block.near(start, stop, 0, 0)
    begin = near.text.find(b"-----BEGIN ") if b"PRIVATE KEY" in near.text else -1
    key = _BLOCK.match(block.near(start + begin, start + begin, 0, LONGEST_BLOCK).text) if begin >= 0 else None
    if key:
        yield near.found(begin, begin + key.end(), "secret")
    for match in _FORMS.finditer(near.text):
        name = match.lastgroup or ""
        before = near.text[max(0, match.start() - 1) : match.start()]
        if before.isalnum() or before in (b"_", b"-") or (name in ("openai", "bearer") and not _is_random(match[name], 20)):
            continue
        yield near.found(*match.span(name if name else 0), "secret")


def assigned(block: Block, sign: int) -> Iterator[Found]:
    """What stands behind `password =`, `"api_key":` and the like, where it looks like a secret."""
    near = block.near(sign, sign + 1, NAME_BEFORE, MOST_SECRET + 8)
    match = _VALUE.match(near.text, near.start)
    name = match and _NAME.search(near.text, 0, near.start)
    if match is None or not name or _PUBLIC.search(near.text[: name.start()]):
        return
    form = match.lastgroup or ""
    start, value = match.start(form), match[form]
    value = value.rstrip(b".:!?") if form == "bare" else value
    if _is_secret(value, bool(_PASSWORD.match(name[0])), form != "bare"):
        yield near.found(start, start + len(value), "secret")


def login(block: Block, at: int) -> Iterator[Found]:
    """Name and password in `https://name:password@host`."""
    near = block.near(at, at + 1, LOGIN_BEFORE, 0)
    start = near.text.rfind(b"://")
    if start < 0:
        return
    match = _LOGIN.match(near.text, start)
    if match:
        yield near.found(*match.span("login"), "secret")


def _is_secret(value: bytes, is_password: bool, is_quoted: bool) -> bool:
    if _PLACEHOLDER.search(value) or _CODE.search(value):
        return False
    if not is_password:
        return _is_random(value, LEAST_KEY)
    kinds = sum(bool(re.search(kind, value)) for kind in (rb"[a-z]", rb"[A-Z]", rb"\d", rb"[^\w\s]"))
    return len(value) >= LEAST_PASSWORD and kinds >= 2 and (is_quoted or bool(re.search(rb"\d|[^\w\s.,:-]", value)))


def _is_random(value: bytes, least: int) -> bool:
    """Long enough, with letters and digits, and no sign stands there too often."""
    if len(value) < least or not re.search(rb"\d", value) or not re.search(rb"[A-Za-z]", value):
        return False
    shares = [count / len(value) for count in Counter(value).values()]
    return -sum(share * math.log2(share) for share in shares) >= LEAST_BITS
