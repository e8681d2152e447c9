"""What there is to translate: the interface, and every questionnaire and framework of the installation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import polib

from questionnaires import catalogue, loading
from questionnaires.catalogue import NO_EDITS, Edits
from questionnaires.exchange import sheet
from questionnaires.exchange.sheet import Entry, Sheet
from questionnaires.framework import Framework
from questionnaires.problems import FileRefusedError
from survey_app.config import PROJECT, Config

INTERFACE = PROJECT / "survey_app" / "translations"
TRANSLATIONS = catalogue.TRANSLATIONS  # of questionnaires and frameworks
INTERFACE_TEMPLATE = INTERFACE / "messages.pot"
FOR_RESIDENTS = "Read by residents."  # the comment on words of the interface that residents read
INTERFACE_ID = sheet.INTERFACE
KEPT = 256  # sheets in memory


@dataclass(frozen=True, slots=True)
class Source:
    """Something with words in it. `versions` share one file of translations; the interface has none."""

    id: str
    title: str
    versions: tuple[catalogue.Source, ...] = ()

    @property
    def for_residents(self) -> bool:
        """Whether residents read all of it: questionnaires. A framework is for readers of results."""
        return bool(self.versions) and not isinstance(self.versions[0], Framework)


def usable(config: Config) -> list[Source]:
    """All there is to translate, the interface first, without files that cannot be used."""
    return [Source(INTERFACE_ID, "Hereabouts"), *_written(config, strict=False)]


def written(config: Config) -> list[Source]:
    """The questionnaires of the library and the frameworks, by id. Raises FileRefusedError."""
    return _written(config, strict=True)


def _written(config: Config, *, strict: bool) -> list[Source]:
    found: dict[str, list[catalogue.Source]] = {}
    for entry in loading.library(config.library):
        try:
            found.setdefault(entry.id, []).append(
                _questionnaire(entry.path, config.frameworks, _changed(entry.path))
            )
        except FileRefusedError:
            if strict:
                raise
    for path in sorted(config.frameworks.glob("*.yaml")):
        framework = _framework(path, _changed(path))
        found.setdefault(framework.id, []).append(framework)
    return [Source(id, versions[-1].title, tuple(versions)) for id, versions in found.items() if versions]


def languages(source_language: str = "en") -> list[str]:
    """Every language there is a file for, by code; also those not offered yet."""
    folders = (*INTERFACE.glob("*/LC_MESSAGES/*.po"), *TRANSLATIONS.glob("*/LC_MESSAGES/*.po"))
    return sorted({path.parent.parent.name.replace("_", "-") for path in folders} - {source_language})


def read(source: Source, language: str, edits: Edits = NO_EDITS) -> Sheet:
    """Every message of a source in a language, as the files and then the edits have it."""
    if source.versions:
        path = catalogue.file(source.versions[0], language, TRANSLATIONS)
        versions = source.versions
    else:
        path, versions = interface_file(language), ()
    shipped = _read(source.id, versions, language, path, _changed(path), _changed(INTERFACE_TEMPLATE))
    made = edits.by_source.get((source.id, language))
    return shipped.changed(made) if made else shipped


def residents(source: Source, found: Sheet) -> list[Entry]:
    """The messages of a sheet that residents read."""
    return [entry for entry in found.entries if source.for_residents or FOR_RESIDENTS in entry.comment]


def interface_file(language: str) -> Path:
    """Where the interface's words in a language are; gettext writes zh-Hans as zh_Hans."""
    return INTERFACE / language.replace("-", "_") / "LC_MESSAGES" / "messages.po"


@lru_cache(maxsize=KEPT)
def _read(
    id: str, versions: tuple[catalogue.Source, ...], language: str, path: Path, changed: int, template: int
) -> Sheet:
    if versions:
        return sheet.of(catalogue.in_step(language, *versions, folder=TRANSLATIONS), id, language)
    if not changed:
        raise LookupError(f"There are no words of the interface in {language!r}.")
    places = _places(template)
    found = sheet.of(polib.pofile(str(path)), id, language)
    return replace(
        found, entries=tuple(replace(entry, places=places.get(entry.key, ())) for entry in found.entries)
    )


@lru_cache(maxsize=2)
def _places(template: int) -> dict[tuple[str, str], tuple[str, ...]]:
    if not template:
        return {}
    words = sheet.of(polib.pofile(str(INTERFACE_TEMPLATE)), INTERFACE_ID, "")
    return {entry.key: entry.places for entry in words.entries}


@lru_cache(maxsize=KEPT)
def _questionnaire(path: Path, frameworks: Path, changed: int) -> catalogue.Source:
    return loading.load(path, frameworks)


@lru_cache(maxsize=KEPT)
def _framework(path: Path, changed: int) -> Framework:
    return loading.load_framework(path)


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def by_id(config: Config, id: str) -> Source:
    """One source. Raises LookupError when there is none."""
    found = next((source for source in usable(config) if source.id == id), None)
    if found is None:
        raise LookupError(id)
    return found


def pairs(config: Config, chosen: list[str]) -> Iterator[tuple[Source, str]]:
    """Each source with each language it is to be translated into: one it offers, or has a file in."""
    for source in usable(config):
        asked = {code for version in source.versions for code in getattr(version, "languages", ())}
        for language in chosen:
            path = (
                catalogue.file(source.versions[0], language, TRANSLATIONS)
                if source.versions
                else interface_file(language)
            )
            if language in asked or path.exists():
                yield source, language
