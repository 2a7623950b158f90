"""Pages that are far too much of something: made to hang a reader, or to eat its memory.

``python -m tests.reading.monsters`` reads each in a process of its own, as a worker of the intake does, and prints
seconds, peak memory and the named status."""

import argparse
import json
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable

from archive.errors import GongkaiError
from archive.intake.workers import LIMIT, MEMORY
from archive.reading.page import Page
from archive.reading.read import read

_MB = 1 << 20
_HEAD = (
    "<html><head><title>关于绿化工作的通知_某市人民政府</title></head><body><h1>关于绿化工作的通知</h1>"
    "<table><tr><td>索引号：</td><td>014006438/2026-00001</td></tr></table><div class='TRS_Editor'>"
)
_TAIL = "<p>某市人民政府</p><p>2026年7月1日</p></div></body></html>"
_PROSE = "为规范政府信息公开工作，根据有关法律、法规，制定本办法。"


def _within(markup: str) -> bytes:
    return (_HEAD + markup + _TAIL).encode()


def _unknown(markup: str) -> bytes:
    """The same where no container is known, so that the body has to be guessed."""
    return (_HEAD.replace("TRS_Editor", "x") + markup + _TAIL).encode()


def _chunks(size: int, chunk: str) -> str:
    return chunk * (size // len(chunk.encode()) + 1)


MONSTERS: dict[str, Callable[[], bytes]] = {
    "ten megabytes": lambda: _within(_chunks(10 * _MB, f"<p>{_PROSE}</p>")),
    "ten megabytes, no container": lambda: _unknown(_chunks(10 * _MB, f"<p>{_PROSE}</p>")),
    "ten megabytes on one line": lambda: _within(_chunks(10 * _MB, _PROSE)),
    "ten megabytes on one line, no container": lambda: _unknown(_chunks(10 * _MB, _PROSE)),
    "ten megabytes of labels on one line": lambda: _unknown(_chunks(10 * _MB, "索引号：1 发布机构：市政府 成文日期：")),
    "ten megabytes of labels in the body": lambda: _within(_chunks(10 * _MB, "索引号：1 发布机构：市政府 成文日期：")),
    "ten megabytes of digits": lambda: _within("〔2026〕" + "1" * (10 * _MB) + "号"),
    "ten megabytes of brackets": lambda: _unknown(_chunks(10 * _MB, "【〔［（")),
    "ten megabytes of spaces": lambda: _within("甲" + " " * (10 * _MB) + "乙" + "\u3000" * _MB),
    "ten megabytes of dates": lambda: _within(_chunks(10 * _MB, "2026年7月1日、")),
    "ten megabytes of signatures": lambda: _within(_chunks(10 * _MB, "<p>某市人民政府办公室 2026年7月1日</p>")),
    "ten megabytes of text, plain": lambda: _chunks(10 * _MB, _PROSE + "\n").encode(),
    "ten megabytes on one line, plain": lambda: _chunks(10 * _MB, "【发布日期】2016.07.11 " + _PROSE).encode(),
    "ten megabytes of JSON": lambda: json.dumps({"data": {"content": _chunks(8 * _MB, f"<p>{_PROSE}</p>")}}).encode(),
    "ten megabytes of GBK": lambda: _within(_chunks(10 * _MB, f"<p>{_PROSE}</p>")).decode().encode("gb18030"),
    "ten megabytes of noise": lambda: bytes(range(256)) * (40 * _MB // 1024),
    "seventeen megabytes": lambda: _within(_chunks(17 * _MB, f"<p>{_PROSE}</p>")),
    "200,000 nested div": lambda: _within("<div>" * 200_000 + _PROSE + "</div>" * 200_000),
    "200,000 nested div, unclosed": lambda: _unknown("<div>" * 200_000 + _PROSE),
    "200,000 nested font": lambda: _within("<font>" * 200_000 + _PROSE),
    "200,000 nested span with roles": lambda: _within("<span class=fj>" * 200_000 + _PROSE),
    "200,000 nested a": lambda: _within("<a href=/a.pdf>附件" * 200_000),
    "200,000 nested lists": lambda: _within("<ul><li>" * 100_000 + _PROSE),
    "200,000 nested containers": lambda: _within("<div class=TRS_Editor>" * 200_000 + _PROSE),
    "200,000 nested titles": lambda: _unknown("<div class=title>" * 200_000 + _PROSE),
    "200,000 nested pre": lambda: _within("<pre>\n" * 200_000 + _PROSE),
    "50,000 nested tables": lambda: _within("<table><tr><td>甲<td>" * 50_000 + _PROSE),
    "200,000 nested links, one text": lambda: _within("<div>" + "<object><a href=/x.pdf>" * 100_000 + _PROSE),
    "a million cells": lambda: _within("<table>" + ("<tr>" + "<td>1" * 1000) * 1000 + "</table>"),
    "a table of 400,000 cells": lambda: _unknown("<table>" + ("<tr>" + "<td>1" * 400) * 1000 + "</table>"),
    "a row of 400,000 cells": lambda: _unknown("<table><tr>" + "<td>索引号" * 400_000 + "</table>"),
    "400,000 rows of a cell": lambda: _unknown("<table>" + "<tr><td>" * 200_000 + "</table>"),
    "rowspan of a hundred million": lambda: _unknown(
        "<table>" + "<tr><td rowspan=100000000 colspan=100000000>索引号<td rowspan=100000000>1" * 20_000 + "</table>"
    ),
    "spans of many digits": lambda: _unknown("<table><tr><td colspan=" + "9" * _MB + ">索引号<td>1</table>"),
    "100,000 labels and values": lambda: _unknown("<p>索引号：014006438/2026-00001</p>" * 100_000),
    "100,000 labels and values in a table": lambda: _unknown(
        "<table>" + "<tr><td>索引号：<td>014006438/2026-00001" * 100_000 + "</table>"
    ),
    "100,000 labels without values": lambda: _unknown("<dl>" + "<dt>索引号" * 100_000 + "</dl>"),
    "100,000 tables": lambda: _unknown("<table><tr><td>索引号<td>1</table>" * 80_000),
    "100,000 links": lambda: _unknown("<p><a href='/zwgk/a.html'>关于绿化工作的通知</a></p>" * 100_000),
    "100,000 attachments": lambda: _within(
        "".join(f"<p>附件：<a href='/a/{n}.pdf'>绿化任务表{n}</a></p>" for n in range(100_000))
    ),
    "100,000 links of one block": lambda: _within("".join(f"<a href='/a/{n}.pdf'>表{n}</a>" for n in range(100_000))),
    "100,000 pieces of chrome": lambda: _unknown("<div class=nav><a href=/a.pdf>栏目</a></div>" * 80_000),
    "100,000 share bars, 20,000 links": lambda: _within(
        "<div class=share>分享</div>" * 150_000 + "<a href=/a.pdf>附件</a>" * 40_000
    ),
    "100,000 headings": lambda: _unknown("<h1>关于绿化工作的通知</h1>" * 100_000),
    "100,000 headings with links": lambda: _unknown("<h1><a href=/>关于绿化工作的通知</a></h1>" * 80_000),
    "100,000 headings in chrome": lambda: _unknown("<div class=nav><h1>关于绿化工作的通知</h1></div>" * 80_000),
    "2,000 nested pieces of chrome, 150,000 lines": lambda: _unknown("<div class=nav>" * 2000 + "<p>甲</p>" * 150_000),
    "2,000 nested containers, 150,000 lines": lambda: _within("<div class=zoom>" * 2000 + "<p>甲</p>" * 150_000),
    "2,000 nested titles, 150,000 links": lambda: _unknown("<div class=title>" * 2000 + "<a href=/a>甲</a>" * 150_000),
    "2,000 nested links, 100,000 letters": lambda: _within("<a href=/x.pdf>附件" * 2000 + "<b>甲</b>" * 100_000),
    "100,000 meta tags": lambda: _HEAD.replace(
        "<title>", "<meta name=PubDate content='2026-07-01'>" * 100_000 + "<title>"
    ).encode(),
    "100,000 fences": lambda: _within("<meta name=ContentStart><p>甲</p><meta name=ContentEnd>" * 80_000),
    "100,000 bold words on a line": lambda: _unknown("<p>" + "<b>来源：</b><i>市政府</i>" * 60_000 + "</p>"),
    "100,000 pictures": lambda: _within("<img src=/a.png>" * 200_000),
    "200,000 breadcrumbs": lambda: _unknown("当前位置：" + "首页 &gt; " * 200_000),
    "scripts with a DETAIL each": lambda: _within("<script>DETAIL = {</script>" * 100_000),
    "one script with many DETAIL": lambda: _within("<script>" + "DETAIL:{" * 500_000 + "</script>"),
    "JSON nested deep": lambda: b'{"data":' * 100_000,
    "JSON lists nested deep": lambda: b"[" * 1_000_000,
    "JSON with a huge number": lambda: b'{"content":"<p>1</p>","date":' + b"9" * _MB + b"}",
    "DETAIL nested deep": lambda: _within("<script>DETAIL:" + '{"a":' * 100_000 + "</script>"),
    "an attribute of ten megabytes": lambda: _within(f"<p class='{'zoom ' * (2 * _MB)}'>{_PROSE}</p>"),
    "a link of ten megabytes": lambda: _within(f"<p>附件：<a href='/{'a' * (10 * _MB)}.pdf'>甲</a></p>"),
    "a link of many steps": lambda: _within(f"<p>附件：<a href='{'../' * (3 * _MB)}a.pdf'>甲</a></p>"),
    "a link of a million signs to quote": lambda: _within(f"<p>附件：<a href='/{'表' * _MB}.pdf'>甲</a></p>"),
    "a base of five megabytes, many links": lambda: (
        _HEAD.replace("<title>", f"<base href='/{'a' * (5 * _MB)}/'><title>") + "<a href=a.pdf>1</a>" * 20_000
    ).encode(),
    "300,000 attributes": lambda: _within("<p " + " ".join(f"a{n}=1" for n in range(300_000)) + f">{_PROSE}</p>"),
    "a title of ten megabytes": lambda: b"<title>" + "关于绿化_".encode() * _MB + b"</title>",
    "a title of a million dashes": lambda: b"<title>" + b" - _ | " * _MB + b"x</title>",
    "a heading of ten megabytes": lambda: _unknown("<h1>" + "关于绿化工作的通知" * 400_000 + "</h1>"),
    "a comment without an end": lambda: _within("<!--" + _chunks(10 * _MB, f"<p>{_PROSE}</p>")),
    "two million opened comments": lambda: _within("<!--" * 2_000_000),
    "unclosed quotes": lambda: _within("<p title='" + _chunks(10 * _MB, f"<p class=\"x>{_PROSE}</p>")),
    "unclosed quotes, many": lambda: _within("<a href=\"/x><p class='" * 200_000),
    "unclosed tags": lambda: _within("<p <p <p " * 400_000),
    "a million brackets <": lambda: b"<" * 1_000_000,
    "two million brackets < >": lambda: ("<>" * 400_000).encode(),
    "null bytes": lambda: b"\0" * (10 * _MB),
    "null bytes between": lambda: _within(_chunks(3 * _MB, _PROSE)).replace(b"\xe4", b"\0\xe4"),
    "a few null bytes": lambda: _within(_chunks(10 * _MB, f"<p>{_PROSE}\0</p>")),
    "entities within entities": lambda: (
        '<!DOCTYPE html [<!ENTITY a "哈哈">'
        + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
        + "]>" + _HEAD + "&m;" * 1000 + _TAIL
    ).encode(),
    "two million entities": lambda: _within("&#20320;" * 1_000_000 + "&amp" * 500_000 + "&" * 500_000),
    "an entity of a million digits": lambda: _within(f"<p>&#{'9' * _MB};&#x{'0' * _MB}41;</p>"),
    "refusals in words": lambda: _chunks(_MB, "您访问的页面 验证 请求 被 ").encode(),
    "cookie scripts": lambda: b"<script>" + b"document.cookie=" * 400 + b"</script>",
    "templates unclosed": lambda: (b"{{" * 500_000) + "不存在".encode(),
    "scripts unclosed": lambda: "不存在".encode() + b"<script " * 60_000,
    "combining signs": lambda: _unknown("<p>索引号：" + "e" + "\u0301" * 3_000_000 + "</p>"),
    # within what trafilatura is asked about, where no container is known
    "2,000 nested div, guessed": lambda: _unknown("<div>" * 2000 + _PROSE * 20),
    "2,000 nested quotes, guessed": lambda: _unknown(f"<blockquote>{_PROSE}" * 2000),
    "300 nested tables, guessed": lambda: _unknown(f"<table><tr><td>{_PROSE}<td>" * 300),
    "30,000 cells, guessed": lambda: _unknown("<table>" + ("<tr>" + "<td>1" * 100) * 300 + "</table>" + _PROSE),
    "20,000 cells of a row, guessed": lambda: _unknown("<table><tr>" + "<td>甲" * 20_000 + "</table>" + _PROSE),
    "30,000 lists, guessed": lambda: _unknown(f"<ul><li>{_PROSE}</ul>" * 5000),
    "a line of 250,000 signs, guessed": lambda: _unknown(_chunks(250_000 * 3, _PROSE)),
    "40,000 line breaks, guessed": lambda: _unknown("甲，<br>" * 40_000),
    "30,000 bold words, guessed": lambda: _unknown("<p>" + "<b>甲，</b>" * 25_000),
    "signs that grow under NFKC": lambda: _unknown("<p>文号：" + "\ufdfa" * 1_000_000 + "</p>"),
}  # fmt: skip


def mime(name: str) -> str:
    return "text/plain" if "plain" in name else "application/json" if "JSON" in name else "text/html"


def page(name: str) -> Page:
    """The monster as an answer of a portal."""
    return Page("http://p.example/1.html", 200, (("Content-Type", mime(name)),), MONSTERS[name]())


def alone(name: str) -> None:
    """Read one in this process, with the memory that a worker has; print what came of it as JSON."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    one = page(name)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    signal.setitimer(signal.ITIMER_PROF, LIMIT)
    begun = time.perf_counter()
    try:
        found = read(one)
        status = found.refusal or found.text_status.value
        said = f"{status}, {len(found.text):,} signs, {len(found.observations)} pairs, {len(found.attachments)} files"
    except GongkaiError as error:
        said = f"{type(error).__name__}: {error}"
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": seconds, "more_mb": (peak - before) / 1024, "peak_mb": peak / 1024, "said": said}))


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m tests.reading.monsters", description=__doc__)
    words.add_argument("names", nargs="*", help="these only; a part of a name will do")
    words.add_argument("--alone", metavar="NAME", help=argparse.SUPPRESS)
    chosen = words.parse_args()
    if chosen.alone:
        alone(chosen.alone)
        return 0
    bad = 0
    for name in MONSTERS:
        if chosen.names and not any(part in name for part in chosen.names):
            continue
        command = [sys.executable, "-m", "tests.reading.monsters", "--alone", name]
        begun = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        taken = time.perf_counter() - begun
        if done.returncode == 0:
            found = json.loads(done.stdout)
            said = f"{found['seconds']:6.2f} s  +{found['more_mb']:5.0f} MB  {found['said']}"
        elif done.returncode == -signal.SIGPROF:
            said = f"{taken:6.2f} s            the worker is ended: unreadable, reader_timed_out"
        else:
            bad += 1
            said = f"{taken:6.2f} s  {(done.stderr.strip().splitlines() or [f'exit {done.returncode}'])[-1]}"
        print(f"{'FAIL' if done.returncode not in (0, -signal.SIGPROF) else 'ok  '} {name:<46} {said}", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
