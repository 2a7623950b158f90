"""The built-in portal files: what each must say, and that its family can begin with it."""

import re

import pytest

from crawler import families
from crawler.portal import BUILT_IN, Portal, check, load, origins
from crawler.scope import Judgement, Scope

KEYS = sorted(path.stem for path in BUILT_IN.glob("*.toml"))
SEEDS = {
    "jiangmen": "440700",
    "zhuhai": "440400",
    "wulumuqi-gaoxin": "650104",
    "fengcheng": "360981",
    "dexing": "361181",
    "hechi": "451200",
    "jingmen": "420800",
    "qinzhou": "450700",
    "jinzhong": "140700",
    "chengdu": "510100",
    "xindu": "510114",
}
"""The portals that the archive was made for, with their 行政区划代码."""


def portal_of(key: str) -> Portal:
    """A built-in portal."""
    return load(only=key)[key]


def facts(key: str) -> str:
    """The comment that a file begins with, as running text."""
    text = (BUILT_IN / f"{key}.toml").read_text(encoding="utf-8")
    return " ".join(line.removeprefix("#").strip() for line in text.partition("[portal]")[0].splitlines())


def test_there_are_ninety_of_them() -> None:
    assert len(KEYS) >= 90
    assert set(SEEDS) | {"most", "ndrc", "csrc"} <= set(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_a_file_says_where_its_facts_are_from(key: str) -> None:
    assert re.match(r"Sources?: ", facts(key))
    assert re.search(r"\b20\d\d|undated|Blocked|portal-families.md sections? 3\b", facts(key))
    assert re.search(r"Confidence: (?:high|medium|low)\b", facts(key))


@pytest.mark.parametrize("key", KEYS)
def test_what_is_not_sure_is_marked(key: str) -> None:
    sure = "Confidence: high" in facts(key)
    assert sure or portal_of(key).to_confirm


@pytest.mark.parametrize("key", KEYS)
def test_its_family_can_begin(key: str) -> None:
    portal = portal_of(key)
    scope = Scope(origins(portal))
    for spec in portal.columns:
        ask = families.FAMILIES[spec.family].entry(spec)
        assert scope.link(ask.url) is Judgement.INSIDE
        assert "#" not in ask.url
        assert ask.method == "GET" or ask.body
    assert scope.link(portal.home) is Judgement.INSIDE


@pytest.mark.parametrize(("key", "division"), SEEDS.items())
def test_the_seeds(key: str, division: str) -> None:
    assert portal_of(key).division == division


def test_they_are_in_order() -> None:
    for key in KEYS:
        portal_of(key)
    assert check()[1] == []


def test_a_ministry_states_its_code_and_lives_on_both_schemes() -> None:
    for key in ("most", "ndrc", "csrc"):
        portal, home = portal_of(key), f"www.{key}.gov.cn"
        assert origins(portal) == {("http", home), ("https", home)}
        assert portal.site_id_code.startswith("bm")


@pytest.mark.parametrize("key", ["chengdu", "xindu"])
def test_a_portal_known_to_be_blocked_says_so(key: str) -> None:
    assert "Blocked" in facts(key)
    assert "412" in facts(key)
