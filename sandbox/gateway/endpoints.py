"""The endpoints a user has configured: a table of models.toml each, under an alias. Keys stand there by the name of an environment variable."""

import os
import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from .budget import Price
from .errors import Misconfigured

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
ALIAS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")
KEY = re.compile(
    r"(?i:bearer\s)|(?:sk|pk|rk|hf|gsk|xai|key|ghp|glpat)[-_][A-Za-z0-9_-]{8,}|AIza[\w-]{20,}|(?=[\w.-]*[0-9])(?=[\w.-]*[a-z])[\w.-]{24,}"
)
SECRET_NAMES = ("key", "api_key", "apikey", "token", "secret", "password", "authorization", "bearer")


class Endpoint(BaseModel):
    """A model that can be asked: at a URL that speaks the OpenAI protocol, or in a folder of weights on this machine."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    alias: str = Field(description="The name under which recipes and commands know it.")
    url: str | None = Field(default=None, description="Base URL, as http://127.0.0.1:8000/v1.")
    model: str = Field(default="", description="Name of the model at that server.")
    folder: Path | None = Field(default=None, description="Folder with config.json, tokenizer.json and *.safetensors, in place of a URL.")
    key_env: str | None = Field(default=None, description="NAME of the environment variable that holds the key.")
    headers: Mapping[str, str] = Field(default={}, description="Further headers; a value $NAME is read from the environment.")
    proxy: str | None = Field(default=None, description="Proxy to go through; those of the environment are ignored.")
    certificates: Path | None = Field(default=None, description="File of certificates (PEM) to trust in place of the system's.")
    context_tokens: int = Field(default=8192, ge=256)
    most_reply_tokens: int = Field(default=2048, ge=16)
    price_in: float = Field(default=0.0, ge=0, description="Money per million tokens asked.")
    price_out: float = Field(default=0.0, ge=0, description="Money per million tokens answered.")
    timeout_seconds: float = Field(default=60.0, gt=0, le=3600, description="The longest silence that is waited through.")
    small: bool = Field(default=False, description="A small model: it is asked in two steps.")

    @field_validator("alias")
    @classmethod
    def _is_an_alias(cls, alias: str) -> str:
        if not ALIAS.fullmatch(alias):
            raise ValueError("write letters, digits, '.', '_', '-' and '/' only")
        return alias

    @field_validator("url", "proxy")
    @classmethod
    def _is_a_plain_url(cls, url: str | None) -> str | None:
        if url is None:
            return url
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("write http://HOST:PORT/v1 or https://HOST/v1")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError("a URL with a user, a password, '?' or '#' may carry a secret; keys go into an environment variable that key_env names")
        return url.rstrip("/")

    @field_validator("key_env")
    @classmethod
    def _is_a_name(cls, name: str | None) -> str | None:
        if name is not None and (not NAME.fullmatch(name) or KEY.fullmatch(name)):
            raise ValueError("this looks like a key; write the NAME of the environment variable that holds it, as OPENAI_API_KEY")
        return name

    @field_validator("headers")
    @classmethod
    def _hold_no_key(cls, headers: Mapping[str, str]) -> Mapping[str, str]:
        for name, value in headers.items():
            if not value.startswith("$") and (KEY.search(value) or any(word in name.lower() for word in SECRET_NAMES)):
                raise ValueError(f"the value of {name!r} looks like a key; write $NAME for the environment variable that holds it")
        return headers

    @model_validator(mode="after")
    def _is_here_or_there(self) -> Self:
        if (self.url is None) == (self.folder is None):
            raise ValueError("an endpoint has either `url` or `folder`")
        if self.url is not None and not self.model:
            raise ValueError("`model` is missing: the name of the model at that server")
        return self

    @property
    def host(self) -> str:
        """Host and port, or the folder: what messages name."""
        return urlsplit(self.url).netloc if self.url else str(self.folder)

    @property
    def called(self) -> str:
        """How messages name it."""
        return f"{self.alias} ({self.host})"

    @property
    def leaves_machine(self) -> bool:
        """Whether what is asked, rows included, goes to another machine."""
        if self.url is None:
            return False
        if self.proxy is not None:
            return True
        name = urlsplit(self.url).hostname or ""
        if name == "localhost" or name.endswith(".localhost"):
            return False
        try:
            return not ip_address(name).is_loopback
        except ValueError:
            return True

    @property
    def price(self) -> Price:
        return Price(self.price_in, self.price_out)


def place() -> Path:
    """$WINNOW_MODELS, else $XDG_CONFIG_HOME/winnow/models.toml, else ~/.config/winnow/models.toml."""
    if chosen := os.environ.get("WINNOW_MODELS"):
        return Path(chosen)
    base = os.environ.get("XDG_CONFIG_HOME", "")
    return (Path(base) if base.startswith("/") else Path.home() / ".config") / "winnow" / "models.toml"


def read(path: Path | None = None) -> dict[str, Endpoint]:
    """Alias → endpoint. No file: no endpoints. Every fault of the file at once, each with its line."""
    path = path or place()
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        raise Misconfigured(f"{path}: no UTF-8: {error}") from None
    except OSError as error:
        raise Misconfigured(f"{path}: {error.strerror}") from None
    return parsed(text, path)


def parsed(text: str, path: Path) -> dict[str, Endpoint]:
    """The endpoints of a text that stands, or is to stand, at this path."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Misconfigured(f"{path}: {error}") from None
    endpoints, faults = {}, list[str]()
    for alias, table in tables.items():
        try:
            endpoints[alias] = _endpoint(alias, table, path.parent)
        except ValidationError as error:
            faults += (f"{path}:{_line(text, alias, fault)}: {_words(alias, fault)}" for fault in error.errors(include_url=False))
    if faults:
        raise Misconfigured("\n".join(faults))
    return endpoints


