"""A portal of the gkmlpt family (Guangdong's 政府信息公开目录管理平台), with the traps of the real ones.

In its tree: a node that jumps away, a node whose children all do, an empty one, names and notes with braces. In its
lists: batches of uneven size, a page 2 that is 404, a row that leads off the site, a cross-listed one. In its
documents: empty 文号, attachments of size "0" at https addresses that answer over http only. Below it: a department
with its own SID.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from archive.vocabulary import WalkEnd
from crawler.practice.gkmlpt_pages import BATCH, Article, Branch, Category, Node, detail, list_page, node, shell
from crawler.practice.library import editions, notices, reports, take
from crawler.practice.markup import Frame, file_page, home, lazily, stated, still
from crawler.practice.model import (
    ColumnTruth,
    DocumentTruth,
    ExternalRow,
    Page,
    Plan,
    PracticeDocument,
    PracticePortal,
    Site,
    Truth,
)
from crawler.practice.pdf import attachment_truth

CITY = Branch("", "499001", "示例市人民政府", "https", 404)
HOUSING = Branch("/zjj", "499016", "示例市住房和城乡建设局", "http", 200)

_FIRST_ID = 3_200_000
_STATED = (
    *("title", "publisher", "doc_number", "index_number", "date_made", "date_published"),
    *("catalogue_category", "genre", "topic_category", "keywords", "abstract"),
)


def build(plan: Plan) -> Site:
    """The city with its categories and one department below it."""
    frame = Frame(CITY.name, PORTAL.site_id_code, plan.origin.partition("://")[2], (("政府信息公开", "/gkmlpt/index"),))
    city, department = (
        tuple(replace(category, emptied=category.name in plan.emptied) for category in found)
        for found in (_city(plan), _department(plan))
    )
    pages: dict[str, Page] = {"/": home(frame, ((CITY.name, "/gkmlpt/index"), (HOUSING.name, "/zjj/gkmlpt/index")))}
    pages |= _pages(frame, CITY, city, _tree(city))
    pages |= _pages(frame, HOUSING, department, [node(category) for category in department])
    branches = ((CITY, city), (HOUSING, department))
    return Site(
        pages,
        {_path(article.url): document.key for article, document, _ in _own((*city, *department))},
        tuple(("gkmlpt", f"{plan.origin}{branch.path}/gkmlpt/index") for branch, _ in branches),
        Truth(
            tuple(_column_truth(plan, branch, category) for branch, found in branches for category in found),
            tuple(_truth(*own) for _, found in branches for own in _own(found)),
            tuple(ExternalRow(a.url, a.title, c.name) for c in city for a in c.articles if not a.document),
        ),
    )


def _city(plan: Plan) -> tuple[Category, ...]:
    stock = editions(notices())

    def category(number: int, name: str, wanted: int, why: str, served: int | None = None) -> Category:
        articles = _filed(plan, CITY, take(stock, wanted, plan, name))
        return Category(number, name, articles, len(articles) if served is None else served, why)

    rules = category(11, "规范性文件", 43 * plan.scale, "read to its end, in batches of uneven size")
    own = _filed(plan, CITY, take(stock, 7 * plan.scale, plan, "其他文件{含内设机构}"))
    elsewhere = Article(
        3_999_001, "一图读懂《示例市政务公开工作要点》", "https://mp.weixin.example/s/Kp3xQ9", "2020-08-30 09:00"
    )
    twice = (article for article in rules.articles if article.document and article.document.number == 1)
    mixed = (*own, elsewhere, *twice)
    yearly = _filed(plan, CITY, take(editions(reports(), first=500_001), 6, plan, "政府信息公开年报"))
    return (
        rules,
        Category(12, "其他文件{含内设机构}", mixed, len(mixed), "one row leads off the site, one is cross-listed"),
        Category(2, "政府信息公开年报", yearly, len(yearly), "one page"),
        category(4, "政策解读", 3, "a node whose children are all jumps is a leaf"),
        category(5, "公示公告", 45 * plan.scale, "page 2 is 404 while post_count is larger", served=BATCH),
        Category(6, "应急管理", (), 0, "an empty category"),
    )


def _department(plan: Plan) -> tuple[Category, ...]:
    news = _filed(plan, HOUSING, take(editions(notices(), first=800_001), 7 * plan.scale, plan, "工作动态"))
    return (Category(721, "工作动态", news, len(news), "behind the last page, pages are empty"),)


def _tree(categories: Sequence[Category]) -> list[Node]:
    rules, others, yearly, explained, announced, emergency = categories
    files = node(Category(1, "政府文件", (), 0), children=(node(rules, 1), node(others, 1)))
    away = "http://www.elsewhere.example/rsxx/"
    jumps = tuple(node(Category(number, name, (), 0), 4, (), away) for number, name in ((41, "图解"), (42, "视频")))
    return [
        files | {"memo": "[{样例}]}, SERVICE_AREA_ID"},
        node(yearly),
        node(Category(3, "人事信息", (), 0), jump_url=away),
        node(explained, children=jumps),
        node(announced),
        node(emergency),
    ]


def _filed(plan: Plan, branch: Branch, documents: Sequence[PracticeDocument]) -> tuple[Article, ...]:
    return tuple(_article(plan, branch, document) for document in documents)


def _article(plan: Plan, branch: Branch, document: PracticeDocument) -> Article:
    number = _FIRST_ID + document.number * 7
    path = f"{branch.path}/gkmlpt/content/{number // 1_000_000}/{number // 1000}/post_{number}.html"
    files = f"{branch.scheme}://{plan.origin.partition('://')[2]}{branch.path}/attachment"
    links = tuple(
        (f"{files}/0/{file // 1000}/{file}/{number}.pdf", name)
        for file, name in enumerate(document.attachments, 24_101)
    )
    return Article(number, document.title, plan.origin + path, document.date_published, document, links)


def _own(categories: Sequence[Category]) -> list[tuple[Article, PracticeDocument, tuple[str, ...]]]:
    """The site's own articles that the API gives, each once, with the categories that list it."""
    columns: dict[str, tuple[str, ...]] = {}
    found: dict[str, tuple[Article, PracticeDocument]] = {}
    for category in categories:
        for article in category.articles[: category.served]:
            if article.document:
                found[article.url] = (article, article.document)
                columns[article.url] = (*columns.get(article.url, ()), category.name)
    return [(*pair, columns[url]) for url, pair in found.items()]


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def _pages(frame: Frame, branch: Branch, categories: Sequence[Category], tree: list[Node]) -> Mapping[str, Page]:
    everything = tuple({article.url: article for category in categories for article in category.articles}.values())
    pages: dict[str, Page] = {f"{branch.path}/gkmlpt/index": still(shell(frame, branch, tree))}
    for category in (*categories, Category(0, "全部", everything, len(everything))):
        pages[f"{branch.path}/gkmlpt/api/all/{category.id}"] = partial(list_page, branch, category)
    for article in everything:
        if article.document:
            pages[_path(article.url)] = lazily(partial(detail, frame, branch, article.document, article))
            for url, name in article.links:
                pages[_path(url)] = file_page(article.document, name)
    return pages


def _column_truth(plan: Plan, branch: Branch, category: Category) -> ColumnTruth:
    return ColumnTruth(
        category.name,
        f"{plan.origin}{branch.path}/gkmlpt/index#{category.id}",
        category.post_count,
        min(category.served, category.post_count),
        WalkEnd.PAGE_MISSING if category.served < category.post_count else WalkEnd.LAST_PAGE,
        category.why,
    )


def _truth(article: Article, document: PracticeDocument, columns: tuple[str, ...]) -> DocumentTruth:
    files = tuple(attachment_truth(document, name, url) for url, name in article.links)
    return DocumentTruth(document, article.url, columns, stated(document, _STATED), files)


PORTAL = PracticePortal("gkmlpt", "示例市人民政府（练习）", "440499", "4404990001", build)
