"""Sixty nights of a small portal: the script. Twelve columns, 150 documents, one of each misfortune we know of."""

from crawler.practice.calendar import Calendar
from crawler.practice.chronicle import Act, Chronicle, Deed, Shelf, Validators

NIGHTS = 60
BACK, FORWARD = 34, 43  # nights on which the archive's clock is wrong

_SHELVES = (
    Shelf("zfwj", "政府文件", 38, Validators.ETAG, size=10),  # four list pages
    Shelf("tzgg", "通知公告", 18, Validators.LAST_MODIFIED, pinned=3, size=30),
    Shelf("ndbg", "政府信息公开年报", 8, Validators.BOTH),
    Shelf("ghjh", "规划计划", 14),
    Shelf("bmwj", "部门文件", 12, dated=False),
    Shelf("czxx", "财政信息", 10, Validators.ETAG),
    Shelf("rsxx", "人事信息", 9),
    Shelf("gsgg", "公示公告", 9, Validators.LAST_MODIFIED),
    Shelf("zcjd", "政策解读", 8, Validators.BOTH),
    Shelf("jyta", "建议提案", 7),
    Shelf("xzzf", "行政执法", 8, volatile=True),
    Shelf("yjgl", "应急管理", 9),
)

_ACTS = (
    Act(1, Deed.ADD, "zfwj-a", "zfwj"),
    Act(1, Deed.ADD, "czxx-a", "czxx"),
    Act(2, Deed.EDIT_TEXT, "tzgg-04"),
    Act(3, Deed.COPY, "yjgl-a", "jyta-02"),
    Act(4, Deed.ADD, "gsgg-a", "gsgg"),
    Act(4, Deed.RENUMBER, "zfwj-12", "样政办发〔2025〕904号"),
    Act(5, Deed.MOVE, "rsxx-03"),
    Act(6, Deed.WITHDRAW, "xzzf-02"),
    Act(7, Deed.REORDER, "bmwj"),
    Act(7, Deed.EDIT_TEXT, "zcjd-02"),
    Act(8, Deed.BUMP, "zfwj-20"),
    Act(9, Deed.DELIST, "yjgl-04"),
    Act(10, Deed.MOVE, "zfwj-25"),  # on the third page of its list: only a complete walk can see it
    Act(11, Deed.BREAK_OFF, "gsgg-05"),
    Act(12, Deed.EDIT_TITLE, "gsgg-06"),
    Act(13, Deed.WITHDRAW_SOFTLY, "czxx-05"),
    Act(13, Deed.ADD, "tzgg-a", "tzgg"),
    Act(14, Deed.REPLACE_FILE, "ndbg-05"),
    Act(15, Deed.ROW_OFF, "jyta-03"),
    Act(15, Deed.PAGES_404, "ghjh"),
    Act(15, Deed.ADD, "zfwj-b", "zfwj"),
    Act(16, Deed.MOVE, "zfwj-05"),
    Act(17, Deed.RENAME, "gsgg", "公告公示"),
    Act(18, Deed.WITHDRAW_TO_HOME, "gsgg-03"),
    Act(19, Deed.MOVE_LEADING, "zcjd-05"),
    Act(20, Deed.EDIT_VALIDITY, "zfwj-a", "已废止"),
    Act(21, Deed.BLOCKED),
    Act(21, Deed.ADD, "rsxx-a", "rsxx"),
    Act(22, Deed.BLOCKED),
    Act(22, Deed.WITHDRAW, "rsxx-06"),
    Act(24, Deed.RETURN, "xzzf-02"),
    Act(25, Deed.LIST_EMPTY, "yjgl"),
    Act(26, Deed.WITHDRAW, "zfwj-35"),  # on the last page of its list
    Act(27, Deed.GONE_ONCE, "bmwj-04"),
    Act(28, Deed.RETURN, "yjgl-04"),
    Act(29, Deed.LIST_BROKEN, "zfwj", "2"),
    Act(29, Deed.ADD, "zfwj-c", "zfwj"),
    Act(31, Deed.PAGES_500),
    Act(31, Deed.ADD, "czxx-b", "czxx"),
    Act(32, Deed.RETURN, "czxx-05"),
    Act(32, Deed.EDIT_TEXT, "czxx-05"),
    Act(33, Deed.UNLIST_ONCE, "zfwj-03", "czxx"),
    Act(BACK, Deed.ADD, "tzgg-b", "tzgg"),
    Act(BACK, Deed.ROW_OFF, "rsxx-05"),
    Act(35, Deed.WITHDRAW, "jyta-02"),  # its copy stays: both had been listed for weeks, it did not move
    *(Act(37, Deed.ADD, f"zfwj-{letter}", "zfwj") for letter in "defghijklmno"),  # more than a list page
    Act(38, Deed.REDESIGN),
    Act(40, Deed.EDIT_TEXT, "zfwj-e"),
    Act(41, Deed.WITHDRAW, "jyta-06"),
    Act(FORWARD, Deed.ADD, "ndbg-a", "ndbg"),
    Act(FORWARD, Deed.GONE_ONCE, "xzzf-05"),
    Act(45, Deed.WITHDRAW, "zcjd-07"),
    Act(46, Deed.ADD, "jyta-a", "jyta"),
    Act(47, Deed.EDIT_TEXT, "ndbg-a"),
    Act(48, Deed.DELIST, "tzgg-08"),
    Act(50, Deed.RENUMBER, "jyta-a", "样政函〔2026〕77号"),
)


def sixty_nights() -> Chronicle:
    return Chronicle(_SHELVES, Calendar(NIGHTS, {BACK: -2, FORWARD: 7}), _ACTS, {"zfwj-03": "czxx"})
