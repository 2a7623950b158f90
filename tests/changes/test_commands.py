"""The commands as they are typed."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crawler.cli import main
from tests.changes.test_feed import valid
from tests.ledger.by_hand import Log, reading, row


@pytest.fixture
def archive(log: Log) -> Log:
    log.start()
    log.columns("tz")
    log.list(row(1), row(2), row(4))
    for number in (1, 2, 4):
        fields = (("doc_number", f"珠府办〔2026〕{number}号"), ("date_made", "2026-11-20"))
        log.document(number, reading("甲乙丙。", title=f"通知{number}", fields=fields, observations=()))
    log.walked(listed=3)
    log.end()
    log.start("zhuhai-2")
    log.document(4, reading("甲乙丙丁。", title="通知4", fields=(), observations=()))
    return log


def gongkai(folder: Path, *words: str, status: int = 0) -> list[str]:
    done: Result = CliRunner().invoke(main, ["--data", str(folder), *words])
    assert done.exit_code == status, done.output
    assert "Traceback" not in done.output
    return done.output.splitlines()


@pytest.mark.usefixtures("archive")
def test_changes(tmp_path: Path) -> None:
    shown = gongkai(tmp_path, "changes", "--diff", "--kind", "changed", "zhuhai")
    assert shown[0].endswith("zhuhai  changed    通知4")
    assert shown[-1] == "        ~ 甲乙丙{+丁+}。"
    assert len(gongkai(tmp_path, "changes", "--limit", "1")) > 1
    assert gongkai(tmp_path, "changes", "--since", "2027-01-01") == ["no changes since 2027-01-01"]
    assert gongkai(tmp_path, "changes", "--since", "yesterday", status=2) == [
        "gongkai: yesterday: not a day; write it as 2026-11-01"
    ]
    assert gongkai(tmp_path, "changes", "zhuhia", status=2) == [
        "gongkai: zhuhia: not in this archive, which holds: zhuhai"
    ]


@pytest.mark.usefixtures("archive")
def test_show_says_the_same(tmp_path: Path) -> None:
    shown = gongkai(tmp_path, "changes", "--diff", "--kind", "changed")
    assert gongkai(tmp_path, "show", shown[1].split(",")[0].strip(), "--diff") == shown


@pytest.mark.usefixtures("archive")
def test_feed(tmp_path: Path) -> None:
    for words in ((), ("zhuhai",)):
        path = tmp_path / "f.atom"
        assert gongkai(tmp_path, "feed", *words, str(path)) == [f"{path}: written"]
        assert gongkai(tmp_path, "feed", *words, str(path)) == [f"{path}: nothing new, left as it is"]
        assert len(valid(path)) > 4
    assert gongkai(tmp_path, "feed", "a", "b", "c", status=2)[0].startswith("gongkai: a b: one portal a feed")


@pytest.mark.usefixtures("archive")
def test_gaps(tmp_path: Path) -> None:
    shown = gongkai(tmp_path, "gaps")
    assert shown[1].split() == ["zhuhai", "珠府办〔2026〕", "3", "of", "1-4", "1:", "3", "complete", "2026-11-20"]
    assert shown[-2:] == [
        "zhuhai: as of 2026-11-22; what 1 run (unfinished) brought in since is left out; --latest takes it too",
        "as of the last good run of 1 portal, 2026-11-22",
    ]
    assert gongkai(tmp_path, "gaps", "--year", "2025", "--latest") == [
        "no 文号 series",
        "as the archive is now, whatever became of the runs (--latest)",
    ]


@pytest.mark.usefixtures("archive")
def test_export_says_of_which_runs_it_is(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    assert gongkai(tmp_path, "export", "documents", str(path)) == [
        "zhuhai: as of 2026-11-22; what 1 run (unfinished) brought in since is left out; --latest takes it too",
        f"3 rows in {path}, as of the last good run of 1 portal, 2026-11-22",
    ]
    assert [json.loads(line)["version"] for line in path.read_text("utf-8").splitlines()] == [1, 1, 1]
    shown = gongkai(tmp_path, "export", "documents", str(path), "--latest")
    assert shown == [f"3 rows in {path}, as the archive is now, whatever became of the runs (--latest)"]


@pytest.mark.parametrize("words", [("changes",), ("feed", "f.atom"), ("gaps",), ("export", "gaps", "g.csv")])
def test_where_there_is_no_archive(tmp_path: Path, words: tuple[str, ...]) -> None:
    (line,) = gongkai(tmp_path / "none", *words, status=1)
    assert "no archive here" in line
