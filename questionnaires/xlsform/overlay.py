"""What a form cannot say, in a sheet of its own, so that a questionnaire comes back as it went.

Each row holds one key of the questionnaire's file: what the form alone gives for it (as a digest) and what it
was. Read again, a key is put back only while the form still gives what it gave: a change made in the form in
the meantime wins.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from questionnaires.checks.findings import LANGUAGE
from questionnaires.variants import VARIANTS
from questionnaires.xlsform.workbook import Row, Workbook

Plain = dict[str, Any]
Translations = dict[str, dict[str, str]]
HEADER = ("what", "where", "key", "form_gives", "value", "position")
WHOLE = "*"
ALWAYS = frozenset({"id", "version", "sections"})  # every questionnaire has them
HEAD, SECTION, ITEM, TRANSLATION = "questionnaire", "section", "item", "translation"


def rows(
    natural: Plain, wanted: Plain, translated: tuple[Translations, Translations], names: dict[str, str]
) -> Iterator[tuple[str, ...]]:
    """What is lost between a questionnaire and its form, as rows of the sheet.

    `translated` are the translations the form gives, and those there are; `names` are of groups and
    questions in the form, by code.
    """
    yield from _differences(HEAD, "", natural, wanted, {"sections"})
    given = {section["code"]: section for section in natural.get("sections", ())}
    for place, section in enumerate(wanted["sections"]):
        form_code = names[f"section {section['code']}"]
        mine = given.get(form_code)
        if mine is None:
            yield (SECTION, form_code, WHOLE, "", _json(section), str(place))
            continue
        yield from _differences(SECTION, form_code, mine, section, {"items"})
        items = {item["code"]: item for item in mine["items"]}
        for position, item in enumerate(section["items"]):
            own = items.get(item["code"])
            if own is None:
                where = f"{form_code}/{names[item['code']]}"
                yield (ITEM, where, WHOLE, "", _json(item), str(position))
            else:
                yield from _differences(ITEM, item["code"], own, item, set())
    have, want = translated
    for language, texts in want.items():
        for context, text in texts.items():
            mine_text = have.get(language, {}).get(context)
            if mine_text != text:
                yield (TRANSLATION, language, context, digest(mine_text), text, "")


def apply(book: Workbook, document: Plain, translations: Translations) -> None:
    """Put back what the sheet holds and the form still leaves out.

    Raises what a sheet that this software did not write so makes it raise: AttributeError, KeyError,
    TypeError or ValueError.
    """
    if not book.ours:
        return
    there = {row.name for row in book.survey}
    sections = {section["code"]: section for section in document["sections"]}
    items = {item["code"]: item for section in document["sections"] for item in section["items"]}
    renamed: list[tuple[Plain, Any]] = []
    for row in book.ours:
        what, where, key = row.get("what"), row.get("where"), row.get("key")
        value = _value(row)
        if what == TRANSLATION:
            if not (LANGUAGE.fullmatch(where) or where in VARIANTS):  # it becomes the name of a folder
                continue
            texts = translations.setdefault(where, {})
            if digest(texts.get(key)) == row.get("form_gives"):
                texts[key] = row.get("value")
        elif key == WHOLE:
            _put_back(what, where, value, _position(row), there, document, sections)
        else:
            at = document if what == HEAD else sections.get(where) if what == SECTION else items.get(where)
            if at is None or digest(at.get(key)) != row.get("form_gives"):
                continue
            if value is None and what == HEAD and key in ALWAYS:
                continue
            if value is None:
                at.pop(key, None)
            elif key == "code":
                renamed.append((at, value))  # once every row has found its place by the code in the form
            else:
                at[key] = value
    for at, value in renamed:
        at["code"] = value


def _put_back(
    what: str,
    where: str,
    value: Any,
    position: int,
    there: set[str],
    document: Plain,
    sections: dict[str, Plain],
) -> None:
    """A whole item or section the form could not give, if its row is still there."""
    section, _, name = where.partition("/")
    if what == SECTION and isinstance(value, dict) and section in there:
        document["sections"].insert(position, value)
    elif what == ITEM and isinstance(value, dict) and name in there and section in sections:
        sections[section]["items"].insert(position, value)


def _differences(
    what: str, where: str, natural: Plain, wanted: Plain, skip: set[str]
) -> Iterator[tuple[str, ...]]:
    for key in dict.fromkeys((*wanted, *natural)):
        if key not in skip and natural.get(key) != wanted.get(key):
            value = _json(wanted[key]) if key in wanted else ""
            yield (what, where, key, digest(natural.get(key)), value, "")


def digest(value: Any) -> str:
    """A short mark of a plain value, to tell whether it changed."""
    return hashlib.sha256(_json(value).encode()).hexdigest()[:12]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _value(row: Row) -> Any:
    try:
        return json.loads(row.get("value")) if row.get("value") else None
    except ValueError:
        return None


def _position(row: Row) -> int:
    written = row.get("position")
    return int(written) if written.isascii() and written.isdigit() else 0
