"""``gongkai reread`` as a user starts it, with worker processes, a terminal, and a kill."""

import os
import pty
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.events import Captured, CatalogueRow, RunEnded, RunStarted
from archive.place import Place
from archive.reading import model
from archive.repair import repair
from archive.verify import verify
from archive.vocabulary import Mode, Role, Verdict
from archive.warc.exchange import Exchange
from archive.warc.write import WarcWriter
from crawler.cli import main
from tests.reread.newer import NAME, POISON

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = 150  # three steps
POISONED = 70
PAGE = (
    "<html><head><title>{0}</title></head><body><h1>{0}</h1><table><tr><td>文号：</td><td>珠府办〔2026〕{1}号</td></tr>"
    "</table><div class='TRS_Editor'><p>{2}</p><p>现将有关事项通知如下，请认真贯彻执行。</p></div></body></html>"
)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive that the present reader has read. Copy it, do not change it."""
    folder = tmp_path_factory.mktemp("archive")
    place = Place(folder)
    place.prepare()
    at = datetime(2026, 11, 22, tzinfo=UTC)
    stamp = "2026-11-22T00:00:00.000000Z"
    with WarcWriter(place.warc, "p", software="test", clock=lambda: at, find=lambda _digest, _url: None) as log:
        log.event(RunStarted("run", "p", stamp, Mode.NORMAL, "样板"))
        for number in range(DOCUMENTS):
            url = f"http://p.example/{number}.html"
            body = PAGE.format(
                f"关于第{number}件事的通知", number + 1, POISON if number == POISONED else "各有关单位："
            )
            context = Captured("run", "p", Role.DOCUMENT, "c", url, row=CatalogueRow(url, f"行{number}"))
            head = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
            request = b"GET / HTTP/1.1\r\nHost: p.example\r\n\r\n"
            log.record(Exchange(url, request, (head + body).encode(), at, 1, context=context))
        log.event(RunEnded("run", "p", stamp, Verdict.OK))
    repair(place)
    return folder


@pytest.fixture
def data(original: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    copy = tmp_path / "data"
    subprocess.run(["cp", "-r", str(original), str(copy)], check=True)
    return copy


def words(data: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "tests.reread.newer", "--data", str(data), *more]


def gongkai(data: Path, *more: str, status: int = 0, **env: str) -> str:
    done = subprocess.run(
        words(data, *more), cwd=ROOT, capture_output=True, text=True, timeout=120, env={**os.environ, **env}
    )
    shown = done.stdout + done.stderr
    assert "Traceback" not in shown, shown
    assert done.returncode == status, shown
    return shown


def tables(data: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(data / "archive.db")) as db:
        names = db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%fts%' AND name NOT GLOB '_*' "
            "AND name NOT LIKE 'sqlite%'"
        ).fetchall()
        return {name: sorted(db.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr) for (name,) in names}


def readers(data: Path) -> dict[str, int]:
    with closing(sqlite3.connect(data / "archive.db")) as db:
        return dict(db.execute("SELECT reader, count(*) FROM versions GROUP BY reader"))


def test_look_then_write_then_build_again(data: Path) -> None:
    before = tables(data)
    shown = on_a_terminal(data, "reread", "--examples", "1", answer="n")
    assert f"{DOCUMENTS - 1} versions read by {NAME}" in shown
    assert f"genre: {DOCUMENTS - 1} gained; 0 stated it before" in shown
    assert "WARNING: doc_number is lost in 100.0%" in shown
    assert "reader_crashed (SIGSEGV)" in shown
    assert "Write it?" in shown
    assert tables(data) == before
    shown = gongkai(data, "reread", "p", "--yes", status=1)
    assert "1 versions cannot be read anew and stay as they are:" in shown
    now = tables(data)
    assert len(now["readings"]) == readers(data)[NAME] == DOCUMENTS - 1
    assert len(now["versions"]) == DOCUMENTS
    gongkai(data, "rebuild")
    assert tables(data) == now


def test_killed_in_the_middle(data: Path) -> None:
    gongkai(data, "reread", "--yes", status=-signal.SIGKILL, GONGKAI_TEST_KILL="3")
    assert 0 < readers(data)[NAME] < DOCUMENTS - 1
    shown = gongkai(data, "reread", "--yes", status=1)
    assert "left open by an interrupted run" in shown
    assert readers(data)[NAME] == DOCUMENTS - 1
    assert not tables(data)["foreseen"]
    assert not verify(Place(data)).problems


def test_what_is_refused(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tables(data)

    def refused(*more: str, at: Path = data) -> tuple[int, str]:
        result = CliRunner().invoke(main, ["--data", str(at), "reread", *more])
        return result.exit_code, result.output

    status, shown = refused()
    assert (status, "--yes writes" in shown) == (2, True)
    status, shown = refused("--yes", at=tmp_path / "nowhere")
    assert (status, "no archive here" in shown) == (1, True)
    assert refused("--yes") == (0, f"every version was read by {model.READER}: nothing to read again\n")
    monkeypatch.setattr(model, "READER", NAME)
    status, shown = refused("q", "--yes")
    assert (status, "no document of it is held; there are: p" in shown) == (2, True)
    with Place(data).lock("p"):
        status, shown = refused("--yes")
    assert (status, "p: another run (process" in shown) == (3, True)
    assert tables(data) == before


def on_a_terminal(data: Path, *more: str, answer: str) -> str:
    """What a command shows on a terminal where somebody types an answer; it then exits with 1."""
    master, slave = pty.openpty()
    with subprocess.Popen(words(data, *more), cwd=ROOT, stdin=slave, stdout=slave, stderr=slave) as process:
        os.close(slave)
        os.write(master, f"{answer}\n".encode())
        shown = b"".join(iter(lambda: _heard(master), b"")).decode()
        assert process.wait(60) == 1
    os.close(master)
    return shown


def _heard(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other end is closed
        return b""
