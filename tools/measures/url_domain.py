"""Which site a row comes from."""

from typing import Annotated, ClassVar, Literal

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field, field_validator

from tools.contract import DECIDES, Card, Columns, Desk, Example, Measure, OneOf, Rule

# scheme, user and port are no part of the host
HOST = r"(?i)^\s*(?:(?:[a-z][a-z0-9+.-]*:)?//)?(?:[^/?#@\s]*@)?(?P<host>[^/?#:@\s\[\]]+|\[[0-9a-f:.]+\])"
IS_URL = r"(?i)^\s*(?:[a-z][a-z0-9+.-]*:)?//|^\s*[^/?#@:\s]+\.[^/?#@:\s]+"
MOST_LABELS = 128


class UrlDomain(Measure):
    """Tell the host of a web address, and whether it is one of some domains or lies below one. Bind `url` to the column with addresses.

    `example.com` lists `www.example.com` and `a.b.example.com`, not `badexample.com`. A leading `www.` is no part of `url_domain`. What
    is no address has the empty host and is never listed.
    """

    domains: tuple[str, ...] = Field(default=(), description="Domains, such as `example.com`.")
    keep: Annotated[Literal["others", "listed", "all"], DECIDES] = Field(
        default="others", description="Which rows go on: those of other domains (a blocklist), of these (an allowlist), or all."
    )

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"url": pa.string()},
        adds={"url_domain": pa.string(), "domain_listed": pa.bool_()},
        exact=True,
        micros_per_row=1.3,
        aliases=(
            "url domain",
            "domain of the url",
            "domain blocklist",
            "block these sites",
            "block these domains",
            "drop pages from these sites",
            "only pages from these domains",
            "pages of example.com",
            "website blocklist",
            "allowlist of domains",
            "hostname",
            "which site a page comes from",
        ),
        not_for=("links within a text: use url_share", "same url twice: use exact_dedup", "download a page"),
        examples=(
            Example(
                params={"domains": ("spam.com",)},
                given={"url": ["http://a.spam.com/x", "https://notspam.com", "SPAM.com:80/?q", "no address", "//b.org/spam.com"]},
                keeps=(1, 3, 4),
                drops={0: "domain_listed", 2: "domain_listed"},
            ),
            Example(
                given={"url": ["https://ann@www.Example.org:443/a?b#c", "ftp://x.y", "mail", "", "http://[::1]/"]},
                gives={"url_domain": ["example.org", "x.y", "", "", "[::1]"], "domain_listed": [False] * 5},
            ),
            Example(params={"domains": ("a.org",), "keep": "listed"}, given={"url": ["a.org/x", "b.org"]}, keeps=(0,)),
        ),
    )

    @field_validator("domains")
    @classmethod
    def _are_domains(cls, domains: tuple[str, ...]) -> tuple[str, ...]:
        for domain in domains:
            if not domain or any(sign in domain for sign in "/:?#@ *"):
                raise ValueError(f"domains: {domain!r} is no domain; write it as 'example.com', without scheme, path or wildcard")
        return domains

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        hosts = hosts_of(batch["url"])
        return {"url_domain": hosts, "domain_listed": self._listed(hosts)}

    def rule(self) -> Rule:
        return () if self.keep == "all" else (OneOf("domain_listed", (self.keep == "listed",)),)

    def _listed(self, hosts: pa.Array) -> pa.Array:
        """Whether a host, or what is left of it after any of its dots, is one of the domains."""
        wanted = pa.array(sorted({domain.lower().strip(".").removeprefix("www.") for domain in self.domains}), pa.string())
        found = pc.is_in(hosts, value_set=wanted)
        for _ in range(MOST_LABELS):
            below = pc.match_substring(hosts, ".")
            if not pc.any(below).as_py():
                break
            hosts = pc.if_else(below, pc.replace_substring_regex(hosts, r"^[^.]*\.", ""), "")
            found = pc.or_(found, pc.is_in(hosts, value_set=wanted))
        return found


def hosts_of(urls: pa.Array) -> pa.Array:
    """The host of each address, in lower case and without `www.`; empty where there is none."""
    hosts = pc.struct_field(pc.extract_regex(urls, HOST), "host")
    named = pc.if_else(pc.match_substring_regex(urls, IS_URL), pc.fill_null(hosts, ""), "")
    return pc.replace_substring_regex(pc.utf8_rtrim(pc.utf8_lower(named), "."), r"^www\.", "")
