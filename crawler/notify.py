"""Mail and webhook: one message a night at most, and none unless a portal's state is another than was told before.

A portal's state is good (``ok``, ``partial``) or bad. What was told, and to whom, is kept in ``data/nights/told.json``,
which is written only after a message went out: one that could not be sent is sent the next night.
"""

import json
import smtplib
import socket
import ssl
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from http.client import HTTPException
from pathlib import Path
from urllib.parse import unquote, urlsplit

from archive.errors import StorageError, UsageError
from archive.place import explain, write_json
from archive.summary import Night, Why, headline, to_json, to_text
from archive.vocabulary import Verdict

TIMEOUT = 20.0
"""Seconds that a server of mail or a webhook may take at each step."""

GOOD = frozenset({Verdict.OK, Verdict.PARTIAL})


@dataclass(frozen=True, slots=True)
class Addresses:
    """``mail_to``: mail addresses, with commas. ``smtp``: ``host``, ``host:port`` or ``smtp[s]://user:password@host:port``.
    ``webhook``: an http(s) address that takes a POST of JSON. Empty: not that way. ``sender``: for the mail's From."""

    mail_to: str = ""
    smtp: str = ""
    webhook: str = ""
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A portal whose state is another than was told. ``what``: its verdict, or why it did not run."""

    portal: str
    good: bool
    what: str
    reason: str


def notify(night: Night, addresses: Addresses, told_file: Path) -> list[str]:
    """Send what there is to tell. Gives a line for each message that could not be sent. Blocks, with time-outs."""
    ways: dict[str, Callable[[list[Change]], None]] = {}
    if addresses.mail_to:
        ways["mail"] = lambda changes: _mail(night, changes, addresses)
    if addresses.webhook:
        ways["webhook"] = lambda changes: _post(night, changes, addresses.webhook)
    if not ways:
        return []
    notes: list[str] = []
    told, doubt = _told(told_file)
    if doubt:
        notes.append(doubt)
    states = _states(night)
    for way, send in ways.items():
        known = told.get(way, {})
        changes = [change for change in states if change.good != known.get(change.portal, True)]
        if changes:
            try:
                send(changes)
            except (OSError, smtplib.SMTPException, HTTPException, UsageError, ValueError) as error:
                words = " ".join(str(error).split()) or type(error).__name__
                notes.append(
                    f"{way}: {len(changes)} changes of state could not be told: {words}; the next night tries it"
                )
                continue
        told[way] = known | {change.portal: change.good for change in states}
    try:
        write_json(told_file, told)
    except StorageError as error:
        notes.append(f"{error}; the same may be told again")
    return notes


def _states(night: Night) -> list[Change]:
    """The state of each portal of which the night says one."""
    spoken = [ran for ran in night.ran if not ran.cut and (ran.verdict in GOOD or not ran.paused)]
    found = [Change(ran.portal, ran.verdict in GOOD, ran.verdict, ran.reason) for ran in spoken]
    bad = (Why.PORTAL_FILE, Why.REFUSED)
    found += [Change(left.portal, False, left.why, left.reason) for left in night.not_run if left.why in bad]
    return sorted(found, key=lambda change: (change.good, change.portal))


def _told(path: Path) -> tuple[dict[str, dict[str, bool]], str]:
    """What was told: way → portal → whether it was good; and what is wrong with the file, if anything is."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return {way: {portal: bool(good) for portal, good in states.items()} for way, states in told.items()}, ""
    except FileNotFoundError:
        return {}, ""
    except OSError as error:
        return {}, f"{path}: cannot be read: {explain(error)}; what is bad is told again"
    except (ValueError, AttributeError):
        return {}, f"{path}: not what this program wrote; what is bad is told again"


# --- the message ------------------------------------------------------------------------------------------------------


def _subject(changes: list[Change]) -> str:
    bad, good = ([change.portal for change in changes if change.good is wanted] for wanted in (False, True))
    parts = [f"{_some(bad)} failing" if bad else "", f"{_some(good)} well again" if good else ""]
    return "gongkai: " + ", ".join(filter(None, parts))


def _some(keys: list[str]) -> str:
    return ", ".join(keys) if len(keys) <= 3 else f"{len(keys)} portals"


def _mail(night: Night, changes: list[Change], addresses: Addresses) -> None:
    message = EmailMessage()
    message["Subject"] = _subject(changes)
    message["From"] = addresses.sender if "@" in addresses.sender else f"gongkai@{socket.getfqdn()}"
    message["To"] = addresses.mail_to
    lines = [f"{change.portal}: {change.what}: {change.reason}" for change in changes]
    message.set_content("\n".join([*lines, "", to_text(night)]), cte="base64")
    way = urlsplit(addresses.smtp if "://" in addresses.smtp else f"smtp://{addresses.smtp or 'localhost'}")
    if way.scheme not in ("smtp", "smtps") or not way.hostname:
        raise UsageError(f"GONGKAI_SMTP: {way.scheme}://{way.hostname or ''} is no mail server; write host:port")
    secure = ssl.create_default_context()
    with (
        smtplib.SMTP_SSL(way.hostname, way.port or 465, timeout=TIMEOUT, context=secure)
        if way.scheme == "smtps"
        else smtplib.SMTP(way.hostname, way.port or 25, timeout=TIMEOUT)
    ) as server:
        server.ehlo_or_helo_if_needed()
        if way.username:
            if way.scheme == "smtp":
                server.starttls(context=secure)  # a password never goes in the clear
            server.login(unquote(way.username), unquote(way.password or ""))
        server.send_message(message)


def _post(night: Night, changes: list[Change], webhook: str) -> None:
    if urlsplit(webhook).scheme not in ("http", "https"):
        raise UsageError("GONGKAI_WEBHOOK must be an http or https address")
    body: Mapping[str, object] = {
        "text": f"{_subject(changes)}; the night: {headline(night)}",  # what chat programs show
        "changes": [
            {"portal": change.portal, "good": change.good, "what": change.what, "reason": change.reason}
            for change in changes
        ],
        "night": to_json(night),
    }
    data = json.dumps(body, ensure_ascii=False).encode()
    request = urllib.request.Request(webhook, data, {"Content-Type": "application/json; charset=utf-8"}, method="POST")
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
        answer.read(1 << 16)
