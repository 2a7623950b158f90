"""What README.md says of systemd and cron is right to the letter: it will be copied."""

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.cli import main
from tests.crawl.harness import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def _unit(name: str) -> str:
    (found,) = re.findall(rf"```ini\n# {re.escape(name)}\n(.*?)```", README, re.DOTALL)
    return str(found)


def _parsed(text: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, comment_prefixes=("#", ";"))
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # systemd minds the case
    parser.read_string(text)
    return parser


def _arguments(command: str) -> list[str]:
    """What follows ``gongkai`` in a command line."""
    words = command.split()
    place = next(number for number, word in enumerate(words) if word.endswith("bin/gongkai"))
    return words[place + 1 :]


def _is_understood(arguments: list[str]) -> bool:
    """Whether the command line takes these arguments; nothing is run."""
    return CliRunner().invoke(main, [*arguments, "--help"]).exit_code == 0


def test_the_units_say_what_they_must() -> None:
    service, timer = _parsed(_unit("gongkai.service")), _parsed(_unit("gongkai.timer"))
    assert service["Service"]["Type"] == "oneshot"
    assert service["Service"]["KillMode"] == "mixed"  # SIGTERM for the night alone, which closes with its readers' help
    assert _arguments(service["Service"]["ExecStart"])[2:] == ["nightly", "--budget", "5h"]
    assert _is_understood(_arguments(service["Service"]["ExecStart"]))
    assert timer["Timer"]["OnCalendar"].endswith("Asia/Shanghai")
    assert timer["Install"]["WantedBy"] == "timers.target"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_finds_no_fault(tmp_path: Path) -> None:
    service = _unit("gongkai.service").replace("/srv/gongkai/.venv/bin/gongkai", sys.executable)
    service = service.replace("User=gongkai", "User=root").replace("/srv/gongkai", str(tmp_path))
    (tmp_path / "gongkai.service").write_text(service, encoding="utf-8")
    (tmp_path / "gongkai.timer").write_text(_unit("gongkai.timer"), encoding="utf-8")
    words = ["systemd-analyze", "verify", "--man=no", "./gongkai.service", "./gongkai.timer"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert "gongkai" not in done.stdout + done.stderr, done.stderr
    assert done.returncode == 0, done.stderr


def test_the_cron_line() -> None:
    (line,) = re.findall(r"```crontab\n(.*)\n```", README)
    times, command = line.split(None, 5)[:5], line.split(None, 5)[5]
    ranges = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
    for time, (least, most) in zip(times, ranges, strict=True):
        assert time == "*" or least <= int(time) <= most, line
    assert "%" not in command, "cron makes line feeds of them"
    assert _is_understood(_arguments(command.partition(" 2>")[0]))
    done = subprocess.run(["sh", "-n", "-c", command], capture_output=True, text=True, timeout=10)
    assert done.returncode == 0, done.stderr
