"""索引号 (index numbers): 11341702486344515H/202110-00013 → the organ's code, year, month, serial; its check verified.

The national shape is front/back. In front stands the code of the organ that publishes: nine signs by GB 11714-1997
(组织机构代码) or eighteen by GB 32100-2015 (统一社会信用代码), both with a check sign at the end. Behind it stand year,
for some the month, and a serial. Local rules differ (宁波: six groups, 连云港: four), and many portals have their own:
what does not fit is no fault, it is not parsed and stays as it is written. What fits but fails its check is said, never
mended: which sign is the wrong one nobody can tell.
"""

import re
import unicodedata
from dataclasses import dataclass

CHECK_FAILED = "index_number_check_failed"
"""Flag: the code in the 索引号 has the shape of an organ's code, and its check sign is another."""

_SHAPE = re.compile(
    r"(?P<organ>[0-9A-Z]{18}|[0-9A-Z]{8}-?[0-9A-Z])/(?P<year>\d{4})(?P<month>0[1-9]|1[0-2])?-(?P<serial>\d{3,6})"
)
_YEARS = range(1949, 2101)
_OF_11714 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_OF_32100 = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V and Z, which are taken for 1, 0, 5, U and 2
_WEIGHTS_11714 = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class IndexNumber:
    """``organ`` is the code as written, without the hyphen that GB 11714 allows before its check sign. ``month`` is 0
    where none stands; ``serial`` keeps its zeros. ``is_sound``: the check sign of the code is the right one."""

    organ: str
    year: int
    month: int
    serial: str
    is_sound: bool

    @property
    def organisation_code(self) -> str:
        """The nine signs by GB 11714, which the eighteen hold as their 9th to 17th: joins old numbers with new ones."""
        return self.organ[8:17] if len(self.organ) == 18 else self.organ


def parse_index_number(text: str) -> IndexNumber | None:
    """The parts of a 索引号 of the national shape, or ``None`` for any other. Never raises."""
    found = _SHAPE.fullmatch(unicodedata.normalize("NFKC", text).strip().upper())
    if found is None or int(found["year"]) not in _YEARS:
        return None
    organ = found["organ"].replace("-", "")
    check = check_32100 if len(organ) == 18 else check_11714
    is_sound = check(organ[:-1]) == organ[-1]
    return IndexNumber(organ, int(found["year"]), int(found["month"] or 0), found["serial"], is_sound)


def check_11714(body: str) -> str:
    """The check sign for the first eight signs of an organisation code (GB 11714-1997): 0 to 9 or X; ``""`` where a
    sign is none of the standard's."""
    if len(body) != len(_WEIGHTS_11714) or any(sign not in _OF_11714 for sign in body):
        return ""
    total = sum(_OF_11714.index(sign) * weight for sign, weight in zip(body, _WEIGHTS_11714, strict=True))
    return "0123456789X0"[11 - total % 11]


def check_32100(body: str) -> str:
    """The check sign for the first seventeen signs of a unified social credit code (GB 32100-2015); ``""`` where a sign
    is none of the standard's."""
    if len(body) != 17 or any(sign not in _OF_32100 for sign in body):
        return ""
    total = sum(_OF_32100.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
    return _OF_32100[-total % 31]
