"""Datasets as files: what an analyst opens is what the archive holds."""

import csv
import json
from pathlib import Path

import pytest

from archive.errors import StorageError, UsageError
from archive.export import DATASETS, export
from archive.vocabulary import Role, Verdict
from tests.ledger.by_hand import FILE, HOME, Log, doc, link, reading, row, url

GOLDEN = Path(__file__).with_name("golden")


def table(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, strict=True))


def dicts(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, strict=True))


@pytest.fixture
def archive(log: Log) -> Log:
    """Two documents, one of them in two versions, a file, a failure."""
    log.start(software="gongkai 0.1")
    log.columns("tz", declared=3)
    log.list(row(1), row(2), row(3))
    fields = (
        ("issuer", "珠海市人民政府；市财政局"),
        ("doc_number", "珠府办〔2026〕7号"),
        ("index_number", "000014349"),
        ("date_published", "2026-11-20"),
        ("signer", "某某"),
    )
    first = '第一行，有"引号"、逗号,\n第二行\t表格'
    log.document(1, reading(first, fields=fields, attachments=(link("a.doc"),)))
    log.document(2, reading("=1+1", title="-附件", fields=()))
    log.file(f"{HOME}files/a.doc", 1)
    log.failed(Role.DOCUMENT, url(3), "timeout", column="tz", entry_url=url(3), detail="took longer than 60 s")
    log.document(1, reading("改。", fields=fields, attachments=(link("a.doc"),)))
    log.end(Verdict.PARTIAL, reason="1 entry failed", requests=4, bytes=4000)
    ledger = log.ledger
    cell = "INSERT INTO report_cells VALUES (?, '2021', 't1', ?, 'total', ?, ?, ?)"
    ledger.execute(cell, (doc(1), "art20_1", 12, "12", "ok"))
    ledger.execute(cell, (doc(1), "art20_2", None, "/", "blank"))
    ledger.execute("INSERT INTO report_checks VALUES (?, 'T2.identity.total', 3, 3.5, 'fail')", (doc(1),))
    return log


@pytest.mark.parametrize("labels", ["en", "zh"])
@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
@pytest.mark.parametrize("dataset", DATASETS)
def test_against_golden_files(archive: Log, tmp_path: Path, dataset: str, suffix: str, labels: str) -> None:
    path = tmp_path / f"{dataset}-{labels}.{suffix}"
    rows = export(archive.ledger, dataset, path, labels=labels).rows  # type: ignore[arg-type]
    assert rows == (1 if dataset == "gaps" else archive.value(f"SELECT count(*) FROM {dataset}"))
    golden = GOLDEN / path.name
    if not golden.exists():
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(path.read_bytes())
        pytest.fail(f"{golden.name} was not there and has been written; look at it and run again")
    assert path.read_bytes() == golden.read_bytes()


def test_csv_is_as_spreadsheets_and_rfc_4180_want_it(archive: Log, tmp_path: Path) -> None:
    path = tmp_path / "versions.csv"
    export(archive.ledger, "versions", path)
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfdocument_id,version,")
    assert raw.endswith(b"\r\n")
    assert '"第一行，有""引号""、逗号,\n第二行\t表格"'.encode() in raw
    found = dicts(path)
    assert [line["text"] for line in found if line["document_id"] == doc(1)] == [
        '第一行，有"引号"、逗号,\n第二行\t表格',
        "改。",
    ]


def test_a_row_leads_to_its_evidence(archive: Log, tmp_path: Path) -> None:
    for dataset in ("documents", "versions", "attachments"):
        path = tmp_path / f"{dataset}.csv"
        export(archive.ledger, dataset, path)
        for line in dicts(path):
            capture = archive.row("SELECT warc_offset, payload_digest FROM captures WHERE id = ?", line["capture_id"])
            assert (line["warc_file"], int(line["warc_offset"]), line["payload_digest"]) == (FILE, *capture)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("", ""),
        ("普通", "普通"),
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+86 756", "'+86 756"),
        ("-附件", "'-附件"),
        ("@某", "'@某"),
        ("＝1", "'＝1"),
        ("\t=1", "'\t=1"),
        ("-12.5", "-12.5"),
        ("+3", "+3"),
        ("'引", "''引"),
        ("000014349", "'000014349"),
        ("114403006955506492", "'114403006955506492"),
        ("114403006955506492/2021-00426", "114403006955506492/2021-00426"),
        ("11440300", "11440300"),
        ("0", "0"),
        ("3.14", "3.14"),
        ("2013-72", "'2013-72"),
        ("2021年3月", "'2021年3月"),
        ("2021年3月通知", "2021年3月通知"),
        ("1E5", "'1E5"),
        ("珠府办〔2026〕7号", "珠府办〔2026〕7号"),
    ],
)
def test_cells_that_a_spreadsheet_would_misread(log: Log, tmp_path: Path, value: str, cell: str) -> None:
    log.start()
    log.document(1, reading(value, title=value, fields=(("index_number", value), ("date_made", "2021-03"))))
    log.end()
    export(log.ledger, "documents", tmp_path / "d.csv")
    (found,) = dicts(tmp_path / "d.csv")
    assert (found["title"], found["index_number"], found["text"]) == (cell, cell, cell)
    assert (found["date_made"], found["version"], found["date_issued"]) == ("2021-03", "1", "")
    export(log.ledger, "documents", tmp_path / "d.jsonl")
    given = json.loads((tmp_path / "d.jsonl").read_text(encoding="utf-8"))
    assert (given["title"], given["text"], given["date_issued"]) == (value, value, None)


