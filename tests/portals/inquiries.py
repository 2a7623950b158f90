"""Inquiries without a network: the pages are at hand, as a practice portal makes them or as a real one was saved."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from archive.reading.page import Page
from archive.reading.refusal import Refusal, refusal
from archive.vocabulary import Role
from crawler.inquiry import Finding, inquire
from crawler.practice.model import Answer, Site, Visit
from crawler.trial import Refused, Reply, Want

ORIGIN = "http://127.0.0.1:8801"


@dataclass(frozen=True)
class Asked:
    """What an inquiry found, and what it wanted to see for it."""

    found: Finding
    wants: tuple[Want, ...]

    @property
    def urls(self) -> list[str]:
        return [want.ask.url for want in self.wants]


def ask(url: str, answer: Callable[[Want], Reply]) -> Asked:
    """Drive an inquiry with the answers of a function."""
    steps: Generator[Want, Reply, Finding] = inquire(url)
    wants = [next(steps)]
    while True:
        try:
            wants.append(steps.send(answer(wants[-1])))
        except StopIteration as end:
            return Asked(end.value, tuple(wants))


def ask_site(site: Site, url: str) -> Asked:
    """An inquiry into a practice portal."""
    return ask(url, lambda want: judged(_visit(site, want), want.role))


def judged(page: Page, role: Role = Role.ENTRY) -> Reply:
    """An answer as a run's judge would pass it on: an application's frame may be an entry."""
    named = refusal(page.status, page.headers, page.body) or ("" if page.status == 200 else str(page.status))
    if not named or (named == Refusal.SHELL and role is Role.ENTRY):
        return page
    return Refused(named, page=page)


def _visit(site: Site, want: Want) -> Page:
    parts = urlsplit(want.ask.url)
    assert f"{parts.scheme}://{parts.netloc}" == ORIGIN, want
    answer = site.pages.get(parts.path, lambda _: Answer("", 404))(
        Visit(
            want.ask.method,
            parts.path,
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            {name.lower(): value for name, value in want.ask.headers},
            want.ask.body,
        )
    )
    body = answer.body if isinstance(answer.body, bytes) else answer.body.encode()
    return Page(want.ask.url, answer.status, (("Content-Type", f"{answer.mime}; charset=utf-8"),), body)
