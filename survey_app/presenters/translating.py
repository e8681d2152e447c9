"""Messages beside their translations, as the translators' pages draw them."""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from babel import Locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from questionnaires.catalogue import State
from questionnaires.exchange.sheet import Entry, Misfit, MisfitKind, Sheet, Standing
from questionnaires.variants import VARIANTS, base
from survey_app.presenters import phrases
from survey_app.services.translations import editing
from survey_app.services.translations.completeness import Row
from survey_app.services.translations.sources import FOR_RESIDENTS, INTERFACE_ID, Source

PAGE_LENGTH = 20
RULE = re.compile(r"plural *= *(.+?);? *$")

STATES: dict[State, object] = {
    State.DRAFT: _l("Draft"),
    State.REVIEWED: _l("Reviewed"),
    State.APPROVED: _l("Approved"),
}

MISFITS: dict[MisfitKind, object] = {
    MisfitKind.FORMS: _l("A text is missing. Write one in every box."),
    MisfitKind.PLACEHOLDERS: _l(
        "Some words to keep are missing, changed or new. Copy them as they are in English."
    ),
    MisfitKind.PERCENT: _l("A per cent sign by itself would break the page. Write it in words."),
    MisfitKind.MARKUP: _l("A page would take < or > for a part of itself. Say it in words."),
    MisfitKind.HIDDEN: _l(
        "The text has signs that nobody sees and that can turn or hide other words. "
        "Type it instead of pasting it."
    ),
    MisfitKind.ENDS: _l("The spaces at the ends differ. Begin and end the text as the English does."),
}

Test = Callable[[Entry, bool], bool]  # an entry, and whether residents read it
FILTERS: dict[str, tuple[object, Test]] = {
    "all": (_l("All"), lambda entry, read: True),
    "missing": (_l("Not translated"), lambda entry, read: not entry.translated),
    "needed": (
        _l("Not translated, and read by residents"),
        lambda entry, read: read and not entry.translated,
    ),
    "changed": (_l("Changed in English since"), lambda entry, read: entry.stale),
    "draft": (_l("Drafts"), lambda entry, read: entry.translated and entry.state is State.DRAFT),
    "reviewed": (_l("Reviewed"), lambda entry, read: entry.translated and entry.state is State.REVIEWED),
    "approved": (_l("Approved"), lambda entry, read: entry.translated and entry.state is State.APPROVED),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """How far one source is in one language."""

    source: str
    translated: int
    messages: int
    percent: str
    drafts: int
    needed: int  # missing, and read by residents


@dataclass(frozen=True, slots=True)
class LanguageRow:
    code: str
    name: str  # in the page's language
    offered: bool
    ready: bool  # nothing residents read is missing
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """One text to write: the whole translation, or one plural form of it."""

    name: str
    label: object
    text: str
    rows: int


@dataclass(frozen=True, slots=True)
class Card:
    """One message with its translation."""

    id: str
    entry: Entry
    seal: str
    note: str
    read_by_residents: bool
    boxes: tuple[Box, ...]
    state: State
    translated: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the messages that were asked for."""

    cards: tuple[Card, ...]
    found: int
    page: int
    pages: int


def misfit_words(misfit: Misfit) -> object:
    """Why a translation cannot be saved, and what to do."""
    return MISFITS[misfit.kind]


def source_name(source: Source) -> object:
    """The title of a questionnaire or framework, or what the words of the pages are called."""
    return _("Words of the pages") if source.id == INTERFACE_ID else phrases.said(source.title)


def table(rows: Iterable[Row], offered: Sequence[str]) -> list[LanguageRow]:
    """A row for each language, in the order of their names."""
    by_language: dict[str, list[Row]] = {}
    for row in rows:
        by_language.setdefault(row.language, []).append(row)
    found = [
        LanguageRow(
            code=code,
            name=name_of(code),
            offered=base(code) in offered,
            ready=not any(row.residents.missing for row in theirs),
            cells=tuple(_cell(row.source.id, row.all, row.residents) for row in theirs),
        )
        for code, theirs in by_language.items()
    ]
    return sorted(found, key=lambda row: row.name.casefold())


def name_of(code: str) -> str:
    """A language's name in the page's language."""
    if code in VARIANTS:
        return VARIANTS[code].name
    return Locale.parse(code, sep="-").get_display_name(phrases.page_locale()) or code


def listing(source: Source, sheet: Sheet, *, show: str, search: str, page: int) -> Listing:
    """The messages a filter lets through, a page of them. `page` counts from 1 and is brought into range."""
    passes = FILTERS.get(show, FILTERS["all"])[1]
    sought = search.strip().casefold()
    chosen = [
        entry
        for entry in sheet.entries
        if passes(entry, _read(source, entry)) and (not sought or sought in _searchable(entry))
    ]
    pages = max(1, -(-len(chosen) // PAGE_LENGTH))
    page = min(max(page, 1), pages)
    shown = chosen[(page - 1) * PAGE_LENGTH : page * PAGE_LENGTH]
    return Listing(tuple(card(source, sheet, entry) for entry in shown), len(chosen), page, pages)


def card(
    source: Source,
    sheet: Sheet,
    entry: Entry,
    *,
    texts: Sequence[str] | None = None,
    state: State | None = None,
) -> Card:
    """A message with its translation, or with what someone has typed instead."""
    shown = entry.texts if texts is None else texts
    labels = _labels(sheet) if entry.plural else [_("Translation")]
    long = max(len(entry.text), *(len(text) for text in shown), 0) if shown else len(entry.text)
    return Card(
        id=entry.id,
        entry=entry,
        seal=editing.seal(entry),
        note=entry.comment.replace(FOR_RESIDENTS, "").strip(),
        read_by_residents=_read(source, entry),
        boxes=tuple(
            Box(f"text-{n}", label, shown[n] if n < len(shown) else "", min(12, 2 + long // 60))
            for n, label in enumerate(labels)
        ),
        state=state or entry.state,
        translated=entry.translated,
    )


def _read(source: Source, entry: Entry) -> bool:
    return source.for_residents or FOR_RESIDENTS in entry.comment


def _searchable(entry: Entry) -> str:
    return " ".join((entry.context, entry.text, entry.plural, *entry.texts)).casefold()


def _labels(sheet: Sheet) -> list[object]:
    """For each plural form, the numbers it is used with."""
    rule = RULE.search(sheet.rule)
    if sheet.forms == 1 or rule is None:
        return [_("Translation, for every number")] * sheet.forms
    form_of = gettext.c2py(rule[1])
    examples = [[n for n in range(200) if form_of(n) == form] for form in range(sheet.forms)]
    return [
        _("Translation, for the number %(numbers)s", numbers=numbers[0])
        if len(numbers) == 1
        else _("Translation, for numbers such as %(numbers)s", numbers=", ".join(map(str, numbers[:4])))
        for numbers in examples
    ]


def _cell(source: str, standing: Standing, residents: Standing) -> Cell:
    share = 100 * standing.translated // standing.messages if standing.messages else 100
    return Cell(
        source=source,
        translated=standing.translated,
        messages=standing.messages,
        percent=phrases.percent(share),
        drafts=standing.draft,
        needed=residents.missing,
    )
