"""Plots as SVG paths, drawn by hand so that a year of a portal is two or three kilobytes. Pure.

All plots of the page share one axis: the last 53 weeks, Monday to Sunday, a unit wide each. Colours and widths of
strokes are in the style sheet (:mod:`archive.report.style`)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from archive.report.sheet import WEEKS, Coverage
from archive.vocabulary import Verdict

HEIGHT = 100
"""Units of the plots of coverage and news."""

_OUTLIER = 4
"""Times the next highest week: a higher one (the first crawl's) would press all others flat, and is cut off."""

_OUTLIERS = 2
"""So many weeks are cut off at most."""


def first_day(today: date) -> date:
    """The Monday at which the axis begins."""
    return today - timedelta(days=today.weekday(), weeks=WEEKS - 1)


def calendar(days: Mapping[date, Verdict | None], today: date) -> str:
    """A cell a day, a column a week; a path for each verdict. Days of one verdict in a row within a week are one
    stroke, which the dashes of the style sheet cut into cells."""
    begin = first_day(today)
    strokes: dict[str, list[str]] = {}
    for week in range(WEEKS):
        for row, length, name in _runs([_name(days, begin + timedelta(days=7 * week + day)) for day in range(7)]):
            strokes.setdefault(name, []).append(f"M{week} {row}v{length}")
    paths = "".join(f'<path class="{name}" d="{"".join(parts)}"/>' for name, parts in strokes.items())
    return f'<svg class="cal" viewBox="-.5 -1.1 {WEEKS} 8.1"><use href="#axis"/>{paths}</svg>'


def axis(today: date) -> str:
    """What all calendars share, once: an empty cell for each day, and the names of months above."""
    begin = first_day(today)
    labels = []
    for week in range(WEEKS - 1):
        days = [begin + timedelta(days=7 * week + day) for day in range(7)]
        labels += [f'<text x="{week - 0.4:g}" y="-.35">{_month(day)}</text>' for day in days if day.day == 1]
    cells = "".join(f"M{week} 0v7" for week in range(WEEKS - 1)) + f"M{WEEKS - 1} 0v{today.weekday() + 1}"
    return f'<g id="axis"><path d="{cells}"/>{"".join(labels)}</g>'


def coverage(points: Sequence[Coverage], today: date) -> str:
    """Held as an area, declared as a line, by days, from zero to the highest."""
    begin, top = first_day(today), max((max(each.of, each.held) for each in points), default=0)
    known = [each for each in points if each.day >= begin]
    if not known or not top:
        return ""
    end = (today - begin).days + 1
    held = _steps([((each.day - begin).days, _height(each.held, top)) for each in known], end)
    declared = _steps([((each.day - begin).days, _height(each.of, top)) for each in known], end)
    start = (known[0].day - begin).days
    area = f'<path class="area" d="{held}V{HEIGHT}H{start}z"/>'
    lines = f'<path class="held" d="{held}"/><path class="decl" d="{declared}"/>'
    return f'<svg class="plot" viewBox="0 -3 {WEEKS * 7} {HEIGHT + 6}" preserveAspectRatio="none">{area}{lines}</svg>'


def news(weeks: Sequence[int]) -> str:
    """A bar a week; one far higher than all others is cut off, and looks it."""
    top = scale(weeks)
    if not top:
        return ""
    bars = {"bar": "", "cut": ""}
    for number, count in enumerate(weeks):
        if count:
            high = max(1, round(HEIGHT * min(count, top) / top))
            bars["cut" if count > top else "bar"] += f"M{number} {HEIGHT}v-{high}"
    paths = "".join(f'<path class="{name}" d="{path}"/>' for name, path in bars.items() if path)
    return f'<svg class="plot" viewBox="-.5 0 {WEEKS} {HEIGHT}" preserveAspectRatio="none">{paths}</svg>'


def scale(weeks: Sequence[int]) -> int:
    """The count of a week that is as high as the plot of news."""
    high = sorted(filter(None, weeks), reverse=True)[: _OUTLIERS + 1]
    while len(high) > 1 and high[0] > _OUTLIER * high[1]:
        del high[0]
    return high[0] if high else 0


# --- how it is drawn --------------------------------------------------------------------------------------------------


def _name(days: Mapping[date, Verdict | None], day: date) -> str:
    """The class of a day's cell; "" for a day without a run."""
    return (days[day] or "none") if day in days else ""


def _runs(names: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """First index, length and name of each stretch of equal names; the empty ones left out."""
    start = 0
    for number in range(1, len(names) + 1):
        if number == len(names) or names[number] != names[start]:
            if names[start]:
                yield start, number - start, names[start]
            start = number


def _month(day: date) -> str:
    return f"{day:%b}" + (f" {day:%Y}" if day.month == 1 else "")


def _height(count: int, top: int) -> int:
    return HEIGHT - round(HEIGHT * count / top)


def _steps(points: Sequence[tuple[int, int]], end: int) -> str:
    """A stepped line through points of x and y, on to ``end``; where nothing changes, nothing is written."""
    (x, y), *others = points
    parts = [f"M{x} {y}"]
    for at, height in others:
        if height != y:
            parts.append(f"H{at}V{height}")
            y = height
    return "".join(parts) + f"H{end}"
