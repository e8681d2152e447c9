"""The questionnaire a wave puts to people, parsed once per process and kept in every language asked for."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from pathlib import Path

from questionnaires import catalogue, freezing, loading
from questionnaires.framework import Framework
from questionnaires.model import Questionnaire
from questionnaires.problems import FileRefusedError
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


def versions(library: Path, frameworks: Path) -> Callable[[str, str], Questionnaire]:
    """`version` for one library: by id and version number."""
    return partial(version, library, frameworks)


def to_ask(library: Path, frameworks: Path, questionnaire_id: str, number: str) -> Questionnaire:
    """A questionnaire version as its file stands now. Raises as `version`, and for a change since frozen."""
    found = current(library, frameworks, questionnaire_id, number)
    freezing.refuse_changes(loading.find(library, questionnaire_id, number), found.digest)
    return found


@dataclass(frozen=True, slots=True)
class Held:
    """A questionnaire version in the library. `questionnaire` is None when its file has problems."""

    id: str
    version: str
    questionnaire: Questionnaire | None
    problems: tuple[str, ...]
    frozen: bool


def held(library: Path, frameworks: Path) -> list[Held]:
    """Every version in the library as its file stands now, by id and version."""
    found = []
    for entry in loading.library(library):
        try:
            asked = to_ask(library, frameworks, entry.id, entry.version)
            problems: tuple[str, ...] = ()
        except FileRefusedError as error:
            asked, problems = None, tuple(str(problem) for problem in error.problems)
        found.append(Held(entry.id, entry.version, asked, problems, freezing.is_frozen(entry.path)))
    return found


def current(library: Path, frameworks: Path, questionnaire_id: str, number: str) -> Questionnaire:
    """A questionnaire version as its file stands now, frozen or not, for looking at. Raises as `version`."""
    path = loading.find(library, questionnaire_id, number)
    stamp = path.stat()
    return _as_of(path, frameworks, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=64)
def _as_of(path: Path, frameworks: Path, _changed: int, _size: int) -> Questionnaire:
    return loading.load(path, frameworks)


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
