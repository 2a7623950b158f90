"""What goes from process to process arrives as it was, and is packed without detours."""

import pickle
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from archive import events
from archive.intake.bundles import bundle, opened
from archive.ledger import facts
from archive.reading import model
from archive.vocabulary import PartKind, Source, TextStatus

RECORDS = [
    kind
    for module in (events, facts, model)
    for kind in vars(module).values()
    if isinstance(kind, type) and is_dataclass(kind) and kind.__module__ == module.__name__
]


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_a_record_is_its_class_and_its_values(kind: Any) -> None:
    """Whatever stands in it: the record comes back, with every field in its place."""
    names = [spec.name for spec in fields(kind)]
    record = kind(*names)
    assert len(names) > 1
    assert record.__reduce__() == (kind, tuple(names))
    again = pickle.loads(pickle.dumps(record, protocol=pickle.HIGHEST_PROTOCOL))
    assert type(again) is kind
    assert again == record


def test_facts_arrive_as_they_were_sent() -> None:
    seen = model.Observation("title", "标题", "关于\ud800的通知", "", Source.META, chosen=True)
    part = model.Part(PartKind(next(iter(PartKind))), 1, 2, 1, "题", (("title", "题"),))
    link = model.AttachmentLink("http://p.example/1.pdf", "一.pdf")
    reading = model.Reading("题", (("title", "题"),), (seen, seen), "文", TextStatus.OK, (link,), parts=(part,))
    lies = events.Location("p-1.warc.gz", 10, 20)
    reread = events.Reread("p", "2026", "r/1", (events.Replaced("p-0", 1, "urn:uuid:1", lies, "r/0"),))
    sent = [
        facts.RereadFact(reread, "2026", lies, (reading, None)),
        facts.EventFact(events.RereadBegun("p", "2026", "r/1", (("urn:uuid:1", "soft_404"),)), "2026", lies),
    ]
    packed = bundle(sent)
    assert packed.number == 2
    assert list(opened([packed, packed])) == sent * 2