def test_a_text_too_long_for_a_cell_is_cut_and_says_so(log: Log, tmp_path: Path) -> None:
    log.start()
    log.document(1, reading("长" * 32_000))
    log.document(2, reading("长" * 32_001))
    log.end()
    export(log.ledger, "documents", tmp_path / "d.csv")
    cut = {line["id"]: (len(line["text"]), line["text_truncated"]) for line in dicts(tmp_path / "d.csv")}
    assert cut == {doc(1): (32_000, "0"), doc(2): (32_000, "1")}
    export(log.ledger, "documents", tmp_path / "d.jsonl")
    whole = [json.loads(line) for line in (tmp_path / "d.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {line["id"]: len(line["text"]) for line in whole} == {doc(1): 32_000, doc(2): 32_001}
    assert "text_truncated" not in whole[0]


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_no_column_has_the_name_of_another(archive: Log, tmp_path: Path, suffix: str) -> None:
    for dataset in DATASETS:
        export(archive.ledger, dataset, tmp_path / f"d.{suffix}", labels="zh")
        if suffix == "csv":
            header = table(tmp_path / "d.csv")[0]
            assert len(set(header)) == len(header), dataset
        else:
            export(archive.ledger, dataset, tmp_path / "en.jsonl")
            zh, en = (json.loads((tmp_path / name).read_text().splitlines()[0]) for name in ("d.jsonl", "en.jsonl"))
            assert list(zh.values()) == list(en.values())


def test_no_person_and_nothing_of_the_crawler_in_an_export(archive: Log, tmp_path: Path) -> None:
    export(archive.ledger, "documents", tmp_path / "d.jsonl")
    assert "某某" not in (tmp_path / "d.jsonl").read_text(encoding="utf-8")
    archive.start("zhuhai-2")
    archive.document(1, reading("改。", fields=(("signer", "某甲"),)))
    archive.end()
    assert archive.value("SELECT count(*) FROM changes WHERE field = 'signer'") == 1
    for dataset in DATASETS:
        export(archive.ledger, dataset, tmp_path / "d.jsonl")
        assert not {"某某", "某甲"} & set((tmp_path / "d.jsonl").read_text(encoding="utf-8").split('"')), dataset
    export(archive.ledger, "entries", tmp_path / "e.csv")
    assert "listed_as" not in table(tmp_path / "e.csv")[0]


@pytest.mark.parametrize("name", ["d.parquet", "d.xlsx", "d.sqlite", "d.txt", "d"])
def test_a_suffix_that_there_is_not(archive: Log, tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"cannot write .*; use \.csv or \.jsonl"):
        export(archive.ledger, "documents", tmp_path / name)
    assert not (tmp_path / name).exists()


def test_a_dataset_that_there_is_not(archive: Log, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no dataset 'captures'; there are: documents, versions, "):
        export(archive.ledger, "captures", tmp_path / "d.csv")


def test_no_half_file(archive: Log, tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    path.write_text("the old one")
    archive.ledger.execute("UPDATE documents SET title = CAST(x'ff' AS TEXT)")  # no UTF-8: the export must fail
    with pytest.raises(Exception, match="UTF-8"):
        export(archive.ledger, "documents", path)
    assert path.read_text() == "the old one"
    assert [name.name for name in tmp_path.glob("*.part")] + [name.name for name in tmp_path.glob(".*")] == []


def test_a_folder_that_is_not_there(archive: Log, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"no/d\.csv: cannot be written: No such file or directory"):
        export(archive.ledger, "documents", tmp_path / "no" / "d.csv")


def test_an_empty_archive_exports_headers(log: Log, tmp_path: Path) -> None:
    assert export(log.ledger, "documents", tmp_path / "d.csv").rows == 0
    assert len(table(tmp_path / "d.csv")) == 1
    assert export(log.ledger, "documents", tmp_path / "d.jsonl").rows == 0
    assert (tmp_path / "d.jsonl").read_bytes() == b""
