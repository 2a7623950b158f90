"""Data flows one way: ``archive`` works without a network and knows neither ``crawler`` nor Scrapy nor Twisted."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FORBIDDEN = ("crawler", "scrapy", "twisted", "playwright", "scrapy_playwright")


def imported(path: Path) -> set[str]:
    """The top-level packages that a module names in an import, wherever it stands."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


@pytest.mark.parametrize("path", sorted((ROOT / "archive").rglob("*.py")), ids=lambda p: str(p.relative_to(ROOT)))
def test_archive_imports_nothing_of_the_crawler(path: Path) -> None:
    assert imported(path).isdisjoint(FORBIDDEN)


def test_the_check_itself_sees_an_import(tmp_path: Path) -> None:
    module = tmp_path / "m.py"
    module.write_text("def f():\n    from scrapy.http import Response\n")
    assert imported(module) == {"scrapy"}


def test_reading_and_storing_load_no_crawler() -> None:
    """Not by a detour either: what the workers run is loaded, and then looked at."""
    program = (
        "import sys, archive.intake.workers, archive.rebuild, archive.export, archive.verify\n"
        f"print([m for m in sys.modules if m.partition('.')[0] in {FORBIDDEN!r}])"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert shown.stdout.strip() == "[]"


def test_families_do_no_io() -> None:
    for path in sorted((ROOT / "crawler" / "families").glob("*.py")):
        assert imported(path).isdisjoint({"scrapy", "twisted", "urllib3", "requests", "socket", "asyncio"}), path.name
