"""Keys, tokens and passwords: those whose form tells them, and what is assigned to names such as `api_key` and looks random."""

import math
import re
from collections import Counter
from collections.abc import Iterator

from .near import Found, Near

KEY_BLOCK = r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----"
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
LOGIN = r"[a-z][a-z0-9+.-]{1,20}://(?P<login>[^\s/:@\"'<>(){}$*]{1,64}:[^\s/@\"'<>(){}$*]{2,128})@"
NAMES = (
    r"api[_-]?key|apikey|access[_-]?key(?:[_-]?id)?|secret(?:[_-]?(?:access[_-]?)?key)?|auth[_-]?token|access[_-]?token|refresh[_-]?token|token|"
    r"passwd|password|passphrase|pwd|client[_-]?secret|private[_-]?key|encryption[_-]?key|signing[_-]?key|credentials?|account[_-]?key"
)
ASSIGNED = rf"(?:{NAMES})[\w-]{{0,16}}[\"'`]?\]?\s{{0,3}}(?::=|=>|==?|:)\s{{0,3}}[\"'`]?"
BEARER = r"(?:Bearer|Basic|token)\s+(?P<bearer>[A-Za-z0-9+/_.=-]{20,500})"

# for RE2, which takes a whole column; Python looks only at the rows it names
SIGNS = (
    r"-----BEGIN [A-Z ]*PRIVATE KEY|\b(?:A[KSBC][IC]A[A-Z0-9]{16}|gh[opsur]_\w{36}|github_pat_|glpat-|xox[abeoprs]-|xapp-|AIza[\w-]{35}|ya29\.|GOCSPX-|"
    r"[prs]k_(?:live|test)_|whsec_|npm_\w{36}|hf_\w{34}|pypi-AgE|SG\.[\w-]{22}|dop_v1_|shp(?:at|ca|pa|ss)_|sq0(?:atp|csp)-|dapi[a-f0-9]{32}|"
    r"AGE-SECRET|eyJ[\w-]+\.eyJ|\d{8,10}:AA[\w-]{33}|sk-[\w-]{20})|hooks\.slack\.com/services/T|[a-z][a-z0-9+.-]*://[^\s/:@\"'<>]+:[^\s/@\"'<>]+@|"
    rf"(?i:{ASSIGNED}[^\s\"'`,;]{{6}})|\b(?:Bearer|Basic|token) +[A-Za-z0-9+/_.=-]{{20}}"
)
_FORMS = re.compile(
    "|".join(
        (
            rf"(?P<block>{KEY_BLOCK}(?:(?s:.){{0,20000}}?{KEY_END}|(?:(?:\s|\\n)*[A-Za-z0-9+/=]{{16,}})*))",
            rf"(?<![A-Za-z0-9_-])(?:(?P<form>{'|'.join(FORMS)})|(?P<openai>{OPENAI}))(?![A-Za-z0-9_])",
            rf"(?P<hook>{WEBHOOK})",
            rf"(?<![a-z0-9]){LOGIN}",
            rf"(?<!\w)(?:{BEARER})(?![\w/+=-])",
        )
    ).encode()
)
_ASSIGNED = re.compile(
    rf"(?i){ASSIGNED}".encode() + rb"(?:(?<=\")(?P<double>[^\"\r\n]{6,500})\"|(?<=')(?P<single>[^'\r\n]{6,500})'|(?<=`)(?P<back>[^`\r\n]{6,500})`|"
    rb"(?<![\"'`])(?P<bare>[^\s\"'`,;<>(){}\[\]|&]{6,500}))"
)
_PASSWORD = re.compile(rb"(?i)passw|pwd|passphrase")
_PLACEHOLDER = re.compile(
    rb"(?i)(?:your|my|the|some|insert|enter|change|replace|example|sample|dummy|placeholder|redacted|secret|test)[\W_]|xxx|\*\*\*|\.\.\.|0{6}|1234567890|"
    rb"^(?:true|false|null|none|undefined|required|optional|string)\b|changeme|not[_-]?set|env[.\[_]|environ|process\.|getenv|config[.\[]|settings[.\[]"
)
_CODE = re.compile(rb"[(){}<>$\s%]|^[\[/.@&#!:\\-]|::|->|://|^\w+(?:\.[A-Za-z_]\w*)+$|^[A-Za-z]+(?:[-_/.][A-Za-z]+)*$")
LEAST_KEY, LEAST_PASSWORD = 16, 6
LEAST_BITS = 3.0  # a character; English words have less, hex digits of 32 have about 3.6


def secrets(near: Near) -> Iterator[Found]:
    for match in _FORMS.finditer(near.text):
        name = match.lastgroup or ""
        if name == "openai" and not _is_random(match[0], 20):
            continue
        if name == "bearer" and not _is_random(match["bearer"], 20):
            continue
        yield near.found(*match.span(name), "secret")
    for match in _ASSIGNED.finditer(near.text):
        name = match.lastgroup or ""
        if _is_secret(match[name], bool(_PASSWORD.match(match[0])), name != "bare"):
            yield near.found(*match.span(name), "secret")


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
