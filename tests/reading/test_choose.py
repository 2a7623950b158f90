from itertools import pairwise

from archive.reading.choose import DOUBTED, Statement, choose
from archive.reading.model import Observation
from archive.vocabulary import Source


def said(field: str, value: str, source: Source, doubt: int = 0) -> Statement:
    return Statement(Observation(field, "标签", value, value, source), doubt)


def test_the_order_of_trust() -> None:
    order = [
        Source.TABLE,
        Source.LIST,
        Source.LINE,
        Source.API,
        Source.BANNER,
        Source.META,
        Source.HEADING,
        Source.BODY,
        Source.ROW,
    ]
    for better, worse in pairwise(order):
        observations, values = choose([said("date_made", "worse", worse), said("date_made", "better", better)])
        assert values == {"date_made": "better"}
        assert [seen.chosen for seen in observations] == [False, True]


def test_a_title_is_taken_from_its_meta_tag_and_not_cut() -> None:
    statements = [
        said("title", "名称", Source.TABLE),
        said("title", "全名", Source.META),
        said("title", "行", Source.ROW),
    ]
    assert choose(statements)[1]["title"] == "全名"
    statements = [said("title", "关于印发…", Source.META), said("title", "关于印发办法的通知", Source.ROW)]
    assert choose(statements)[1]["title"] == "关于印发办法的通知"


def test_a_doubted_statement_is_only_better_than_none() -> None:
    doubted = said("date_published", "2025-10-25", Source.META, DOUBTED)
    assert choose([doubted])[1]["date_published"] == "2025-10-25"
    assert choose([doubted, said("date_published", "2022-06-01", Source.ROW)])[1]["date_published"] == "2022-06-01"


def test_no_field_is_made_from_another() -> None:
    observations, values = choose(
        [said("publisher", "市教育局", Source.TABLE), said("date_published", "2020-01-02", Source.META)]
    )
    assert values == {"publisher": "市教育局", "date_published": "2020-01-02"}
    assert all(seen.chosen for seen in observations)


def test_what_is_not_normalised_or_not_known_never_wins() -> None:
    unusable = Statement(Observation("date_made", "成文日期", "近期", "", Source.TABLE))
    unknown = Statement(Observation("", "采购方式", "公开招标", "", Source.TABLE))
    observations, values = choose([unusable, unknown, said("date_made", "2020-01-02", Source.BODY)])
    assert values == {"date_made": "2020-01-02"}
    assert [seen.chosen for seen in observations] == [False, False, True]


def test_values_are_ordered_and_the_key_follows_the_first_number() -> None:
    statements = [
        said("validity", "in_force", Source.TABLE),
        said("doc_number", "甲办〔2020〕1号、乙〔2020〕2号", Source.TABLE),
    ]
    assert list(choose(statements)[1].items()) == [
        ("doc_number", "甲办〔2020〕1号、乙〔2020〕2号"),
        ("doc_number_key", "甲办|2020|1"),
        ("validity", "in_force"),
    ]


def test_the_first_of_equals_wins() -> None:
    assert choose([said("source", "甲", Source.LINE), said("source", "乙", Source.LINE)])[1] == {"source": "甲"}


def test_nothing_gives_nothing() -> None:
    assert choose([]) == ((), {})
