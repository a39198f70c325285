"""A profile as one HTML page: no script, nothing loaded from elsewhere, every value escaped."""

from pathlib import Path
from typing import TYPE_CHECKING

from . import profile_shown as shown
from .render import number, one_line, size

if TYPE_CHECKING:
    from workflows.profile import Profile

TEMPLATE = Path(__file__).with_name("profile_page.html.j2")
WIDE, HIGH = 180, 36  # of a histogram


def page_of(found: "Profile") -> str:
    from jinja2 import Environment, StrictUndefined

    made = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters |= {"number": number, "line": one_line, "size": size, "percent": shown.percent}
    made.globals |= {"shown": shown, "rectangles": rectangles, "wide": WIDE, "high": HIGH}
    return made.from_string(TEMPLATE.read_text(encoding="utf-8")).render(found=found)


def rectangles(histogram: tuple[tuple[float, float, int], ...]) -> list[tuple[float, float, float, float, str]]:
    """x, y, width, height and words of each bar."""
    most = max((rows for _, _, rows in histogram), default=0) or 1
    step = WIDE / max(len(histogram), 1)
    bars = []
    for index, (low, high, rows) in enumerate(histogram):
        tall = max(1.0, HIGH * rows / most) if rows else 0.0
        bars.append((round(index * step, 1), round(HIGH - tall, 1), round(step - 1, 1), round(tall, 1), f"{number(low)} to {number(high)}: {rows:,}"))
    return bars
