"""What is printed in an element, at whatever depth."""

from archive.reading.page import DEEPEST
from crawler.families.lists.printed import runs, whole_text
from tests.families.pages import page


def test_order_unseen_parts_and_tails() -> None:
    tree = page("<p>一<b>二<!-- x -->三</b>四<br>五<script>x</script>六<i>七</i></p>八").tree
    (paragraph,) = tree.iter("p")
    assert whole_text(paragraph) == "一二三四 五六七"
    assert list(runs(paragraph)) == ["一", "二", "三", "四", "五", "六", "七"]
    (bold,) = tree.iter("b")
    assert list(runs(paragraph, [bold])) == ["一", "四", "五", "六", "七"]
    assert list(runs(bold, [bold])) == []


def test_a_page_nested_deeper_than_python_goes() -> None:
    """A list page of 1,500 unclosed elements ended the spider's callback in a ``RecursionError``."""
    depth = DEEPEST - 100
    assert whole_text(page("<div>甲" * depth).tree) == "甲" * depth
