"""Green means proven."""

from dataclasses import dataclass, field, replace

from archive.health import judge
from archive.vocabulary import Mode, Verdict


@dataclass(frozen=True)
class Column:
    key: str = "zfwj"
    name: str = "政府文件"
    declared: int | None = 10
    shown: int = 10
    listed: int = 10
    held: int = 9
    external: int = 1
    waiting: int = 0
    failed: dict[str, int] = field(default_factory=dict)
    walk_end: str = "last_page"


def verdict(*columns: Column, **more: object) -> tuple[Verdict, str]:
    given: dict[str, object] = {
        "closed_doors": (),
        "files_failed": 0,
        "fill": {"title": 1.0},
        "mode": Mode.NORMAL,
        "stop": None,
        "entries_min": None,
        "fill_min": {},
    }
    return judge(columns, **(given | more))  # type: ignore[arg-type]


WHOLE = Column()


def test_ok_needs_every_column_read_and_every_entry_held() -> None:
    found, reason = verdict(WHOLE)
    assert found is Verdict.OK
    assert "9 of 10 entries held, 1 lead elsewhere" in reason


def test_each_shortfall_is_named() -> None:
    cases = {
        "not read to its end (page_missing)": replace(WHOLE, walk_end="page_missing"),
        "not walked": replace(WHOLE, walk_end=""),
        "203 declared, 10 listed": replace(WHOLE, declared=203),
        "2 entries failed (404 1, timeout 1)": replace(WHOLE, failed={"timeout": 1, "404": 1}),
        "3 entries not fetched yet": replace(WHOLE, waiting=3),
    }
    for words, column in cases.items():
        found, reason = verdict(column)
        assert (found, words in reason) == (Verdict.PARTIAL, True), reason


def test_expectations_and_files_count() -> None:
    assert verdict(WHOLE, entries_min=20)[0] is Verdict.PARTIAL
    assert verdict(WHOLE, fill={"doc_number": 0.2}, fill_min={"doc_number": 0.4})[0] is Verdict.PARTIAL
    assert verdict(WHOLE, files_failed=2)[0] is Verdict.PARTIAL
    assert verdict(WHOLE, closed_doors=["http://p.example/b: 404"])[0] is Verdict.PARTIAL


def test_an_empty_catalogue_is_never_ok() -> None:
    assert verdict()[0] is Verdict.EMPTY
    assert verdict(replace(WHOLE, declared=None, shown=0, listed=0, held=0, external=0))[0] is Verdict.EMPTY


def test_a_stop_decides_at_once() -> None:
    assert verdict(WHOLE, stop=(Verdict.BLOCKED, "412")) == (Verdict.BLOCKED, "412")


def test_a_narrowed_run_is_measured_by_what_it_was_asked_for() -> None:
    assert verdict(replace(WHOLE, waiting=5, declared=99), mode=Mode.PART)[0] is Verdict.OK
    assert verdict(replace(WHOLE, failed={"404": 1}), mode=Mode.PART)[0] is Verdict.PARTIAL
