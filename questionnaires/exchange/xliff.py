"""Sheets as XLIFF, 1.2 and 2.0: one file may hold several sources of one language.

Our states and XLIFF's: a draft is "translated" (2.0) or "needs-review-translation" (1.2), so that a tool
shows it as work to do; reviewed is "reviewed" or "signed-off"; approved is "final". All else that has a text
is a draft. A unit without a text says nothing: what is there stays.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from questionnaires.catalogue import State
from questionnaires.exchange.po import noted
from questionnaires.exchange.problems import ExchangeProblem, ExchangeRefusedError
from questionnaires.exchange.sheet import Entry, Sheet

OLD, NEW = "urn:oasis:names:tc:xliff:document:1.2", "urn:oasis:names:tc:xliff:document:2.0"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
PLURALS = "x-gettext-plurals"  # as gettext's own converters mark a group of plural forms in 1.2
NEW_PLURALS = "hereabouts:plurals"

OLD_STATES = {
    State.DRAFT: "needs-review-translation",
    State.REVIEWED: "signed-off",
    State.APPROVED: "final",
}
NEW_STATES = {State.DRAFT: "translated", State.REVIEWED: "reviewed", State.APPROVED: "final"}
READ_STATES = {"signed-off": State.REVIEWED, "reviewed": State.REVIEWED, "final": State.APPROVED}


def write(sheets: Sequence[Sheet], *, source_language: str = "en", version: str = "1.2") -> str:
    """The text of an XLIFF file with these sheets, all in one language. `version`: "1.2" or "2.0"."""
    language = sheets[0].language
    if version == "2.0":
        ET.register_namespace("", NEW)
        root = ET.Element(f"{{{NEW}}}xliff", version="2.0", srcLang=source_language, trgLang=language)
        for each in sheets:
            _write_new(ET.SubElement(root, f"{{{NEW}}}file", id=each.source), each)
    else:
        ET.register_namespace("", OLD)
        root = ET.Element(f"{{{OLD}}}xliff", version="1.2")
        for each in sheets:
            file = ET.SubElement(
                root,
                f"{{{OLD}}}file",
                {
                    "original": each.source,
                    "source-language": source_language,
                    "target-language": language,
                    "datatype": "plaintext",
                },
            )
            _write_old(ET.SubElement(file, f"{{{OLD}}}body"), each)
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def read(path: Path) -> list[Sheet]:
    """The sheets in an XLIFF 1.2 or 2.0 file. Raises ExchangeRefusedError when it is none."""
    try:
        text = path.read_bytes()
        if b"<!DOCTYPE" in text[:4096]:
            raise ValueError("it has a document type, which XLIFF has not")
        root = ET.fromstring(text)  # noqa: S314  (no document type, so no entities to expand)
    except (OSError, ET.ParseError, ValueError) as error:
        raise _refused(path, f"It cannot be read as XLIFF: {error}.", "Export it again.") from error
    if root.tag == f"{{{OLD}}}xliff":
        return [_read_old(file) for file in root.iter(f"{{{OLD}}}file")]
    if root.tag in {f"{{{NEW}}}xliff", f"{{{NEW.replace('2.0', '2.1')}}}xliff"}:
        language = root.get("trgLang", "")
        return [_read_new(file, language) for file in root.iter(f"{{{NEW}}}file")]
    raise _refused(path, "It is neither XLIFF 1.2 nor 2.0.", "Save it as one of these.")


@dataclass(frozen=True, slots=True)
class _Unit:
    """One text of a message, whatever the version of XLIFF."""

    context: str
    source: str
    target: str
    state: State


def _write_old(body: ET.Element, each: Sheet) -> None:
    for entry in each.entries:
        parent = body
        if entry.plural:
            parent = ET.SubElement(body, f"{{{OLD}}}group", id=f"{entry.id}-all", restype=PLURALS)
        for id, source, target in _units(entry, each.forms):
            unit = ET.SubElement(parent, f"{{{OLD}}}trans-unit", {"id": id, SPACE: "preserve"})
            if entry.context:
                unit.set("resname", entry.context)
            ET.SubElement(unit, f"{{{OLD}}}source").text = source
            goal = ET.SubElement(unit, f"{{{OLD}}}target", state=OLD_STATES[entry.state] if target else "new")
            if target:
                unit.set("approved", "yes" if entry.state is State.APPROVED else "no")
                goal.text = target
            for note in _notes(entry):
                ET.SubElement(unit, f"{{{OLD}}}note", {"from": "developer"}).text = note


def _write_new(file: ET.Element, each: Sheet) -> None:
    for entry in each.entries:
        parent = file
        if entry.plural:
            parent = ET.SubElement(file, f"{{{NEW}}}group", id=f"{entry.id}-all", type=NEW_PLURALS)
        for id, source, target in _units(entry, each.forms):
            unit = ET.SubElement(parent, f"{{{NEW}}}unit", id=id)
            if entry.context:
                unit.set("name", entry.context)
            if notes := list(_notes(entry)):
                holder = ET.SubElement(unit, f"{{{NEW}}}notes")
                for note in notes:
                    ET.SubElement(holder, f"{{{NEW}}}note").text = note
            state = NEW_STATES[entry.state] if target else "initial"
            segment = ET.SubElement(unit, f"{{{NEW}}}segment", state=state)
            ET.SubElement(segment, f"{{{NEW}}}source", {SPACE: "preserve"}).text = source
            if target:
                ET.SubElement(segment, f"{{{NEW}}}target", {SPACE: "preserve"}).text = target


def _units(entry: Entry, forms: int) -> Iterator[tuple[str, str, str]]:
    """(id, English, translation) of each text; in a plural the first is beside the English for one."""
    texts = entry.texts if entry.translated else ()
    if not entry.plural:
        yield entry.id, entry.text, texts[0] if texts else ""
        return
    for n in range(forms):
        yield f"{entry.id}-{n}", entry.plural if n else entry.text, texts[n] if n < len(texts) else ""


def _notes(entry: Entry) -> Iterator[str]:
    if text := noted(entry):
        yield text
    if entry.plural:
        yield f"One of the forms of a text with a number. In English: {entry.text} / {entry.plural}"
    if entry.placeholders:
        yield f"Keep unchanged: {' '.join(entry.placeholders)}"
    if entry.places:
        yield f"Appears in: {', '.join(entry.places)}"


def _read_old(file: ET.Element) -> Sheet:
    entries = []
    for parent in (file.find(f"{{{OLD}}}body"), *file.iter(f"{{{OLD}}}group")):
        if parent is None:
            continue
        units = [_old_unit(each) for each in parent.findall(f"{{{OLD}}}trans-unit")]
        entries += _plural(units) if parent.get("restype") == PLURALS else _singles(units)
    language = file.get("target-language", "")
    return Sheet(source=file.get("original", ""), language=_code(language), entries=tuple(entries))


def _old_unit(unit: ET.Element) -> _Unit:
    target = unit.find(f"{{{OLD}}}target")
    state = "" if target is None else target.get("state", "")
    if not state and unit.get("approved") == "yes":
        state = "signed-off"
    return _Unit(
        unit.get("resname", ""),
        _all_text(unit.find(f"{{{OLD}}}source")),
        _all_text(target),
        READ_STATES.get(state, State.DRAFT),
    )


def _read_new(file: ET.Element, language: str) -> Sheet:
    entries: list[Entry] = []
    for parent in (file, *file.iter(f"{{{NEW}}}group")):
        units = [_new_unit(each) for each in parent.findall(f"{{{NEW}}}unit")]
        entries += _plural(units) if parent.get("type") == NEW_PLURALS else _singles(units)
    return Sheet(source=file.get("id", ""), language=_code(language), entries=tuple(entries))


def _new_unit(unit: ET.Element) -> _Unit:
    """A tool may have cut the text into segments: together they are the text; the least far one counts."""
    segments = unit.findall(f"{{{NEW}}}segment")
    parts = [each for each in unit if each.tag in {f"{{{NEW}}}segment", f"{{{NEW}}}ignorable"}]
    states = [READ_STATES.get(each.get("state", ""), State.DRAFT) for each in segments]
    targets = [each.find(f"{{{NEW}}}target") for each in segments]
    target = "" if any(each is None for each in targets) else "".join(_target(each) for each in parts)
    source = "".join(_all_text(each.find(f"{{{NEW}}}source")) for each in parts)
    state = min(states, key=list(State).index, default=State.DRAFT)
    return _Unit(unit.get("name", ""), source, target, state)


def _target(part: ET.Element) -> str:
    found = part.find(f"{{{NEW}}}target")
    return _all_text(part.find(f"{{{NEW}}}source") if found is None else found)


def _singles(units: Iterable[_Unit]) -> list[Entry]:
    return [
        Entry(
            context=unit.context,
            text=unit.source,
            texts=(unit.target,) if unit.target else (),
            state=unit.state,
        )
        for unit in units
    ]


def _plural(units: Sequence[_Unit]) -> list[Entry]:
    if not units:
        return []
    texts = tuple(unit.target for unit in units)
    while texts and not texts[-1]:
        texts = texts[:-1]
    return [
        Entry(
            context=units[0].context,
            text=units[0].source,
            plural=units[-1].source if len(units) > 1 else "",
            texts=texts,
            state=min(
                (unit.state for unit in units if unit.target), key=list(State).index, default=State.DRAFT
            ),
        )
    ]


def _all_text(element: ET.Element | None) -> str:
    return "" if element is None else "".join(element.itertext())


def _code(language: str) -> str:
    return language.strip().replace("_", "-")


def _refused(path: Path, cause: str, remedy: str) -> ExchangeRefusedError:
    return ExchangeRefusedError([ExchangeProblem(str(path), cause, remedy)])
