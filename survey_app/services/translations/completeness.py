"""How far each language has come, and what a resident would still meet in English."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from questionnaires import variants
from questionnaires.catalogue import NO_EDITS, Edits
from questionnaires.exchange import sheet
from questionnaires.exchange.sheet import Standing
from questionnaires.model import Questionnaire
from survey_app.config import Config
from survey_app.services.translations import sources
from survey_app.services.translations.sources import Source


@dataclass(frozen=True, slots=True)
class Row:
    """How far one source has come in one language: all of it, and the part residents read."""

    source: Source
    language: str
    all: Standing
    residents: Standing


@dataclass(frozen=True, slots=True)
class Lacking:
    """What residents of a wave would meet in English: texts of the questionnaire, words of the pages."""

    questionnaire: int
    interface: int

    @property
    def total(self) -> int:
        return self.questionnaire + self.interface

    def __bool__(self) -> bool:
        return self.total > 0


def rows(config: Config, languages: Sequence[str], edits: Edits = NO_EDITS) -> list[Row]:
    """Every source in every language asked for."""
    found = []
    for source, language in sources.pairs(config, list(languages)):
        held = sources.read(source, language, edits)
        found.append(
            Row(
                source,
                language,
                sheet.standing(held.entries),
                sheet.standing(sources.residents(source, held)),
            )
        )
    return found


def lacking(
    questionnaire: Questionnaire, languages: Sequence[str], edits: Edits = NO_EDITS
) -> dict[str, Lacking]:
    """What each of a wave's languages lacks before residents can be offered it."""
    own = Source(questionnaire.id, questionnaire.title, (questionnaire,))
    return {
        language: Lacking(
            0
            if variants.texts(language) == questionnaire.language
            else sheet.standing(sources.read(own, variants.texts(language), edits).entries).missing,
            _interface(language, edits),
        )
        for language in languages
    }


def _interface(language: str, edits: Edits, source_language: str = "en") -> int:
    """Words that residents read of the pages and that are missing."""
    code = variants.base(language)
    if code == source_language:
        return 0
    interface = Source(sources.INTERFACE_ID, "")
    return sheet.standing(sources.residents(interface, sources.read(interface, code, edits))).missing
