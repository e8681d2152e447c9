"""Texts of a form: in which languages, and as plain words with earlier answers in braces."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from questionnaires.xlsform.report import Report
from questionnaires.xlsform.workbook import Row, Workbook, language_code

PIPE = re.compile(r"\$\{\s*([^}\s]+)\s*\}")
TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--.*?-->", re.DOTALL)
BRACES = re.compile(r"\{([a-z][a-z0-9_]*(?:\|[^{}]*)?)\}")
BLANK = "…"
USUAL = "en"


@dataclass(slots=True)
class Languages:
    """The languages of a form. `own` is the code its file will be written in."""

    own: str
    written: dict[str, str] = field(default_factory=dict)  # as headers write them: their codes

    @property
    def others(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(code for code in self.written.values() if code != self.own))


def languages(book: Workbook, report: Report) -> Languages:
    """Which languages a form is in. A language nobody can name is reported, and its texts left out."""
    seen = dict.fromkeys(
        language
        for row in [*book.survey, *book.choices]
        for column in row.texts.values()
        for language in column
        if language
    )
    stated = book.settings.get("default_language", "")
    own = language_code(stated) if stated else ""
    if not own and (not stated or stated.lower() == "default"):
        bare = any("" in row.texts.get("label", {}) for row in book.survey)
        own = USUAL if bare or not seen else language_code(next(iter(seen)))
    if not own or (not seen and not stated):
        report.changed(
            ("settings", 0),
            "default_language",
            "Nothing says which language the form is in. It is taken for English.",
            "Write 'English (en)', or the like, under default_language if it is another.",
        )
        own = own or USUAL
    found = Languages(own, {"": own})
    for language in seen:
        code = language_code(language)
        if code:
            found.written[language] = code
        elif language == stated or len(seen) == 1:
            found.written[language] = own
        else:
            report.changed(
                ("survey", 1),
                f"label::{language}",
                f"Nobody knows which language '{language}' is; its texts are left out.",
                "Name it with its code, like 'label::Polski (pl)'.",
            )
    return found


def in_languages(row: Row, column: str, spoken: Languages) -> dict[str, str]:
    """A column's text by language code. A column that names its language goes before one that does not."""
    found: dict[str, str] = {}
    texts = row.texts.get(column, {})
    for written in sorted(texts, key=lambda name: not name):
        code = spoken.written.get(written)
        if code is not None:
            found.setdefault(code, texts[written])
    return found


def plain(text: str, stand_in: Callable[[str], str | None], note: Callable[[str], None]) -> str:
    """A label as plain words. `stand_in` gives the code of the item a ${name} reads, or None."""

    def piped(match: re.Match[str]) -> str:
        code = stand_in(match[1])
        if code is None:
            note(f"'{match[1]}' cannot be repeated in a text; '{BLANK}' stands in its place.")
            return BLANK
        return f"\0{code}|{BLANK}\1"

    stripped = TAG.sub("", text)
    if stripped != text:
        note("Markup is left out of the text.")
    unbraced = BRACES.sub(r"(\1)", PIPE.sub(piped, stripped))
    if "\0" not in unbraced and "(" not in unbraced:
        return unbraced.strip()
    return unbraced.replace("\0", "{").replace("\1", "}").strip()


def code(name: str, taken: Iterable[str]) -> str:
    """A code made of a name: lower-case words joined by "_", different from those taken."""
    words = re.findall(r"[a-z0-9]+", name.lower()) or ["item"]
    found = "_".join(words)
    if not found[0].isalpha():
        found = f"q_{found}"
    used = set(taken)
    number, unique = 1, found
    while unique in used:
        number += 1
        unique = f"{found}_{number}"
    return unique


def humanised(name: str) -> str:
    """A name as words: father_age is "Father age"."""
    words = " ".join(re.findall(r"[^\W_]+", name)) or name
    return words[:1].upper() + words[1:]
