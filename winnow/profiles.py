"""A profile as a notebook shows it."""

from dataclasses import dataclass
from html import escape

from workflows import profile


@dataclass(frozen=True, kw_only=True, repr=False)
class Profile(profile.Profile):
    """What lies in some files: `sets[0].columns`, `.duplicates`, `.goals` and so on; `as_json()` gives all of it as a dict."""

    def __repr__(self) -> str:
        told = "; ".join(f"{one.format}: {_rows(one)}, {len(one.columns)} columns" for one in self.sets)
        return f"<profile of {told}>"

    def _repr_html_(self) -> str:
        from .profile_page import page_of

        frame = "width:100%;height:32rem;border:1px solid #e2e5e9;border-radius:6px"
        return f'<iframe srcdoc="{escape(page_of(self))}" style="{frame}" title="profile"></iframe>'  # a page of its own, with its own style


def _rows(one: profile.DataSet) -> str:
    return f"a sample of {one.rows_read:,} rows" if one.rows is None else f"{one.rows:,} rows"
