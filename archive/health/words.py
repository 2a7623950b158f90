"""Health as text for a terminal: a table of portals, or one portal in full. Pure."""

import textwrap
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from archive.health import advice
from archive.health.judge import percent
from archive.health.portrait import Attention, Detail, Portrait
from archive.ledger.questions import ColumnBalance
from archive.show import harmless, table
from archive.vocabulary import Verdict, WalkEnd

WIDTH = 110
_REASONS = 2

SIGNS = {
    Verdict.OK: "+",
    Verdict.PARTIAL: "~",
    Verdict.EMPTY: "0",
    Verdict.BLOCKED: "B",
    Verdict.DISALLOWED: "D",
    Verdict.UNREACHABLE: "U",
    Verdict.LAYOUT_CHANGED: "L",
    Verdict.WRONG_SITE: "W",
    Verdict.INTERRUPTED: "/",
}
"""A verdict in one letter, for a strip of days."""


def overview(portraits: Sequence[Portrait]) -> str:
    """A line a portal, in their order, and how many there are of each verdict."""
    header = ("portal", "verdict", "since", "held/declared", "new 7d", "30d", "last new", "failing", "next step")
    rows = [
        (
            one.portal.key,
            one.verdict + (f" ×{one.streak.times}" if one.streak and one.streak.times > 1 else ""),
            one.streak.since[:10] if one.streak else "-",
            held(one),
            str(one.new_7),
            str(one.new_30),
            one.last_new[:10] or "-",
            _failing(one),
            advice.short(one),
        )
        for one in portraits
    ]
    return harmless(f"{table(header, rows)}\n{_sums(portraits)}\n")


def held(one: Portrait) -> str:
    """Entries held against those declared; without a declaration, against those that stand in the lists."""
    if one.totals is None:
        return "-"
    return f"{one.totals.held}/{one.totals.of}{'' if one.totals.declares else ' listed'}"


def portal(one: Detail) -> str:
    """One portal in full."""
    return harmless("\n".join(_parts(one))) + "\n"


# --- the table --------------------------------------------------------------------------------------------------------


def _failing(one: Portrait) -> str:
    some = ", ".join(f"{reason} {count}" for reason, count in list(one.failing.items())[:_REASONS])
    return some + (" …" if len(one.failing) > _REASONS else "")


def _sums(portraits: Sequence[Portrait]) -> str:
    needy = sum(one.attention is Attention.PERSON for one in portraits)
    counts: dict[str, int] = {}
    for one in portraits:
        counts[one.verdict] = counts.get(one.verdict, 0) + 1
    told = ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items(), key=lambda each: -each[1]))
    people = {0: "none needs a person", 1: "1 needs a person"}.get(needy, f"{needy} need a person")
    return f"{len(portraits)} portals: {told}; {people}"


# --- one portal -------------------------------------------------------------------------------------------------------


def _parts(one: Detail) -> Iterator[str]:
    short = one.portrait
    yield f"{short.portal.key}  {short.portal.name}  {short.portal.home}"
    yield from _verdict(short)
    yield "\nWhat to do"
    for each in advice.advice(short, one.columns):
        yield from _wrapped(each.words)
        if each.command:
            yield f"    {each.command}"
    if one.columns:
        yield f"\nColumns ({len(one.columns)})"
        yield _columns(one.columns)
    if short.failing:
        yield "Failed entries, by reason"
        yield _indented(table((), [(str(count), reason) for reason, count in short.failing.items()]))
    if one.files_failed:
        yield f"Attachments that are not held: {one.files_failed}\n"
    if one.fill:
        yield f"Fields of the {one.documents} documents held (share that states each)"
        yield _fill(one)
    yield from _wrapped(*(str(shift) for shift in one.shifts))
    yield "Rhythm"
    yield from _wrapped(_rhythm(one))
    yield "\nWhose pages they are"
    yield from _wrapped(_identity(one))
    if one.verdicts:
        yield "\nThe last 30 days"
        yield f"  {_strip(one)}"


def _verdict(short: Portrait) -> Iterator[str]:
    streak = short.streak
    if streak is None:
        yield "\nNo whole run of it has ended yet; narrowed ones tell too little."
        return
    times = f", {streak.times} runs in a row" if streak.times > 1 else ""
    if streak.verdict is Verdict.OK:
        good = ""
    else:
        good = f"; last ok {streak.last_ok[:10]}" if streak.last_ok else "; never ok so far"
    yield f"\n{streak.verdict.upper()} since {streak.since[:10]}{times}{good}"
    yield from _wrapped(advice.MEANS[streak.verdict])
    yield f"  The last run, which ended {streak.finished_at[:16].replace('T', ' ')} UTC, says:"
    listed = streak.verdict in (Verdict.OK, Verdict.PARTIAL)  # reasons of archive.health.judge, one behind the other
    for reason in filter(None, streak.reason.split("; ") if listed else [streak.reason]):
        yield textwrap.fill(reason, WIDTH, initial_indent="  - ", subsequent_indent="    ", break_long_words=False)
    if short.rest is not None:
        yield from _wrapped(short.rest.line(short.portal.key))


