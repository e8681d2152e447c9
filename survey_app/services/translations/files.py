"""Translations to files and back: what translators' tools are given, and what they send."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from questionnaires import catalogue
from questionnaires.catalogue import NO_EDITS, Edits, State
from questionnaires.exchange import po, xliff
from questionnaires.exchange.comparing import Changes, changes, named
from questionnaires.exchange.problems import ExchangeProblem, ExchangeRefusedError
from questionnaires.exchange.sheet import Sheet
from survey_app.config import Config
from survey_app.services.translations import sources
from survey_app.services.translations.sources import Source

FORMATS = {"po": ".po", "xliff": ".xlf", "xliff2": ".xlf"}
XLIFF_VERSIONS = {"xliff": "1.2", "xliff2": "2.0"}
# Dates and unfilled headers would be something to commit though nothing changed.
PASSING = re.compile(
    r'^(".*(EMAIL@ADDRESS|@li\.org|YEAR-MO-DA|Creation-Date|Generated-By)|# (Copyright|FIRST AUTHOR))'
)
PROJECT_ID = re.compile(r'^"Project-Id-Version: .*\\n"')
STATE_LINE = re.compile(r"^state: *\w+ *$")


@dataclass(frozen=True, slots=True)
class Import:
    """What a file would change in one source: nothing is written until `take`."""

    source: Source
    language: str
    changes: Changes


def export(
    config: Config, language: str, chosen: Sequence[str], format: str, out: Path, edits: Edits = NO_EDITS
) -> list[Path]:
    """Write a language's translations, edits among them, as files for translators. Returns their paths.

    `chosen`: ids of sources, all when empty. `format`: a key of FORMATS. `out`: a file when there is one
    source or the format is XLIFF, which holds several; else a folder. Raises LookupError in words.
    """
    known = {source.id: source for source, _ in sources.pairs(config, [language])}
    for id in chosen:
        if id not in known:
            raise LookupError(f"There is no source {id!r} for {language!r}. Sources: {', '.join(known)}.")
    sheets = [sources.read(known[id], language, edits) for id in chosen or known]
    ending = FORMATS[format]
    if out.suffix in {".po", ".xlf", ".xliff"}:
        out.parent.mkdir(parents=True, exist_ok=True)
        if format == "po" and len(sheets) > 1:
            raise LookupError(
                f"A .po file holds one source, and there are {len(sheets)}. Name one with --source, "
                "or give a folder with --out."
            )
        out.write_text(_text(sheets, format), encoding="utf-8")
        return [out]
    out.mkdir(parents=True, exist_ok=True)
    paths = [out / f"{each.source}.{language}{ending}" for each in sheets]
    for each, path in zip(sheets, paths, strict=True):
        path.write_text(_text([each], format), encoding="utf-8")
    return paths


def compare(config: Config, path: Path) -> list[Import]:
    """What a translators' file would change. Raises ExchangeRefusedError with every problem in it."""
    brought = [po.read(path)] if path.suffix == ".po" else xliff.read(path)
    if not brought:
        raise ExchangeRefusedError([ExchangeProblem(str(path), "It is empty.", "Export it again.")])
    known = {source.id: source for source in sources.usable(config)}
    languages = sources.languages()
    problems: list[ExchangeProblem] = []
    found = []
    for each in brought:
        id = sources.INTERFACE_ID if each.source == "hereabouts" else each.source
        place = f"{path}, {id}" if len(brought) > 1 else str(path)
        if id not in known or each.language not in languages:
            problems += _unknown(place, id, each.language, list(known), languages)
            continue
        try:
            held = sources.read(known[id], each.language)
            found.append(Import(known[id], each.language, changes(each, held, place)))
        except ExchangeRefusedError as refusal:
            problems += refusal.problems
    if problems:
        raise ExchangeRefusedError(problems)
    return found


def take(imported: Sequence[Import]) -> list[Path]:
    """Write what was compared into the installation's files, each in one step. Returns those that changed."""
    written = []
    for each in imported:
        if not each.changes:
            continue
        if each.source.versions:
            written.append(_into_questionnaire(each))
        else:
            written.append(_into_interface(each))
    return written


def conflicts(each: Import, edits: Edits) -> list[str]:
    """Messages edited on the web into something else than the file says, by name."""
    made = edits.by_source.get((each.source.id, each.language), {})
    shipped = sources.read(each.source, each.language)
    told: dict[tuple[str, str], object] = {**each.changes}
    return [
        named(entry)
        for key, edit in made.items()
        if (entry := shipped.find(key)) is not None and key in told and told[key] != edit
    ]


def interface_text(words: Catalog, *, locations: bool) -> str:
    """The text of the interface's .po or .pot file, the same whenever the words are the same."""
    written = BytesIO()
    write_po(written, words, sort_output=True, no_location=not locations, include_lineno=False)
    lines = [line for line in written.getvalue().decode().splitlines() if not PASSING.match(line)]
    return (
        "\n".join(PROJECT_ID.sub(r'"Project-Id-Version: hereabouts\\n"', line) for line in lines).strip()
        + "\n"
    )


def compile_interface(path: Path) -> None:
    """Write the .mo file that pages read, beside its .po file."""
    with path.open("rb") as text:
        words = read_po(text, locale=path.parent.parent.name)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, words)


def _text(sheets: Sequence[Sheet], format: str) -> str:
    return po.write(sheets[0]) if format == "po" else xliff.write(sheets, version=XLIFF_VERSIONS[format])


def _into_questionnaire(each: Import) -> Path:
    path = catalogue.file(each.source.versions[0], each.language, sources.TRANSLATIONS)
    words = catalogue.in_step(each.language, *each.source.versions, folder=sources.TRANSLATIONS)
    for entry in words:
        change = each.changes.get((entry.msgctxt or "", entry.msgid))
        if change is not None and not entry.obsolete:
            entry.msgstr, entry.flags, entry.previous_msgid = change[0][0], [], None
            entry.tcomment = _stated(entry.tcomment.splitlines(), change[1])
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, str(words))
    return path


def _into_interface(each: Import) -> Path:
    path = sources.interface_file(each.language)
    with path.open("rb") as text:
        words = read_po(text, locale=path.parent.parent.name)
    for message in words:
        singular = message.id if isinstance(message.id, str) else message.id[0]
        change = each.changes.get((message.context or "", singular))
        if message.id and change is not None:
            message.string = change[0] if message.pluralizable else change[0][0]
            message.flags.discard("fuzzy")
            message.user_comments = _stated(message.user_comments, change[1]).splitlines()
    _replace(path, interface_text(words, locations=False))
    compile_interface(path)
    return path


def _stated(comments: Sequence[str], state: State) -> str:
    return "\n".join([f"state: {state.value}", *(line for line in comments if not STATE_LINE.match(line))])


def _replace(path: Path, text: str) -> None:
    """The old file or the new one, never half of either."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _unknown(
    place: str, id: str, language: str, known: Sequence[str], languages: Sequence[str]
) -> list[ExchangeProblem]:
    problems = []
    if id not in known:
        problems.append(
            ExchangeProblem(
                place,
                f"It translates {id!r}, which is not here.",
                f"There are: {', '.join(known)}. Put back the name it was exported with.",
            )
        )
    if language not in languages:
        problems.append(
            ExchangeProblem(
                place,
                f"It is in {language!r}, which has no files here.",
                f"Languages: {', '.join(languages)}. docs/translations.md says how to add one.",
            )
        )
    return problems
