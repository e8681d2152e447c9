"""Sheets as .po files: one file, one source, one language."""

from __future__ import annotations

from pathlib import Path

import polib

from questionnaires.exchange import sheet
from questionnaires.exchange.problems import ExchangeProblem, ExchangeRefusedError
from questionnaires.exchange.sheet import Entry, Sheet


def write(each: Sheet) -> str:
    """The text of a .po file. A translation of an earlier English is left out, and named in the comment."""
    file = polib.POFile(wrapwidth=100)
    file.metadata = {
        "Project-Id-Version": each.source,
        "Language": each.language,
        **({"Plural-Forms": each.rule} if each.rule else {}),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    }
    file.extend(_entry(entry, each.forms) for entry in each.entries)
    return str(file)


def read(path: Path) -> Sheet:
    """The sheet in a .po file. Raises ExchangeRefusedError when it is none, or does not say of what."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        file = polib.pofile(text)
    except (UnicodeDecodeError, OSError, ValueError) as error:
        raise ExchangeRefusedError(
            [ExchangeProblem(str(path), f"It cannot be read as a .po file: {error}", "Export it again.")]
        ) from error
    source = file.metadata.get("Project-Id-Version", "").strip()
    language = file.metadata.get("Language", "").strip().replace("_", "-")
    if not source or not language:
        raise ExchangeRefusedError(
            [
                ExchangeProblem(
                    str(path),
                    "Its header lacks what it translates (Project-Id-Version) or into what (Language).",
                    "Put back the header it was exported with.",
                )
            ]
        )
    return sheet.of(file, source, language)


def _entry(entry: Entry, forms: int) -> polib.POEntry:
    made = polib.POEntry(
        msgid=entry.text,
        comment=noted(entry),
        occurrences=[(place, "") for place in entry.places],
        flags=["python-format"] if "%(" in entry.text + entry.plural else [],
    )
    if entry.context:
        made.msgctxt = entry.context
    texts = entry.texts if entry.translated else ()
    if entry.plural:
        made.msgid_plural = entry.plural
        made.msgstr_plural = {n: texts[n] if n < len(texts) else "" for n in range(forms)}
    elif texts:
        made.msgstr = texts[0]
    if texts:
        made.tcomment = f"state: {entry.state.value}"
    return made


def noted(entry: Entry) -> str:
    """What to tell the translator, with the earlier words where the English has changed."""
    if not entry.stale:
        return entry.comment
    earlier = (
        f"The English has changed. It was: {entry.previous}\nand its translation: {' / '.join(entry.texts)}"
    )
    return f"{entry.comment}\n{earlier}".strip()
