"""Speaks for a model at a URL. One thread reads, so that whoever asked can stop listening at any time."""

import logging
from collections.abc import Callable
from dataclasses import replace
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any

from . import received
from .asking import Ask, Mode
from .endpoints import Endpoint
from .errors import Busy, GatewayError, Misconfigured, Rejected, TimedOut, Unreadable
from .fields import fields, named_in
from .redact import Redactor, secrets_of
from .saying import NAP, Call, Said

if TYPE_CHECKING:
    import ssl

    from .line import Line

MOST_BYTES = 1 << 20
BYTES_PER_TOKEN = 2_048  # a chunk of a stream is 300 bytes or so around each token

log = logging.getLogger(__name__)


class Online:
    """An endpoint with a URL. What it refused once it is not sent again."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.key, self.headers = secrets_of(endpoint)
        self.redactor = Redactor(
            [*([self.key] if self.key else []), *(self.headers[name] for name, value in endpoint.headers.items() if value[:1] == "$")]
        )
        self._refused: frozenset[str] = frozenset()
        self._trusted: ssl.SSLContext | None = None

    def say(self, ask: Ask, mode: Mode, call: Call) -> Said:
        line = self._line(ask)
        came: SimpleQueue[Any] = SimpleQueue()
        reader = Thread(target=self._read, args=(line, ask, mode, came.put), daemon=True, name=f"ask {self.endpoint.alias}")
        reader.start()
        try:
            return self._listen(came, line, call)
        finally:
            call.was_sent = line.was_sent
            line.cut()

    def learn(self, refusal: Rejected) -> bool:
        """Whether the refusal names a field that one can go without: the next try goes without it."""
        name = named_in(refusal.said, self._refused) if refusal.status in (400, 422) else None
        if name is not None:
            log.info("%s: goes on without %r, which the server refuses", self.endpoint.alias, name)
            self._refused |= {name}
        return name is not None

    def _listen(self, came: "SimpleQueue[Any]", line: "Line", call: Call) -> Said:
        while True:
            call.stop_if_cancelled()
            if call.is_over:
                raise TimedOut(f"{self.endpoint.called}: no end within the time that the whole call may take; ask for less, or raise timeout_seconds")
            try:
                one = came.get(timeout=NAP)
            except Empty:
                continue
            if isinstance(one, BaseException):
                raise one
            if isinstance(one, Said):
                return one
            call.was_sent = True
            call.take(one)

    def _read(self, line: "Line", ask: Ask, mode: Mode, put: Callable[[Any], None]) -> None:
        """The thread. Whatever goes wrong in it is put, so that whoever listens hears of it."""
        import httpx2
        import openai

        client = httpx2.Client(transport=line, trust_env=False, follow_redirects=False)
        silence, url = self.endpoint.timeout_seconds, self.endpoint.url
        try:
            asked = openai.OpenAI(api_key=self.key or "none", base_url=url, http_client=client, max_retries=0, timeout=silence)
            raw = asked.chat.completions.with_raw_response.create(**fields(self.endpoint.model, ask, mode, self._refused))
            tell = self.redactor.pieces(put)
            said = received.read(raw.http_response, raw.parse, ask.most_tokens, tell)
            tell("")
            put(replace(said, text=self._clean(said.text), refusal=self._clean(said.refusal)))
        except Unreadable as error:
            put(Unreadable(f"{self.endpoint.called}: {error}", self._clean(error.text)))
        except Busy as error:
            put(Busy(f"{self.endpoint.called}: {self._clean(str(error))}"))
        except GatewayError as error:
            put(error)
        except (openai.OpenAIError, httpx2.HTTPError, OSError, *received.GARBLED) as error:
            put(received.as_ours(error, self.endpoint, self.redactor, line.head))
        except BaseException as error:  # the edge of the thread: the caller raises it
            put(error)
        finally:
            client.close()

    def _clean(self, text: str) -> str:
        return self.redactor.without_keys(text)

    def _line(self, ask: Ask) -> "Line":
        from .line import Line, trusted

        if self._trusted is None:
            try:
                self._trusted = trusted(self.endpoint)
            except OSError as error:
                raise Misconfigured(
                    f"{self.endpoint.called}: certificates = {str(self.endpoint.certificates)!r}: {error.strerror or error}"
                ) from None
        headers = {**({"authorization": f"Bearer {self.key}"} if self.key else {}), **{name.lower(): value for name, value in self.headers.items()}}
        return Line(self.endpoint, headers, self._trusted, MOST_BYTES + BYTES_PER_TOKEN * ask.most_tokens)
