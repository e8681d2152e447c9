"""Bespoke indicators of an installation: kept with every version, checked, imported and exported."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from analysis.difference import INDICATOR
from questionnaires import bespoke, loading, writing
from questionnaires.bespoke import Definition
from survey_app.services import audit, oversight
from survey_app.store import indicators as store
from survey_app.store import waves
from survey_app.tables import IndicatorVersion, Wave


class ChangedError(Exception):
    """Someone else saved or removed it since it was read; or another has its code."""


class NoIndicatorError(LookupError):
    """There is no indicator of this code."""


@dataclass(frozen=True, slots=True)
class Held:
    """A definition and its version, as it stands now. releases: how many were made with it."""

    definition: Definition
    version: int
    releases: int


def all_held(session: Session) -> list[Held]:
    """Every definition as it stands now, by code."""
    return [
        Held(
            bespoke.from_json(row.document),
            row.version,
            store.releases_with(session, f"{INDICATOR}{row.code}"),
        )
        for row in store.latest(session)
        if row.document
    ]


def one(session: Session, code: str) -> Held:
    """Raises NoIndicatorError."""
    found = next((held for held in all_held(session) if held.definition.code == code), None)
    if found is None:
        raise NoIndicatorError(f"There is no indicator {code!r}. See: survey-app indicators list")
    return found


def of_questionnaire(session: Session, questionnaire: str) -> tuple[Definition, ...]:
    """The definitions that count in every wave of a questionnaire, by code."""
    return tuple(
        bespoke.from_json(row.document)
        for row in store.latest(session)
        if row.document and row.questionnaire == questionnaire
    )


def as_used(session: Session, provenance: Iterable[tuple[str, str]]) -> tuple[Definition, ...]:
    """The definitions that these entries of a release's provenance name, where they are held."""
    digests = [digest for name, digest in provenance if name.startswith(INDICATOR)]
    rows = store.by_digests(session, digests)
    return tuple(bespoke.from_json(rows[digest].document) for digest in digests if digest in rows)


def taken(session: Session, but: str = "") -> frozenset[str]:
    """Codes that indicators have now, all but one's own."""
    return frozenset(row.code for row in store.latest(session) if row.document and row.code != but)


def askers(library: Path) -> dict[str, str]:
    """The newest version of every questionnaire in the library, by id."""
    return {entry.id: entry.version for entry in loading.library(library)}


def looked_after(session: Session, questionnaire: str, area_codes: Collection[str]) -> bool:
    """Whether someone limited to these areas (none: everywhere) looks after every wave that asks it.

    An indicator is published in all of them, so nobody makes one for a place that is not theirs.
    """
    if not area_codes:
        return True
    asking = [wave for wave in waves.all_waves(session) if wave.questionnaire_id == questionnaire]
    return bool(asking) and all(oversight.looked_after(session, wave.slug, area_codes) for wave in asking)


def tried_on(session: Session, questionnaire: str, area_codes: Collection[str]) -> Wave | None:
    """The wave to try an indicator on: the latest of its questionnaire that has opened."""
    return next(
        (
            wave
            for wave in oversight.all_looked_after(session, area_codes)
            if wave.questionnaire_id == questionnaire and wave.status != "draft"
        ),
        None,
    )


def save(session: Session, definition: Definition, seen: int, *, actor: str) -> int:
    """Keep a checked definition; returns its version. seen: the version it was made from, 0 for a new one.

    One that is held just so is not kept again. Raises ChangedError.
    """
    row = next((row for row in store.latest(session) if row.code == definition.code), None)
    _unchanged(row, seen)
    if row is not None and row.digest == definition.digest:
        return row.version
    version = row.version + 1 if row else 1
    _add(session, definition.code, version, definition.questionnaire, bespoke.to_json(definition), actor)
    audit.record(
        session,
        actor,
        "indicator.save",
        f"indicator:{definition.code}",
        version=version,
        digest=definition.digest,
    )
    return version


def remove(session: Session, code: str, seen: int | None = None, *, actor: str) -> None:
    """Use an indicator no more. Its versions are kept: releases were made with them.

    Raises NoIndicatorError, and ChangedError when another version than the one seen stands now.
    """
    row = next((row for row in store.latest(session) if row.code == code and row.document), None)
    if row is None:
        raise NoIndicatorError(f"There is no indicator {code!r}. See: survey-app indicators list")
    if seen is not None:
        _unchanged(row, seen)
    _add(session, code, row.version + 1, row.questionnaire, "", actor)
    audit.record(session, actor, "indicator.remove", f"indicator:{code}", version=row.version + 1)


def import_file(session: Session, path: Path, library: Path, frameworks: Path, *, actor: str) -> list[str]:
    """Keep every definition in a file, new or changed; returns their codes. Others stay as they are.

    Raises FileRefusedError with every problem in the file, and ChangedError for a code that an indicator of
    another questionnaire has.
    """
    rows = {row.code: row for row in store.latest(session)}
    changed = []
    for definition in loading.load_bespoke(path, library, frameworks):
        row = rows.get(definition.code)
        if row is not None and row.document and row.questionnaire != definition.questionnaire:
            raise ChangedError(
                f"The code {definition.code!r} is an indicator's of {row.questionnaire}: choose another."
            )
        if row is None or row.digest != definition.digest:
            save(session, definition, row.version if row and row.document else 0, actor=actor)
            changed.append(definition.code)
    return changed


def file_text(definitions: Sequence[Definition]) -> str:
    """Definitions of one questionnaire as the text of the file they would be imported from."""
    return writing.text(
        {
            "format": 1,
            "questionnaire": definitions[0].questionnaire,
            "indicators": [bespoke.as_dict(definition) for definition in definitions],
        }
    )


def _unchanged(row: IndicatorVersion | None, seen: int) -> None:
    now = row.version if row is not None and row.document else 0
    if now != seen:
        raise ChangedError("Someone else saved or removed this indicator meanwhile. Look at it again.")


def _add(session: Session, code: str, version: int, questionnaire: str, document: str, actor: str) -> None:
    digest = bespoke.from_json(document).digest if document else ""
    row = IndicatorVersion(
        code=code,
        version=version,
        questionnaire=questionnaire,
        document=document,
        digest=digest,
        made_by=actor,
    )
    try:
        with session.begin_nested():  # what was read so far can still be shown
            store.add(session, row)
    except IntegrityError as error:
        raise ChangedError(
            "Someone else saved this indicator in the same moment. Look at it again."
        ) from error
