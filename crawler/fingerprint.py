"""What an entry page that its family no longer knows looks like now: the fingerprints of all families are tried."""

from archive.reading.page import Page
from crawler.detection import Case, suspects

_TOLD = 2


def looks_like(page: Page, url: str, family: str) -> str:
    """A line on the families whose signs an entry page bears, or "" if it bears none but those of ``family`` itself.

    ``url``: the page's address, fragment included. ``family``: the one that could not read it."""
    others = [case for case in suspects(page, url) if case.family != family]
    named = [case for case in others if case.holds]
    if named:
        return f'it looks like {named[0].family} now ({_signs(named[0])}): family = "{named[0].family}"'
    return f"it bears signs of {others[0].family} ({_signs(others[0])})" if others else ""


def _signs(case: Case) -> str:
    strongest = sorted(case.signs, key=lambda clue: -clue.weight)[:_TOLD]
    return "; ".join(clue.sign for clue in strongest)
