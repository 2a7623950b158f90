"""The report as HTML. Pure: from sheets to text. Whatever comes from a portal is escaped."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from html import escape
from urllib.parse import quote

from archive.clock import CHINA
from archive.health import advice
from archive.health.history import SEVERITY
from archive.health.judge import percent
from archive.health.portrait import Attention, Portrait
from archive.ledger.tables import DOCUMENTS
from archive.report import plots
from archive.report.sheet import Sheet
from archive.report.style import STYLE
from archive.show import harmless

_SHOWN = (
    *("title", "publisher", "issuer", "doc_number", "index_number", "date_made", "date_published"),
    *("disclosure_method", "topic_category", "text"),
)
"""Fields whose fill is plotted, besides those that the portal's file expects."""

_REASONS = 6
_REASON_LENGTH = 320
_NAMES = {column.name: column.zh for column in DOCUMENTS.columns}

_GROUPS = {
    Attention.PERSON: "need a person",
    Attention.NEXT_RUN: "the next run may mend these",
    Attention.KNOWN: "something is missing, and named",
    Attention.NEVER: "no whole run yet",
    Attention.PAUSED: "paused by their files",
    Attention.FINE: "in order",
}


def report(sheets: Sequence[Sheet], now: datetime) -> str:
    """The whole page, in the order of the sheets."""
    today = now.astimezone(CHINA).date()
    portraits = [sheet.portrait for sheet in sheets]
    body = "".join(
        [
            _head(portraits, now),
            _index(portraits),
            *(_section(sheet, today) for sheet in sheets),
            "<p><small>Days are China's. A day shows the verdict of its last run; days without one are blank. "
            "Made by gongkai health --html.</small></p>",
        ]
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        '<meta name="referrer" content="no-referrer">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>Gongkai 公开: {today}</title><style>{STYLE}</style></head><body>"
        f'<svg width="0" height="0" style="position:absolute"><defs>{plots.axis(today)}</defs></svg>'
        f"<main>{body}</main></body></html>\n"
    )


# --- the top ----------------------------------------------------------------------------------------------------------


def _head(portraits: Sequence[Portrait], now: datetime) -> str:
    needy = sum(one.attention is Attention.PERSON for one in portraits)
    held = sum(one.totals.held for one in portraits if one.totals)
    figures = (
        (f"{len(portraits):,}", "portals"),
        (f"{needy:,}", "need a person"),
        (f"{held:,}", "entries held"),
        (f"{sum(one.new_7 for one in portraits):,}", "new documents in 7 days"),
        (f"{sum(one.new_30 for one in portraits):,}", "in 30 days"),
    )
    told = "".join(f"<div><b>{figure}</b>{what}</div>" for figure, what in figures)
    counts = [(verdict, sum(one.verdict == verdict for one in portraits)) for verdict in reversed(SEVERITY)]
    share = "".join(f'<i class="{verdict}" style="flex:{count}"></i>' for verdict, count in counts if count)
    legend = "".join(f'<span><i class="{verdict}"></i>{verdict} {count or ""}</span>' for verdict, count in counts)
    return (
        f"<h1>公开 Gongkai: how the portals are doing</h1>"
        f'<p class="lead">{now.astimezone(CHINA):%Y-%m-%d %H:%M} in China. What needs a person stands first.</p>'
        f'<div class="figures">{told}</div><div class="share">{share}</div><div class="legend">{legend}</div>'
    )


def _index(portraits: Sequence[Portrait]) -> str:
    if not portraits:
        return "<p>No portal has had a run yet.</p>"
    names = ("portal", "verdict", "since", "held", "of", "new 7 d", "30 d", "last new", "next step")
    numbers = frozenset({"held", "of", "new 7 d", "30 d"})
    header = "".join(f'<th class="n">{name}</th>' if name in numbers else f"<th>{name}</th>" for name in names)
    return f'<div class="scroll"><table><tr>{header}</tr>{"".join(_rows(portraits, len(names)))}</table></div>'


def _rows(portraits: Sequence[Portrait], width: int) -> Iterator[str]:
    group: Attention | None = None
    for one in portraits:
        if one.attention is not group:
            group = one.attention
            count = sum(each.attention is group for each in portraits)
            yield f'<tr class="group"><td colspan="{width}">{count} {_GROUPS[group]}</td></tr>'
        since = one.streak.since[:10] if one.streak else ""
        held, of = _held(one)
        yield (
            f'<tr><td><a href="#{_anchor(one)}">{_name(one)}</a> <small>{_text(one.portal.key)}</small></td>'
            f'<td>{_badge(one)}</td><td class="w">{since}</td><td class="n">{held}</td><td class="n">{of}</td>'
            f'<td class="n">{one.new_7 or ""}</td><td class="n">{one.new_30 or ""}</td>'
            f'<td class="w">{one.last_new[:10]}</td><td>{_text(advice.short(one))}</td></tr>'
        )


