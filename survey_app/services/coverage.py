"""What of a framework an installation has figures for."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from questionnaires import bespoke, coverage
from questionnaires.coverage import Covered, Missing
from survey_app.config import Config
from survey_app.services import indicators, questionnaire
from survey_app.services import waves as wave_service
from survey_app.store import areas, national, waves


@dataclass(frozen=True, slots=True)
class Coverage:
    framework: str
    subdomains: tuple[Covered, ...]
    missing: tuple[Missing, ...]


def of(session: Session, config: Config, framework_id: str, slug: str | None = None) -> Coverage:
    """The coverage of a framework by the layers held; of a wave's own, by what it asks and for its areas.

    Raises LookupError for an unknown wave, WaveRefusedError or FileRefusedError for a file that is not there
    or not right.
    """
    asked = codes = None
    if slug is not None:
        wave = waves.by_slug(session, slug)
        if wave is None:
            raise LookupError(f"There is no wave {slug!r}. See: survey-app waves list")
        put = wave_service.load_questionnaire(
            config.library, config.frameworks, wave.questionnaire_id, wave.questionnaire_version
        )
        framework_id, asked = put.framework, coverage.asked(put)
        codes = [row.code for row in areas.rows(session, wave.area_codes)]
    framework = questionnaire.framework(config.frameworks, framework_id)
    if slug is not None:
        framework = bespoke.merged(framework, indicators.of_questionnaire(session, put.id))
    held: dict[str, set[str]] = {}
    for row in national.values(session, area_codes=codes):
        held.setdefault(row.layer, set()).add(row.indicator)
    return Coverage(
        framework.id, coverage.coverage(framework, held, asked), coverage.missing(framework, held)
    )
