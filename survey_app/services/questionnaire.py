"""The questionnaire a wave puts to people, parsed once per process and kept in every language asked for."""

from __future__ import annotations

import errno
from functools import cache
from pathlib import Path

from questionnaires import catalogue, freezing, loading
from questionnaires.framework import Framework
from questionnaires.model import Questionnaire
from survey_app.tables import Wave


class QuestionnaireChangedError(Exception):
    """The file no longer is what the wave opened with: answers would not mean what was asked."""


def for_wave(library: Path, frameworks: Path, wave: Wave, language: str | None = None) -> Questionnaire:
    """The wave's questionnaire in a language; its own where a text is not translated.

    Raises QuestionnaireChangedError, LookupError when the library does not hold it, or FileRefusedError when
    the file is not valid.
    """
    original = _original(library, frameworks, wave.questionnaire_id, wave.questionnaire_version)
    if wave.questionnaire_digest and wave.questionnaire_digest != original.digest:
        raise QuestionnaireChangedError(
            f"{wave.questionnaire_id} {wave.questionnaire_version} changed after wave {wave.slug} opened"
        )
    if language is None or language == original.language:
        return original
    return catalogue.translated(original, language)


def version(library: Path, frameworks: Path, questionnaire_id: str, number: str) -> Questionnaire:
    """A questionnaire version as written. Raises LookupError or FileRefusedError as `for_wave` does."""
    return _original(library, frameworks, questionnaire_id, number)


def to_ask(library: Path, frameworks: Path, questionnaire_id: str, number: str) -> Questionnaire:
    """A questionnaire version as its file stands now. Raises as `version`, and for a change since frozen."""
    path = loading.find(library, questionnaire_id, number)
    found = loading.load(path, frameworks)
    freezing.refuse_changes(path, found.digest)
    return found


def freeze(library: Path, asked: Questionnaire) -> bool:
    """Lock a version that a wave has opened with; False when it was locked, or the library is read-only.

    The wave's own digest holds in any case.
    """
    path = loading.find(library, asked.id, asked.version)
    try:
        return freezing.freeze(path, asked.digest)
    except PermissionError:
        return False
    except OSError as error:
        if error.errno != errno.EROFS:
            raise
        return False


@cache
def framework(frameworks: Path, framework_id: str) -> Framework:
    """A framework as written, parsed once per process. Raises FileRefusedError when there is none to read."""
    return loading.load_framework(frameworks / f"{framework_id}.yaml")


@cache
def _original(library: Path, frameworks: Path, questionnaire_id: str, version: str) -> Questionnaire:
    return loading.load(loading.find(library, questionnaire_id, version), frameworks)