# --- a portal ---------------------------------------------------------------------------------------------------------


def _section(sheet: Sheet, today: date) -> str:
    one = sheet.portrait
    parts = [_calendar(sheet, today), _coverage(sheet, today), _news(sheet, today), _fill(sheet), _failing(one)]
    return (
        f'<section id="{_anchor(one)}"><div class="head"><h2>{_name(one)} <small>{_text(one.portal.key)}'
        f"{_division(one)}</small></h2><div>{_badge(one)} {_since(one)}</div></div>{_why(one)}"
        f'<div class="grid">{"".join(parts)}</div></section>'
    )


def _why(one: Portrait) -> str:
    reason = one.streak.reason if one.streak else ""
    if len(reason) > _REASON_LENGTH:
        reason = reason[:_REASON_LENGTH].rsplit(" ", 1)[0] + " …"
    step = advice.short(one)
    return (
        f'<p class="why">{_text(reason)}</p>'
        + (f'<p class="todo">→ {_text(step)}</p>' if step else "")
        + (f'<p class="todo">{_home(one)}</p>' if one.portal.home else "")
    )


def _calendar(sheet: Sheet, today: date) -> str:
    return f'<div class="wide"><h3>Runs by day</h3>{plots.calendar(sheet.days, today)}</div>'


def _coverage(sheet: Sheet, today: date) -> str:
    plot = plots.coverage(sheet.coverage, today)
    if not plot:
        return ""
    last = sheet.coverage[-1]
    told = f"{last.held:,} of {last.of:,}"
    return f"<div><h3>Entries held, {_declared(sheet.portrait)} (dashed)<b>{told}</b></h3>{plot}{_axis(today)}</div>"


def _news(sheet: Sheet, today: date) -> str:
    plot = plots.news(sheet.weeks)
    if not plot:
        return ""
    high, top = max(sheet.weeks), plots.scale(sheet.weeks)
    told = f"at most {high:,}, cut off at {top:,}" if high > top else f"at most {high:,}"
    return f"<div><h3>New documents a week<b>{told}</b></h3>{plot}{_axis(today)}</div>"


def _fill(sheet: Sheet) -> str:
    known = [each for each in sheet.fill if each.name in _SHOWN or each.least is not None]
    if not known:
        return ""
    items = []
    for each in known:
        share = each.all or 0.0
        tick = f";--r:{each.recent:.2f}" if each.recent is not None else ""
        low = f" &lt; {percent(each.least)}" if each.least is not None and share < each.least else ""
        items.append(
            f'<li><s lang="zh">{_NAMES.get(each.name, each.name)}</s><i style="--a:{share:.2f}{tick}"></i>'
            f"<u>{percent(share)}{low}</u></li>"
        )
    return f'<div class="tall"><h3>Fields stated<b>mark: of the last 30 days</b></h3><ul>{"".join(items)}</ul></div>'


def _failing(one: Portrait) -> str:
    if not one.failing:
        return ""
    most = max(one.failing.values())
    items = [
        f'<li><s>{_text(reason)}</s><i style="--a:{count / most:.2f}"></i><u>{count:,}</u></li>'
        for reason, count in list(one.failing.items())[:_REASONS]
    ]
    total = sum(one.failing.values())
    return f'<div><h3>Failed entries by reason<b>{total:,}</b></h3><ul class="fails">{"".join(items)}</ul></div>'


# --- what they share --------------------------------------------------------------------------------------------------


def _text(text: str) -> str:
    """Text of whatever origin, harmless in HTML and in attributes."""
    return escape(harmless(text))


def _name(one: Portrait) -> str:
    return f'<span lang="zh">{_text(one.portal.name or one.portal.key)}</span>'


def _anchor(one: Portrait) -> str:
    return quote(one.portal.key, safe="")


def _badge(one: Portrait) -> str:
    kind = one.streak.verdict.value if one.streak else "none"
    times = f" × {one.streak.times}" if one.streak and one.streak.times > 1 else ""
    return f'<span class="badge"><i class="{kind}"></i>{_text(one.verdict)}{times}</span>'


def _since(one: Portrait) -> str:
    return f'<span class="soft">since {one.streak.since[:10]}</span>' if one.streak else ""


def _division(one: Portrait) -> str:
    return f" · {_text(one.portal.division)}" if one.portal.division else ""


def _home(one: Portrait) -> str:
    home = _text(one.portal.home)
    return f'<a href="{home}" rel="noreferrer">{home}</a>' if re.match(r"https?://", one.portal.home) else home


def _held(one: Portrait) -> tuple[str, str]:
    if one.totals is None:
        return "", ""
    return f"{one.totals.held:,}", f"{one.totals.of:,}"


def _declared(one: Portrait) -> str:
    return "declared" if one.totals and one.totals.declares else "listed"


def _axis(today: date) -> str:
    return f'<div class="axis"><span>{plots.first_day(today)}</span><span>{today}</span></div>'
