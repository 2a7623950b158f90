"""What a verdict means and what to do about it, in words and commands. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.health.portrait import Attention, Portrait
from archive.ledger.questions import ColumnBalance
from archive.vocabulary import Verdict, WalkEnd

MEANS = {
    Verdict.OK: "Every column was read as far as it holds news, every listed entry is held, as many as the portal "
    "declares.",
    Verdict.PARTIAL: "Something is missing, and it is named. What is held can be used.",
    Verdict.EMPTY: "The catalogue showed no entry at all: the portal is being rebuilt, or its family misreads it.",
    Verdict.BLOCKED: "The portal turned us away, with a challenge or a refusal. It was recorded; the portal rests.",
    Verdict.DISALLOWED: "robots.txt says no, or is itself refused, which means no.",
    Verdict.UNREACHABLE: "No entry page answered, or a host that is needed fell silent on the way.",
    Verdict.LAYOUT_CHANGED: "Pages came that the portal's family does not know: it was rebuilt, or moved to another "
    "system.",
    Verdict.WRONG_SITE: "The pages carry another site's 网站标识码: what came is not this portal's.",
    Verdict.INTERRUPTED: "The run was ended from outside: a signal, a full disk, a kill. What it had fetched is held.",
}


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do: why, and the command, "" if there is none."""

    words: str
    command: str = ""


def short(one: Portrait) -> str:
    """The next step in a few words, for a table."""
    streak, key = one.streak, one.portal.key
    if streak is None:
        return f"gongkai crawl {key}"
    if one.attention is Attention.PAUSED:
        return f"paused until {one.expected.pause_until}: {one.expected.pause_reason}"
    if one.rest is not None and one.attention is not Attention.PERSON:
        return f"rests until {one.rest.time}"
    if streak.verdict is Verdict.OK:
        return ""
    if streak.verdict is Verdict.PARTIAL:
        return f"gongkai health {key}" if not one.failing else "the next run tries again what failed"
    if one.attention is Attention.NEXT_RUN:
        return "the next run tries again"
    return _SHORT[streak.verdict].format(key=key)


def advice(one: Portrait, columns: Sequence[ColumnBalance] = ()) -> Iterator[Advice]:
    """What to do about a portal, the most pressing first. ``columns``: as they stand, for what ails them."""
    streak, key, home = one.streak, one.portal.key, one.portal.home
    if streak is None:
        yield Advice("Crawl it as a whole:", f"gongkai crawl {key}")
        return
    if one.attention is Attention.PAUSED:
        yield Advice(
            f"Its file declares a pause until {one.expected.pause_until} ({one.expected.pause_reason}): nothing to do."
        )
        return
    if one.rest is not None:
        yield Advice(f"Left alone until {one.rest.time}; a run before that asks for nothing.")
    match streak.verdict:
        case Verdict.OK:
            yield Advice("Nothing to do.")
        case Verdict.PARTIAL:
            if one.failing:
                count = sum(one.failing.values())
                yield Advice(
                    f"The nightly run tries the {count} failed entries again when due; now:", f"gongkai crawl {key}"
                )
            yield from _walks(columns)
            yield Advice(
                "If what is missing will stay so, say in its file what to expect:", f"gongkai health {key} --suggest"
            )
        case Verdict.EMPTY | Verdict.LAYOUT_CHANGED:
            yield Advice("Look at the entry page, and at what it looks like now:", f"gongkai probe {home}")
            yield Advice("then mend family and url in its portal file, and try:", f"gongkai crawl {key} --limit 5")
        case Verdict.BLOCKED if one.attention is Attention.PERSON:
            yield Advice(
                f"Turned away {streak.times} times in a row: open the page in a browser; ask the portal's operator, or "
                "crawl from another network. Nothing is to be gained by asking more often."
            )
            yield Advice("Once that is settled:", f"gongkai crawl {key} --anyway")
        case Verdict.UNREACHABLE if one.attention is Attention.PERSON:
            yield Advice(f"Silent {streak.times} times in a row: open {home} in a browser, from this network too.")
            yield Advice(
                "If it is known to be down, say so under [expect] in its file: pause_until = 2027-03-01 and "
                'pause_reason = "…".'
            )
        case Verdict.DISALLOWED:
            yield Advice("Leave it, or ask the portal's operator for permission. robots.txt is obeyed.")
        case Verdict.WRONG_SITE:
            yield Advice(
                f"Open {home}: has the portal moved, or been merged into another? Then mend home, url and "
                "site_id_code in its file.",
                f"gongkai probe {home}",
            )
        case _:
            yield Advice("The next run carries on where this one stopped; now:", f"gongkai crawl {key}")


def _walks(columns: Sequence[ColumnBalance]) -> Iterator[Advice]:
    """About columns whose walk came to a bad end."""
    bad = [each for each in columns if each.walk_end and not WalkEnd(each.walk_end).harmless]
    for each in bad[:_COLUMNS]:
        detail = f" ({each.walk_detail})" if each.walk_detail else ""
        yield Advice(
            f"Open {each.name or each.key} in a browser and turn to where the walk broke off{detail}. If the page is "
            f"missing there too, the portal declares more than it shows: {each.url}"
        )
    if len(bad) > _COLUMNS:
        yield Advice(f"The same for {len(bad) - _COLUMNS} more columns, see below.")


_COLUMNS = 2

_SHORT = {
    Verdict.EMPTY: "gongkai probe; is its family right?",
    Verdict.BLOCKED: "ask its operator; gongkai health {key}",
    Verdict.DISALLOWED: "leave it, or ask for permission",
    Verdict.UNREACHABLE: "is it down? gongkai health {key}",
    Verdict.LAYOUT_CHANGED: "gongkai probe; mend its file",
    Verdict.WRONG_SITE: "has it moved? mend its file",
    Verdict.INTERRUPTED: "gongkai crawl {key}",
}
