"""A sheet: every message of one source in one language, beside its translation as it now stands."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

import polib

from questionnaires.catalogue import STATE, State

INTERFACE = "interface"
Key = tuple[str, str]  # context and English text: together they are the message
FORMS = re.compile(r"nplurals *= *(\d+)")
PLACEHOLDERS = re.compile(r"%\(\w+\)[a-z]|\{\w*")  # words after a bar in braces are translated
FILLED = re.compile(r"%\(\w+\)[a-z]|%%")
MARKUP = re.compile("[<>]")
NUMBER = re.compile(r"%\(num\)[sd]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One message. `texts` has one text for each plural form of the language, or one where there is none."""

    context: str
    text: str
    plural: str = ""  # the English for many; empty where nothing is counted
    texts: tuple[str, ...] = ()
    state: State = State.DRAFT
    stale: bool = False  # the texts translate an earlier English, and are shown nowhere
    previous: str = ""  # that earlier English
    comment: str = ""  # for the translator
    places: tuple[str, ...] = ()  # source files it comes from

    @property
    def key(self) -> Key:
        return self.context, self.text

    @property
    def id(self) -> str:
        """The same on every machine for the same context and English: 16 hex digits."""
        return identity(self.key)

    @property
    def translated(self) -> bool:
        return bool(self.texts) and all(self.texts) and not self.stale

    @property
    def placeholders(self) -> tuple[str, ...]:
        """What the English leaves to be filled in, as written."""
        return tuple(dict.fromkeys(_whole(self.text) + _whole(self.plural)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    source: str  # INTERFACE, or the id of a questionnaire or framework
    language: str  # BCP 47
    forms: int = 1  # plural forms of the language
    rule: str = ""  # its Plural-Forms header
    entries: tuple[Entry, ...]
    _index: dict[Key, Entry] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._index.update({entry.key: entry for entry in self.entries})

    def find(self, key: Key) -> Entry | None:
        return self._index.get(key)

    def by_id(self, id: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.id == id), None)

    def changed(self, edits: Mapping[Key, tuple[tuple[str, ...], State]]) -> Sheet:
        """The sheet with other translations in place of its own."""
        return replace(
            self,
            entries=tuple(
                replace(entry, texts=edits[entry.key][0], state=edits[entry.key][1], stale=False)
                if entry.key in edits
                else entry
                for entry in self.entries
            ),
        )


UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs"})  # general categories of signs nobody sees
JOINERS_AND_MARKS = "\u200b\u200c\u200d\u200e\u200f\u061c\u00ad"
ISOLATES, ENDS_ISOLATE = "\u2066\u2067\u2068", "\u2069"
UNSEEN_BUT_NEEDED = frozenset(f"\n{JOINERS_AND_MARKS}{ISOLATES}{ENDS_ISOLATE}")


class MisfitKind(StrEnum):
    FORMS = "forms"  # a text is missing, or a plural form of it
    PLACEHOLDERS = "placeholders"
    PERCENT = "percent"
    ENDS = "ends"  # spaces
    MARKUP = "markup"  # < or >, which a page would take for its own
    HIDDEN = "hidden"  # signs nobody sees, such as those that turn the text around them


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why a translation cannot be shown."""

    kind: MisfitKind
    cause: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How many messages of a sheet are in each state. `stale` ones count as missing too."""

    messages: int
    missing: int
    draft: int
    reviewed: int
    approved: int
    stale: int

    @property
    def translated(self) -> int:
        return self.messages - self.missing


def identity(key: Key) -> str:
    return hashlib.sha256("\x04".join(key).encode()).hexdigest()[:16]


def of(po: polib.POFile, source: str, language: str) -> Sheet:
    """The sheet in a .po file's messages; obsolete ones are left out."""
    rule = po.metadata.get("Plural-Forms", "")
    stated = FORMS.search(rule)
    forms = int(stated[1]) if stated else 1
    return Sheet(
        source=source,
        language=language,
        forms=forms,
        rule=rule,
        entries=tuple(_entry(each) for each in po if not each.obsolete),
    )


def standing(entries: Iterable[Entry]) -> Standing:
    """Count messages by how far they have come."""
    listed = list(entries)
    states = Counter(entry.state for entry in listed if entry.translated)
    return Standing(
        messages=len(listed),
        missing=sum(not entry.translated for entry in listed),
        draft=states[State.DRAFT],
        reviewed=states[State.REVIEWED],
        approved=states[State.APPROVED],
        stale=sum(entry.stale for entry in listed),
    )


def faults(entry: Entry, texts: tuple[str, ...], sheet: Sheet) -> Iterator[Misfit]:
    """What is wrong with a translation of an entry of the sheet. Nothing when it may be shown."""
    wanted = sheet.forms if entry.plural else 1
    if len(texts) != wanted or not all(text.strip() for text in texts):
        given = sum(bool(text.strip()) for text in texts)
        yield Misfit(
            MisfitKind.FORMS,
            f"It has {given} of {wanted} plural forms." if entry.plural else "There is no text.",
            "Give a text for every plural form of the language." if entry.plural else "Write a text.",
        )
    for text in filter(str.strip, texts):
        if not _keeps(entry, text, counted=bool(entry.plural)):
            yield Misfit(
                MisfitKind.PLACEHOLDERS,
                f"The placeholders are not those of the English: {text!r}.",
                f"Use exactly these, unchanged: {', '.join(entry.placeholders) or 'none'}.",
            )
        if sheet.source == INTERFACE and not _fills(text):
            yield Misfit(
                MisfitKind.PERCENT,
                f"A % by itself breaks the page: {text!r}.",
                "Write it twice, as %%, or in words.",
            )
        if Counter(MARKUP.findall(text)) - Counter(MARKUP.findall(entry.text + entry.plural)):
            yield Misfit(
                MisfitKind.MARKUP,
                "It has a < or > that the English does not have.",
                "Say it in words: a page would take it for a part of itself.",
            )
        if not _shows(text):
            yield Misfit(
                MisfitKind.HIDDEN,
                "It has a sign that nobody sees and that can turn or hide other words.",
                "Delete the text and type it again instead of pasting it.",
            )
        if (text[0].isspace(), text[-1].isspace()) not in _ends(entry):
            yield Misfit(
                MisfitKind.ENDS,
                "The spaces at its ends are not those of the English.",
                "Begin and end it as the English does.",
            )


def _keeps(entry: Entry, text: str, *, counted: bool) -> bool:
    """Whether the same is filled in as in the English; a form for one number may leave the number out."""
    if counted:
        wanted = set(PLACEHOLDERS.findall(entry.text)) | set(PLACEHOLDERS.findall(entry.plural))
        kept = set(PLACEHOLDERS.findall(text))
        return {each for each in wanted if not NUMBER.fullmatch(each)} <= kept <= wanted
    return Counter(PLACEHOLDERS.findall(text)) == Counter(PLACEHOLDERS.findall(entry.text))


def _fills(text: str) -> bool:
    """Whether there is no stray %: every text of the interface is filled in, so it would break its page."""
    return "%" not in FILLED.sub("", text)


def _shows(text: str) -> bool:
    """Whether all of it can be seen, but joiners, marks of direction, and isolates that are closed again."""
    depth = 0
    for letter in text:
        depth += (letter in ISOLATES) - (letter == ENDS_ISOLATE)
        hidden = unicodedata.category(letter) in UNSEEN and letter not in UNSEEN_BUT_NEEDED
        if hidden or depth < 0:
            return False
    return depth == 0


def _ends(entry: Entry) -> set[tuple[bool, bool]]:
    return {(text[0].isspace(), text[-1].isspace()) for text in (entry.text, entry.plural) if text}


def _whole(text: str) -> list[str]:
    return re.findall(r"%\(\w+\)[a-z]|\{\w*(?:\|[^}]*)?\}", text)


def _entry(each: polib.POEntry) -> Entry:
    stated = STATE.search(each.tcomment)
    texts = (
        tuple(each.msgstr_plural[n] for n in sorted(each.msgstr_plural))
        if each.msgid_plural
        else (each.msgstr,)
    )
    return Entry(
        context=each.msgctxt or "",
        text=each.msgid,
        plural=each.msgid_plural or "",
        texts=texts if any(texts) else (),
        state=State(stated[1]) if stated and stated[1] in list(State) else State.DRAFT,
        stale=each.fuzzy and any(texts),
        previous=each.previous_msgid or "" if each.fuzzy else "",
        comment=each.comment,
        places=tuple(place for place, _line in each.occurrences),
    )
