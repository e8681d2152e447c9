"""Which language a text is in, as far as its own letters and small words tell.

What someone wrote is published without anything known of them, so also without the language they answered in.
A screen reader needs the language all the same: it is told from the text alone, or not at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

SCRIPTS = {"BENGALI": "bn", "GUJARATI": "gu", "GURMUKHI": "pa", "CJK": "zh", "HANGUL": "ko", "HEBREW": "he"}
"""Scripts that one language here is written in, by the first word of their letters' Unicode names."""

LETTERS = {
    "ur": "ٹڈڑںےہ",
    "ar": "ةىأإ",
    "uk": "іїєґ",
    "pl": "ąęłśźż",
    "ro": "ășțşţ",
    "tr": "ğı",
    "lt": "ėįųū",
}
"""Letters that only this one of the languages offered has; ş is Turkish too, where ğ or ı stand beside it."""

_SMALL = (
    "the and is are was were be been have has had not but for from with this that these there they we you "
    "our your my it its of at by as if when where what who all more too very can could would should will no "
    "nothing"
)
SMALL_WORDS = frozenset(_SMALL.split())
"""English words that are no word, or a rare one, in the other languages offered."""

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
BRACKETS = re.compile(r"\[[^\]]*\]")  # what a reviewer put in the place of a name is in English


def language_of(text: str) -> str:
    """The code of the language, "" where the text does not tell."""
    text = BRACKETS.sub(" ", unicodedata.normalize("NFC", text)).casefold()
    script = _script(text)
    if script in SCRIPTS:
        return SCRIPTS[script]
    seen = Counter({code: sum(text.count(letter) for letter in letters) for code, letters in LETTERS.items()})
    if seen["tr"]:
        seen["ro"] = 0
    code, times = seen.most_common(1)[0]
    if times:
        return code
    return "en" if script == "LATIN" and _english(text) else ""


def _script(text: str) -> str:
    """The script of most letters."""
    names = Counter(unicodedata.name(c, "").split(" ")[0] for c in text if c.isalpha())
    return names.most_common(1)[0][0] if names else ""


def _english(text: str) -> bool:
    words = WORD.findall(text)
    return sum(word in SMALL_WORDS for word in words) >= max(1, len(words) // 8)
