"""Publishing: the only door between the answers and what is said about them.

Gathers (snapshot, areas, margins, national layers, earlier releases), lets `analysis.build_release` decide,
and stores the release. Reading and deciding take seconds; the write is one short transaction, so residents
who are answering meanwhile do not wait.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from analysis import engines
from analysis import snapshot as columns
from analysis.areas import Area, AreaSet, AreasRefusedError
from analysis.build import (
    Built,
    Earlier,
    Policy,
    PublicationRefusedError,
    Reference,
    WaveFacts,
    build_release,
)
from analysis.margins import MarginCount, PopulationMargins
from analysis.national import NationalLayer, NationalYardstick
from analysis.release import from_json
from analysis.snapshot import SnapshotRow
from questionnaires.answers import from_json as answers_from_json
from questionnaires.framework import Framework
from questionnaires.model import Questionnaire
from survey_app.store import areas, audit, margins, national, releases, responses
from survey_app.tables import PublishedRelease, Wave

__all__ = ["Built", "Policy", "PublicationRefusedError", "build", "record", "take_snapshot"]


STEPS = 3  # of a build: the snapshot, the count, the release


def snapshot_folder(data_folder: Path, wave: Wave) -> Path:
    """Where the wave's snapshot is kept."""
    return data_folder / "snapshots" / wave.slug


def take_snapshot(session: Session, wave: Wave, questionnaire: Questionnaire, folder: Path) -> int:
    """Add what was submitted since the last snapshot, take out what was withdrawn; returns how many added.

    Raises analysis.snapshot.SnapshotError when the snapshot held is of another questionnaire or database, or
    damaged.
    """
    wave_id = _id(wave)
    columns.remove(folder, responses.withdrawn(session, wave_id))
    _same_database(session, folder)
    rows = _submitted(session, wave_id, columns.last_sequence(folder))
    return columns.append(folder, rows, questionnaire)


def _same_database(session: Session, folder: Path) -> None:
    """Refuse a snapshot that goes further than the database, as after a backup of it was restored.

    Its answers would be counted though nobody holds them, and new ones with the same numbers passed over.
    """
    newest = columns.newest(folder)
    if newest is None:
        return
    id_, sequence = newest
    held = responses.get(session, id_)
    if held is None or held.sequence != sequence:
        raise columns.SnapshotError(
            f"{folder} holds answers that the database does not: the database was replaced, or restored from "
            "a backup, since the snapshot was taken. Delete the folder and take the snapshot again."
        )


def build(
    session: Session,
    wave: Wave,
    questionnaire: Questionnaire,
    framework: Framework,
    data_folder: Path,
    *,
    created: datetime,
    policy: Policy | None = None,
    engine: str = engines.DEFAULT,
    progress: Callable[[], None] = lambda: None,
) -> Built:
    """The wave's next release, worked out and checked against every earlier one, but not stored.

    engine: what counts the snapshot (analysis.engines), to the same counts. `progress` is called after each
    of the `STEPS`. Raises PublicationRefusedError with every reason why
    nothing can be published yet.
    """
    folder = snapshot_folder(data_folder, wave)
    take_snapshot(session, wave, questionnaire, folder)
    progress()
    counted = engines.tally(folder, engine=engine)
    published = releases.of_wave(session, _id(wave))
    earlier = [Earlier(from_json(row.document), row.bases) for row in published]
    progress()
    built = build_release(
        counted,
        questionnaire,
        framework,
        reference(session, wave),
        policy or Policy(),
        wave=WaveFacts(
            slug=wave.slug,
            title=wave.title,
            opened=wave.opens_on.isoformat(),
            closed=wave.closes_on.isoformat(),
            levels=tuple(wave.published_levels),
            areas=tuple(wave.area_codes),
            snapshot=columns.digest(folder),
        ),
        # The one after those it is checked against: counted afresh, it could step over a newer one.
        number=max((row.number for row in published), default=0) + 1,
        created=created,
        earlier=earlier,
    )
    progress()
    return built


def record(session: Session, wave: Wave, built: Built, *, actor: str) -> PublishedRelease:
    """Store a built release for good. Raises PublicationRefusedError when another was published meanwhile."""
    release = built.release
    try:
        stored = releases.add(
            session,
            wave_id=_id(wave),
            number=release.number,
            digest=release.digest,
            document=release.to_json(),
            bases=built.bases,
            published_by=actor,
        )
    except IntegrityError as error:
        raise PublicationRefusedError(
            [f"Release {release.number} of {wave.slug} was published meanwhile. Publish again."]
        ) from error
    audit.record(
        session, actor, "release.publish", f"wave:{wave.slug}", number=release.number, digest=release.digest
    )
    return stored


def reference(session: Session, wave: Wave) -> Reference:
    """What the wave's answers are set against: its areas, their population margins, and national layers.

    Raises PublicationRefusedError when the areas held contradict each other.
    """
    held = areas.rows(session, wave.area_codes)
    try:
        known = AreaSet(
            Area(code=row.code, name=row.name, level=row.level, vintage=row.vintage, parents=row.parents)
            for row in held
        )
    except AreasRefusedError as error:
        raise PublicationRefusedError(error.reasons) from error
    return Reference(
        areas=known,
        margins=PopulationMargins(
            [
                MarginCount(area=row.area_code, margin=row.margin, level=row.level, count=row.count)
                for row in margins.within(session, wave.area_codes)
            ]
        ),
        national=tuple(_layers(session, [row.code for row in held])),
    )


def _layers(session: Session, codes: list[str]) -> Iterator[NationalLayer]:
    """Every national layer held, each indicator in its newest period: of yardsticks and of values alike."""
    for layer in national.layers(session):
        newest: dict[str, NationalYardstick] = {}
        units = {(v.indicator, v.period): v.unit for v in national.values(session, [layer])}
        for row in national.yardsticks(session, [layer]):
            held = newest.get(row.indicator)
            if held is None or row.period > held.period:
                newest[row.indicator] = NationalYardstick(
                    mean=row.mean,
                    sd=row.sd,
                    areas=row.areas,
                    period=row.period,
                    unit=units.get((row.indicator, row.period), ""),
                )
        yield NationalLayer(
            id=layer,
            source="; ".join(national.sources(session, layer)),
            values={
                (row.area_code, row.indicator): row.value
                for row in national.values(session, [layer], codes)
                if row.indicator in newest and row.period == newest[row.indicator].period
            },
            yardsticks=newest,
        )


def _submitted(session: Session, wave_id: int, after: int) -> Iterator[SnapshotRow]:
    for batch in responses.submitted_since(session, wave_id, after):
        for row in batch:
            yield SnapshotRow(
                id=row.id,
                sequence=row.sequence,
                area=row.area_code or "",
                mode=row.mode,
                language=row.language,
                cell=row.cell,
                answers=answers_from_json(row.answers),
            )


def _id(wave: Wave) -> int:
    if wave.id is None:
        raise ValueError("the wave has not been stored")
    return wave.id