def _columns(columns: Sequence[ColumnBalance]) -> str:
    header = (
        "column",
        "declared",
        "standing",
        "held",
        "waiting",
        "elsewhere",
        "gone",
        "failed",
        "last walk",
        "read whole",
    )
    rows = [
        (
            column.name or column.key,
            "-" if column.declared is None else str(column.declared),
            *map(str, (column.listed, column.held, column.waiting, column.external, column.gone)),
            ", ".join(f"{reason} {count}" for reason, count in column.failed.items()) or "0",
            _walk(column),
            column.last_complete_walk[:10] or "never",
        )
        for column in columns
    ]
    total = (
        "all",
        str(sum(column.declared or 0 for column in columns)) if any(column.declared for column in columns) else "-",
        *(
            str(sum(getattr(column, name) for column in columns))
            for name in ("listed", "held", "waiting", "external", "gone")
        ),
        str(sum(sum(column.failed.values()) for column in columns)),
        "",
        "",
    )
    return _indented(table(header, [*rows, total] if len(rows) > 1 else rows))


def _walk(column: ColumnBalance) -> str:
    if not column.walk_end:
        return "not walked"
    detail = f": {column.walk_detail}" if column.walk_detail and not WalkEnd(column.walk_end).harmless else ""
    return f"{_WALKS[WalkEnd(column.walk_end)]}{detail}"


_WALKS = {
    WalkEnd.LAST_PAGE: "to its end",
    WalkEnd.NOTHING_NEW: "to its end",
    WalkEnd.CAUGHT_UP: "as far as news",
    WalkEnd.RESUMED: "to its end, in two runs",
    WalkEnd.PAGE_MISSING: "a page is missing",
    WalkEnd.PAGE_FAILED: "a page failed",
    WalkEnd.STUB_PAGE: "a page is a stub",
    WalkEnd.CUT_SHORT: "cut short by you",
    WalkEnd.STOPPED: "stopped",
}


def _fill(one: Detail) -> str:
    header = ("field", "all", "last 30 days", "before", "expected", "")
    rows = [
        (
            each.name,
            *(("-" if share is None else percent(share)) for share in (each.all, each.recent, each.before)),
            "" if each.least is None else f"≥ {percent(each.least)}",
            "below what is expected" if each.least is not None and (each.all or 0) < each.least else "",
        )
        for each in one.fill
    ]
    return _indented(table(header, rows))


def _rhythm(one: Detail) -> str:
    beat = one.rhythm
    if beat is None:
        return "Too few days of news are known to speak of a rhythm."
    often = "every day or two" if beat.usual <= 2 else f"at least every {beat.usual} days"
    verdict = ""
    if beat.far_beyond:
        verdict = " That is far beyond what it ever was: do its lists still move?"
    elif beat.remarkable:
        verdict = " That is longer than it ever was."
    since = "today" if beat.silence == 0 else "1 day ago" if beat.silence == 1 else f"{beat.silence} days ago"
    return (
        f"News on {beat.days} days in two years, mostly {often}; the longest pause was {_days(beat.longest)}, holidays "
        f"not counted. The last: {beat.last}, {since}.{verdict}"
    )


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _identity(one: Detail) -> str:
    short = one.portrait.portal
    seen = ", ".join(f"{code} ({count} of the newest pages)" for code, count in one.codes.items())
    expected = f"网站标识码 by its file {short.site_id_code}" if short.site_id_code else "its file names no 网站标识码"
    stated = f"the pages say {seen}" if seen else "the newest pages state none"
    odd = bool(short.site_id_code and one.codes and short.site_id_code.lower() not in one.codes)
    return f"{short.family or 'no family'}; {expected}; {stated}{' – these do not agree' if odd else ''}."


def _strip(one: Detail) -> str:
    first, last = min(one.verdicts), max(one.verdicts)
    days: list[date] = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    signs = "".join(_sign(one, day) for day in days)
    used = [verdict for verdict in SIGNS if verdict in one.verdicts.values()]
    legend = ", ".join(f"{SIGNS[verdict]} {verdict}" for verdict in used)
    return f"{first} {signs} {last}   ({legend}; . no run)"


def _sign(one: Detail, day: date) -> str:
    if day not in one.verdicts:
        return "."
    verdict = one.verdicts[day]
    return SIGNS[verdict] if verdict else "?"


def _wrapped(*paragraphs: str) -> Iterator[str]:
    for text in paragraphs:
        yield textwrap.fill(text, WIDTH, initial_indent="  ", subsequent_indent="  ", break_long_words=False)


def _indented(text: str) -> str:
    return textwrap.indent(text, "  ")