def find(alias: str, path: Path | None = None) -> Endpoint:
    """The endpoint of this alias, or what is there instead."""
    known = read(path)
    if alias in known:
        return known[alias]
    close = get_close_matches(alias, known, n=1)
    mend = f"; did you mean {close[0]!r}?" if close else f"; `winnow models add {alias} --url URL --model NAME` adds it"
    raise Misconfigured(f"no model {alias!r} in {path or place()}{mend}")


def _endpoint(alias: str, table: Any, beside: Path) -> Endpoint:
    if isinstance(table, dict) and isinstance(folder := table.get("folder"), str):
        table = {**table, "folder": beside / Path(folder).expanduser()}
    return Endpoint.model_validate({**table, "alias": alias} if isinstance(table, dict) else table)


def _line(text: str, alias: str, fault: Any) -> int:
    """tomllib forgets where things stood: the line of the key under its table, else of the table."""
    lines = text.splitlines()
    header = re.compile(rf"\s*\[\s*[\"']?{re.escape(alias)}[\"']?\s*[\].]|\s*[\"']?{re.escape(alias)}[\"']?\s*[.=]")
    start = next((number for number, line in enumerate(lines) if header.match(line)), 0)
    for number in range(start + 1, len(lines)):
        if lines[number].lstrip().startswith("[") and not header.match(lines[number]):
            break
        if fault["loc"] and re.match(rf"\s*[\"']?{re.escape(str(fault['loc'][0]))}[\"']?\s*[.=]", lines[number]):
            return number + 1
    return start + 1


def _words(alias: str, fault: Any) -> str:
    key = ".".join(map(str, fault["loc"]))
    if fault["type"] == "extra_forbidden":
        if key.lower() in SECRET_NAMES:
            return f'[{alias}] {key}: keys never stand in this file; write key_env = "NAME", the environment variable that holds it'
        if isinstance(fault["input"], dict):
            return f'[{alias}] no table {key!r}; an alias with a dot or a slash is written in quotes: ["{alias}.{key}"]'
        close = get_close_matches(key, Endpoint.model_fields, n=1)
        return f"[{alias}] no key {key!r}" + (f"; did you mean {close[0]!r}?" if close else f"; the keys are {', '.join(Endpoint.model_fields)}")
    said = fault["msg"].removeprefix("Value error, ")
    is_secret = "looks like a key" in said or "secret" in said
    shown = "" if is_secret or not key else f" = {fault['input']!r}"
    return f"[{alias}] {key or 'endpoint'}{shown}: {said}"
