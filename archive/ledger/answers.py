"""What an answer is: the thing that was asked for, or a named reason why not. Pure."""

from archive.ledger.facts import CaptureFact
from archive.vocabulary import Role

_NOT_FOUND = (404, 410)


def refusal(fact: CaptureFact) -> str:
    """The named refusal, whoever noticed it; "" if there is none."""
    return fact.refusal or (fact.reading.refusal if fact.reading else "")


def failure(fact: CaptureFact) -> str:
    """Why an answer is not what was asked for; "" for a file that came whole."""
    if fact.status in _NOT_FOUND:
        return str(fact.status)
    if refused := refusal(fact):
        return refused
    if fact.status not in (0, 200) and not stands_alone(fact):
        return str(fact.status)
    if fact.truncated:
        return "truncated"
    if fact.status == 0:
        return "no_status"
    return "unreadable" if fact.context.role is Role.DOCUMENT else ""


def stands_alone(fact: CaptureFact) -> bool:
    """Whether it is an answer 304 about a capture that is lost: nobody knows any more what was not modified."""
    return fact.status == 304 and fact.truncated is not None
