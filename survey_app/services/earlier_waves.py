"""The wave before: which of its releases a new one is compared with, and the one that a release was."""

from __future__ import annotations

from collections.abc import Callable

from sqlmodel import Session

from analysis import provenance
from analysis.build import EarlierWave, PublicationRefusedError
from analysis.comparisons import Uncompared
from analysis.difference import COMPARED
from analysis.release import Release, from_json
from questionnaires.framework import Framework
from questionnaires.model import Questionnaire
from questionnaires.problems import FileRefusedError
from survey_app.services import released
from survey_app.services.released import ReleaseDamagedError, State
from survey_app.store import releases, waves
from survey_app.tables import PublishedRelease, Wave

Versions = Callable[[str, str], Questionnaire]
"""A questionnaire by id and version. Raises LookupError or FileRefusedError."""


class NotHeldError(Exception):
    """What a release was compared with is not held any more as it was; says what is missing."""


def latest(session: Session, wave: Wave, framework: Framework, versions: Versions) -> EarlierWave | None:
    """What readers now see of the last wave to close before this one that has the same framework.

    None when there is no such wave. Raises PublicationRefusedError when its release is damaged.
    """
    shown = {each.wave: each for each in released.history(session) if each.state is State.CURRENT}
    before = [each for each in waves.all_waves(session) if each.closes_on < wave.closes_on]
    for each in sorted(before, key=lambda one: (one.closes_on, one.slug), reverse=True):
        if each.slug not in shown:
            continue
        row = releases.by_number(session, each.slug, shown[each.slug].number)
        if row is None:
            continue
        try:
            release = from_json(released.intact(row, each.slug))
        except ReleaseDamagedError as error:
            raise PublicationRefusedError([f"{error}. Restore it from a backup."]) from error
        if release.framework == framework.id:
            return EarlierWave(release=release, bases=row.bases, questionnaire=_asked(release, versions))
    return None


def compared_with(session: Session, release: Release, versions: Versions | None) -> EarlierWave | None:
    """What a stored release was compared with, withdrawn since or not. None when it was with nothing.

    Raises NotHeldError when that, or the questionnaire it was compared by, is not held as it was.
    """
    changes = release.changes
    if changes is None:
        return None
    row = releases.by_number(session, changes.wave, changes.number)
    name = f"release {changes.number} of {changes.wave}"
    if row is None or row.digest != release.provenance.get(f"{COMPARED}{changes.wave}:{changes.number}"):
        raise NotHeldError(f"It was compared with {name}, which is not held as it was then.")
    before = _read(row, changes.wave, name)
    asked = _asked(before, versions) if versions else None
    if Uncompared.NOT_HELD in changes.uncompared.values():  # it was not to be found then
        asked = None
    elif asked is None:
        raise NotHeldError(f"The questionnaire of {name}, which it was compared with, is not held any more.")
    return EarlierWave(release=before, bases=row.bases, questionnaire=asked)


def _read(row: PublishedRelease, slug: str, name: str) -> Release:
    try:
        return from_json(released.intact(row, slug))
    except ReleaseDamagedError as error:
        raise NotHeldError(f"It was compared with {name}, which is damaged: {error}.") from error


def _asked(release: Release, versions: Versions) -> Questionnaire | None:
    """The questionnaire of a release, if it is held exactly as it was asked."""
    try:
        found = versions(release.questionnaire, release.questionnaire_version)
    except (LookupError, FileRefusedError):
        return None
    same = provenance.of_questionnaire(found) == release.provenance.get("questionnaire")
    return found if same else None
