"""What an element is to the layout of a page: by its tag, and by the role that its id and class tell."""

from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from archive.reading.containers import NO_ROLE, Role, role

_BLOCKS = (
    "address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header legend li main menu nav ol p pre section table tbody tfoot thead tr td th ul "
    "ucapcontent ucaptitle"
)
BLOCKS = frozenset(_BLOCKS.split())
NAMED = BLOCKS | {"span", "a"}
"""Elements whose id or class may tell a role: their kind is :func:`kind_of`."""

CELLS = frozenset(("td", "th"))
MEDIA = frozenset(("img", "video", "iframe", "embed", "object", "audio", "canvas"))
FALLBACKS = frozenset(("iframe", "video", "audio", "canvas"))
"""Media whose text is for browsers that cannot show them."""

_LEAVES = CELLS | {"dd", "div", "li", "p"}
_PARTS = CELLS | {"table", "tr", "pre"}
_SPLITS = frozenset(("br", "hr"))
_SKIPPED = frozenset(("script", "style", "noscript", "template", "select", "button", "svg", "textarea"))


@dataclass(frozen=True, slots=True)
class Kind:
    """How an element is walked."""

    tag: str
    role: Role = NO_ROLE
    is_block: bool = False  # a line of its own, or several
    is_plain: bool = False  # a block that is nothing else, or a cell
    is_part: bool = False  # its borders mean something besides the end of a line
    is_cell: bool = False
    is_leaf: bool = False  # empty, it still is an (empty) value
    is_framed: bool = False  # a block, or of a role: something is said of all that it holds
    is_special: bool = False  # no text, or a thing besides text
    ends_line: bool = False  # what stands before it is another line


INLINE = Kind("")
"""Text in a line and nothing else: ``font``, ``b``, most ``span``, any unknown tag. There is but this one."""

LINK = Kind("a")
"""An ``a`` without a role. There is but this one."""

_NOTHING = Kind("", is_special=True)

OTHERS: dict[object, Kind] = {
    **{tag: Kind(tag, is_special=True) for tag in (*MEDIA, *_SKIPPED, "base", "meta", "title")},
    **{tag: Kind(tag, is_special=True, ends_line=True) for tag in _SPLITS},
    etree.Comment: _NOTHING,
    etree.ProcessingInstruction: _NOTHING,
}
"""The kinds of what is not :data:`NAMED`, by lxml's tag; what is missing is :data:`INLINE`."""


@lru_cache(maxsize=8192)  # the template of a portal stands on each of its pages
def kind_of(tag: str, identifier: str | None, classes: str | None) -> Kind:
    """The kind of a :data:`NAMED` element by its tag, ``id`` and ``class``."""
    own = role(tag, identifier, classes)
    is_block = tag in BLOCKS
    if own is NO_ROLE and not is_block:
        return LINK if tag == "a" else INLINE
    return Kind(
        tag,
        role=own,
        is_block=is_block,
        is_plain=is_block and own is NO_ROLE and (tag not in _PARTS or tag in CELLS),
        is_part=tag in _PARTS or own.attachment,
        is_cell=tag in CELLS,
        is_leaf=tag in _LEAVES,
        is_framed=True,
        ends_line=is_block or own.body > 0,
    )


BARE = {tag: kind_of(tag, None, None) for tag in NAMED}
"""The kinds of :data:`NAMED` elements that have neither id nor class: most, and quicker found."""
