"""What in a text may say who wrote it, or whom it is about: names, places, numbers, dates, and the like.

Found by rule, for a person to decide on: no rule finds every name, and in scripts without capital letters
it finds few. Some kinds are certain (a postcode, a telephone number, an e-mail or web address): a text that
still holds one may not be published. Add a kind by adding an entry to `KINDS`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from analysis.common_words import (
    CAPITALISED,
    MONTHS,
    NEAR_A_NAME,
    NOT_A_ROLE,
    NOT_A_STREET,
    ORDINARY_PLACES,
    ROLES,
    STREETS,
    STREETS_WITH_CAPITALS,
    TITLES,
)


@dataclass(frozen=True, slots=True)
class Span:
    """Letters `start` to `end` of a text, and the code of the kind of thing they may be."""

    start: int
    end: int
    kind: str


def _alternatives(names: Collection[str], flags: int = 0) -> re.Pattern[str] | None:
    if not names:
        return None
    # Spaces, hyphens and apostrophes are typed as people please; longer names are tried before shorter.
    written = ("".join(_loosely(letter) for letter in name) for name in names)
    return re.compile(rf"(?<!\w)(?:{'|'.join(written)})(?!\w)", flags)


def _loosely(letter: str) -> str:
    if letter in " -‐-–":
        return r"[\s\-‐-–]*"
    if letter in "'’.":
        return "['’]?" if letter != "." else r"\.?"
    return re.escape(letter)


class Places:
    """Names of places, and what else they are called, to look for in texts."""

    def __init__(self, names: Iterable[str] = ()):
        """Names shorter than three letters are left out: they would be found inside everything."""
        known = sorted({" ".join(n.split()) for n in names if len(n.strip()) > 2}, key=lambda n: (-len(n), n))
        ordinary = [name for name in known if name.casefold() in ORDINARY_PLACES]
        telling = [name for name in known if name.casefold() not in ORDINARY_PLACES]
        self._any_case = _alternatives(telling, re.IGNORECASE)
        self._capital = _alternatives(ordinary)

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Where a name stands; a name that is also an ordinary word ("Central") only with its capitals."""
        for pattern in (self._any_case, self._capital):
            if pattern is not None:
                yield from (match.span() for match in pattern.finditer(text))


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of identifier. `certain`: no text that holds one is published. `mask`: what stands for it."""

    code: str
    certain: bool
    mask: str
    find: Callable[[str, Places], Iterable[tuple[int, int]]]


NOTHING_HELD = Places()
OTHER_MASK = "[…]"  # in languages other than English


def suggestions(text: str, places: Places = NOTHING_HELD) -> tuple[Span, ...]:
    """What in the text may identify someone, in the order of the text, none overlapping another.

    Where two overlap the certain one stays, else the longer, else the kind that is listed first. Digits of
    other scripts and full-width letters are read as what they stand for, and invisible characters are passed
    over, so neither hides anything.
    """
    plain, at = _plain(text)
    found = [
        (not kind.certain, start - end, rank, start, end, kind.code)
        for rank, kind in enumerate(KINDS.values())
        for start, end in kind.find(plain, places)
        if start < end
    ]
    kept: list[tuple[int, int, str]] = []
    taken = bytearray(len(plain))
    for _doubt, _length, _rank, start, end, code in sorted(found):
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            kept.append((start, end, code))
    return tuple(Span(at[start], at[end - 1] + 1, code) for start, end, code in sorted(kept))


def certain(text: str) -> tuple[Span, ...]:
    """What in the text identifies someone for certain. A text to be published has none."""
    return tuple(span for span in suggestions(text) if KINDS[span.kind].certain)


def masked(text: str, spans: Iterable[Span], *, english: bool = True) -> str:
    """The text with every span replaced by what it is, as in "[name]". In other languages by "[…]"."""
    done, parts = 0, []
    for span in spans:
        parts += [text[done : span.start], KINDS[span.kind].mask if english else OTHER_MASK]
        done = span.end
    return "".join([*parts, text[done:]])


def has_capitals(text: str) -> bool:
    """Whether the script tells capital letters from small ones; where it does not, few names are found."""
    letters = [letter for letter in text if letter.isalpha()]
    return not letters or sum(letter.lower() != letter.upper() for letter in letters) * 2 >= len(letters)


def _plain(text: str) -> tuple[str, list[int]]:
    """The text as it is searched, and for each of its letters where it stands in the text itself."""
    letters, at = [], []
    for position, letter in enumerate(text):
        if unicodedata.category(letter) == "Cf":
            continue
        digit = unicodedata.digit(letter, None)
        folded = str(digit) if digit is not None else unicodedata.normalize("NFKC", letter)
        letters.append(folded if len(folded) == 1 else letter)
        at.append(position)
    return "".join(letters), at


def _matches(pattern: str, flags: int = re.IGNORECASE) -> Callable[[str, Places], Iterator[tuple[int, int]]]:
    """A finder of every match; of its group "it" where the pattern names one."""
    compiled = re.compile(pattern, flags)
    group = "it" if "it" in compiled.groupindex else 0
    return lambda text, _places: (match.span(group) for match in compiled.finditer(text))


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


DIGITS = re.compile(r"(?<![\w])\+?\(?\d(?:[\s().\-‐-–/]{0,3}\d){4,}(?!\w)")
DATE = re.compile(r"\d{1,4}[./\-]\d{1,2}[./\-]\d{1,4}")
YEARS = re.compile(r"(?:19|20)\d\d(?:\s*[\-‐-–/ ]\s*(?:(?:19|20)\d\d|\d\d))*")


def _phone(text: str, _places: Places) -> Iterator[tuple[int, int]]:
    """Ten digits or more in a row, or seven that begin like a number with its code; no dates, no years."""
    for match in DIGITS.finditer(text):
        written = match.group()
        if DATE.fullmatch(written) or YEARS.fullmatch(written):
            continue
        count = sum(letter.isdigit() for letter in written)
        if count >= 10 or (count >= 7 and written.lstrip("(")[0] in "0+"):
            yield match.span()


def _number(text: str, _places: Places) -> Iterator[tuple[int, int]]:
    """Any other five digits or more in a row: a local telephone number, an account, a reference."""
    return (m.span() for m in DIGITS.finditer(text) if not YEARS.fullmatch(m.group()))


WORD = re.compile(r"[^\W\d_]+(?:['’\-‐][^\W\d_]+)*")
ENDS = '.!?…:;\n\r\u2028\u2029•"“(['


def _begins(text: str, start: int) -> bool:
    """Whether a word at `start` begins a sentence, a line or something quoted, as any word may."""
    before = text[:start].rstrip(" \t'‘’*-–")
    return not before or before[-1] in ENDS


def _name(text: str, _places: Places) -> Iterator[tuple[int, int]]:
    """Capitals where none are due, runs of them, and words after "Mr", "my neighbour", "called"."""
    words = list(WORD.finditer(text))
    capital = [_capital(word.group()) for word in words]
    shouting = sum(w.group().isupper() and len(w.group()) > 1 for w in words) * 2 > len(words)
    at = 0
    while at < len(words):
        last = at  # of a run of words that may be a name
        while _capital_next(text, words, capital, last):
            last += 1
        introduction = _introduction(text, words, at)
        due = _begins(text, words[at].start()) and last == at
        unknown = words[at].group().casefold() not in CAPITALISED
        if (capital[at] and not due and not shouting) or (
            introduction and (unknown or introduction in TITLES)
        ):
            yield words[at].start(), words[last].end()
        at = last + 1 if capital[at] else at + 1


def _capital(word: str) -> bool:
    """Whether a word has the capital of a name: not all capitals, and no word that always has one."""
    own = word.removesuffix("'s").removesuffix("’s")
    return len(own) > 1 and own[0].isupper() and not own.isupper() and own.casefold() not in CAPITALISED


def _introduction(text: str, words: list[re.Match[str]], at: int) -> str:
    """The word or two just before, if a name may come after them: "mr", "neighbour", "ask for"; else ""."""
    if at == 0 or text[words[at - 1].end() : words[at].start()] not in (" ", "-", ". ", "  "):
        return ""
    before = words[at - 1].group().casefold()
    two = f"{words[at - 2].group().casefold()} {before}" if at > 1 else before
    return next((found for found in (before, two) if found in TITLES or found in NEAR_A_NAME), "")


def _capital_next(text: str, words: list[re.Match[str]], capital: list[bool], at: int) -> bool:
    after = at + 1
    return after < len(words) and capital[after] and text[words[at].end() : words[after].start()] == " "


CAPITAL_WORD = r"(?-i:[A-Z])[\w'’]+"
STREET = (
    rf"(?<!\w)(?:\d+[a-z]?,?\s+)?(?!(?:{_any(NOT_A_STREET)})\s)"
    rf"(?:(?:{CAPITAL_WORD}\s+){{0,2}}(?!(?:{_any(NOT_A_STREET)})\s)[^\W\d][\w'’]+\s+(?:{_any(STREETS)})"
    rf"|(?:{CAPITAL_WORD}\s+){{1,3}}(?-i:{_any(STREETS_WITH_CAPITALS)}))(?!\w)"
)
"""Words before "Road", with the number of a house; not "our road", "the high street", "too close"."""

MONTH = _any(MONTHS)
OUTWARD = r"(?:[A-Z]{1,2}\d[A-Z\d]?)"

KINDS: Mapping[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(
            "postcode",
            True,
            "[postcode]",
            _matches(rf"(?<![A-Z\d])(?:{OUTWARD}[\s\-]{{0,3}}\d[ABD-HJLNP-UW-Z]{{2}}|GIR\s?0AA)(?![A-Z\d])"),
        ),
        Kind("phone", True, "[phone number]", _phone),
        Kind(
            "email",
            True,
            "[email address]",
            _matches(
                r"(?<![\w.+'\-])[\w.+'\-]+\s?(?:@|\(\s?at\s?\)|\[\s?at\s?\])\s?[\w\-]+(?:\.[\w\-]+)+"
                r"|(?<![\w.+'\-])[\w.+\-]+\sat\s[\w\-]+\sdot\s[a-z]{2,}(?:\sdot\s[a-z]{2,})?"
            ),
        ),
        Kind(
            "url",
            True,
            "[web address]",
            _matches(
                r"\b(?:https?|ftp|javascript|data):\S+|\bwww\.\S+"
                r"|(?<![\w@.\-])[a-z\d][a-z\d\-]*(?:\.[a-z\d\-]+)*\.(?:com|org|net|uk|info|io|eu|biz|me|gov|edu)\b(?:/\S*)?"
                r"|(?<!\w)//[\w\-]+\.\S+"
            ),
        ),
        Kind("handle", False, "[account]", _matches(r"(?<![\w@])@\w{2,}")),
        Kind(
            "date",
            False,
            "[date]",
            _matches(
                rf"(?<!\d)(?:\d{{1,2}}|\d{{4}})[./\-]\d{{1,2}}[./\-]\d{{1,4}}(?!\d)"
                rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{MONTH})\b(?:,?\s+\d{{4}})?"
                rf"|\b(?:{MONTH})\s+(?:\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?|\d{{4}})\b"
                r"|\bborn\s+(?:in\s+)?\d{4}\b"
            ),
        ),
        Kind(
            "age",
            False,
            "[age]",
            _matches(
                r"\b\d{1,3}[\s\-]*(?:years?[\s\-]*olds?|yrs?\.?[\s\-]*old|y/?o)\b"
                r"|\b(?:aged?|turn(?:ed|ing)|nearly|almost)\s+(?P<one>\d{1,3})(?![\d%])\b"
                r"|\b(?:I\s+am|I['’]?m|(?:he|she)(?:['’]s|\s+is))\s+\d{2,3}\b(?!\s*(?:%|mi|hour|week|month|metre))"
                r"|\bin\s+(?:my|his|her)\s+(?:teens|(?:twen|thir|for|fif|six|seven|eigh|nine)ties)\b"
            ),
        ),
        Kind(
            "only-one",
            False,
            "[role]",
            _matches(
                rf"\b(?:the|their|our)\s+only\s+(?!(?:{_any(NOT_A_ROLE)})\b)[^\W\d_]+(?:\s+[^\W\d_]+){{0,3}}"
                rf"|\b(?:the|our|my|his|her|as|am\s+an?)\s+(?:{_any(ROLES)})\b"
            ),
        ),
        Kind(
            "house-number",
            False,
            "[house number]",
            _matches(r"\b(?:number|no\.?|flat|house|unit|apartment|room)\s*\d+[a-z]?\b"),
        ),
        Kind("street", False, "[street]", _matches(STREET)),
        Kind(
            "postcode-district",
            False,
            "[place]",
            _matches(rf"(?<![\w£])(?:{OUTWARD})(?!\w)", 0),
        ),
        Kind("place", False, "[place]", lambda text, places: places.find(text)),
        Kind("name", False, "[name]", _name),
        Kind("number", False, "[number]", _number),
    )
}
"""By code. Certain kinds first, then as they are explained to those who review."""
