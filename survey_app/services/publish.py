"""Publishing: the only door between the answers and what is said about them.

Gathers (snapshot, areas, margins, national layers, earlier releases), lets `analysis.build_release` decide,
and stores the release. Reading and deciding take seconds; the write is one short transaction, so residents
who are answering meanwhile do not wait.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from analysis import composites, engines
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
from analysis.comments import CommentsRefusedError, PublishedComments
from analysis.difference import Difference, difference
from analysis.margins import MarginCount, PopulationMargins
from analysis.national import NationalLayer, NationalYardstick, newest
from analysis.policies import POLICIES
from analysis.release import from_json
from analysis.snapshot import SnapshotRow
from analysis.tallies import Tallies
from questionnaires import bespoke
from questionnaires.answers import from_json as answers_from_json
from questionnaires.bespoke import Definition
from questionnaires.framework import Composite, Framework
from questionnaires.model import Questionnaire
from survey_app.services import comment_release, earlier_waves, indicators, released
from survey_app.services.earlier_waves import Versions
from survey_app.services.released import MeanwhileError, Publication
from survey_app.store import areas, margins, national, releases, responses
from survey_app.tables import PublishedRelease, Wave

__all__ = ["Built", "Policy", "PublicationRefusedError", "build", "record", "since_last", "take_snapshot"]


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


@dataclass(frozen=True)
class Measures:
    """What a release is made to say: its framework with bespoke indicators, those that only earlier releases
    have, and the columns that their composites need.
    """

    framework: Framework
    former: Framework
    columns: Mapping[str, Composite]

    @classmethod
    def of(
        cls,
        session: Session,
        framework: Framework,
        questionnaire: Questionnaire,
        definitions: Sequence[Definition],
        before: Sequence[Earlier],
    ) -> Measures:
        """before: every earlier release of the wave."""
        entries = [entry for each in before for entry in each.release.provenance.items()]
        current = {each.digest for each in definitions}
        gone = {each.digest: each for each in indicators.as_used(session, entries)}
        left = [each for digest, each in gone.items() if digest not in current]
        now = bespoke.merged(framework, definitions)
        former = bespoke.merged(framework, bespoke.former(left))
        needed = {
            **composites.columns_of(now, questionnaire),
            **composites.columns_of(former, questionnaire),
        }
        return cls(now, former, needed)


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
    definitions: Sequence[Definition] | None = None,
    progress: Callable[[], None] = lambda: None,
    versions: Versions | None = None,
) -> Built:
    """The wave's next release, worked out and checked against every earlier one, but not stored.

    engine: what counts the snapshot (analysis.engines), to the same counts. definitions: bespoke indicators
    to make it with, by default those held for the questionnaire. `versions` finds what an earlier wave was
    asked: without it, no changes since that wave are told. `progress` is called after each of the `STEPS`.
    Raises PublicationRefusedError with every reason why
    nothing can be published yet.
    """
    folder = snapshot_folder(data_folder, wave)
    take_snapshot(session, wave, questionnaire, folder)
    progress()
    before = earlier(session, wave)
    if definitions is None:
        definitions = indicators.of_questionnaire(session, questionnaire.id)
    measures = Measures.of(session, framework, questionnaire, definitions, before)
    counted = composites.tally(folder, measures.columns, questionnaire, engine=engine)
    since = earlier_waves.latest(session, wave, framework, versions) if versions else None
    progress()
    # The one after those it is checked against: counted afresh, it could step over a newer one.
    number = max((each.release.number for each in before), default=0) + 1
    beside, policy = reference(session, wave, framework.periods), policy or POLICIES[wave.policy].policy
    built = build_release(
        counted,
        questionnaire,
        measures.framework,
        beside,
        policy,
        wave=facts(wave, columns.digest(folder)),
        number=number,
        created=created,
        earlier=before,
        of_mode=of_mode(folder, engine),
        comments=comments(session, wave, questionnaire, beside, policy, number, before),
        former=measures.former,
        earlier_wave=since,
    )
    progress()
    return built


def of_mode(folder: Path, engine: str = engines.DEFAULT) -> Callable[[str], Tallies]:
    """Counts those who answered in one way, from the snapshot in the folder."""
    return lambda mode: engines.tally(folder, mode=mode, engine=engine)


def facts(wave: Wave, snapshot: str) -> WaveFacts:
    """What a release says of its wave. snapshot: its digest."""
    return WaveFacts(
        slug=wave.slug,
        title=wave.title,
        opened=wave.opens_on.isoformat(),
        closed=wave.closes_on.isoformat(),
        levels=tuple(wave.published_levels),
        areas=tuple(wave.area_codes),
        snapshot=snapshot,
    )


def earlier(session: Session, wave: Wave, *, at: datetime | None = None) -> list[Earlier]:
    """Every release of the wave, the first first; those withdrawn (before `at`, if given) marked so."""
    gone = {
        number
        for number, withdrawal in releases.withdrawn(session, _id(wave)).items()
        if at is None or withdrawal.withdrawn_at < at
    }
    return [
        Earlier(from_json(row.document), row.bases, withdrawn=row.number in gone)
        for row in releases.of_wave(session, _id(wave))
    ]


def comments(
    session: Session,
    wave: Wave,
    questionnaire: Questionnaire,
    beside: Reference,
    policy: Policy,
    number: int,
    before: Sequence[Earlier],
) -> PublishedComments:
    """What release `number` may say of comments.

    Raises PublicationRefusedError for texts that may not leave.
    """
    gone = [each.release.number for each in before if each.withdrawn]
    try:
        return comment_release.gather(
            session, wave, questionnaire, beside.areas, policy, number, withdrawn=gone
        )
    except CommentsRefusedError as error:
        raise PublicationRefusedError(error.problems) from error


def since_last(built: Built, before: Sequence[Earlier]) -> Difference | None:
    """What would move against the release that readers see now. None when they see none."""
    shown = [
        each.release for each in before if not each.withdrawn and each.release.number < built.release.number
    ]
    return difference(shown[-1], built.release) if shown else None


def record(session: Session, wave: Wave, built: Built, *, actor: str) -> PublishedRelease:
    """Store a built release for good.

    Raises PublicationRefusedError when another was published, or one withdrawn, since it was begun.
    """
    try:
        made = Publication.of(built.release, built.bases, built.comment_counts)
        return released.keep(session, wave, made, actor=actor)
    except MeanwhileError as error:
        raise PublicationRefusedError([str(error)]) from error


def reference(session: Session, wave: Wave, chosen: Mapping[str, str] | None = None) -> Reference:
    """What the wave's answers are set against: its areas, their population margins, and national layers.

    chosen: the period to take of a layer, by layer; the newest of each indicator otherwise. Raises
    PublicationRefusedError when the areas held contradict each other, or a layer is not held for the period
    chosen.
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
        national=tuple(_layers(session, [row.code for row in held], chosen or {})),
    )


def _layers(session: Session, codes: list[str], chosen: Mapping[str, str]) -> Iterator[NationalLayer]:
    """Every national layer held, each indicator in one period: of yardsticks and of values alike."""
    for layer in national.layers(session):
        units = {(v.indicator, v.period): v.unit for v in national.values(session, [layer])}
        sticks = {(row.indicator, row.period): row for row in national.yardsticks(session, [layer])}
        periods = _periods(layer, units, sticks, chosen.get(layer, ""))
        yield NationalLayer(
            id=layer,
            source="; ".join(national.sources(session, layer)),
            values={
                (row.area_code, row.indicator): row.value
                for row in national.values(session, [layer], codes)
                if row.period == periods.get(row.indicator)
            },
            yardsticks={
                indicator: NationalYardstick(
                    mean=row.mean,
                    sd=row.sd,
                    areas=row.areas,
                    period=row.period,
                    unit=units.get((indicator, row.period), ""),
                )
                for indicator, period in periods.items()
                if (row := sticks.get((indicator, period))) is not None
            },
            periods=periods,
        )


def _periods(
    layer: str,
    values: Collection[tuple[str, str]],
    yardsticks: Collection[tuple[str, str]],
    chosen: str,
) -> dict[str, str]:
    """The period of each indicator: the one chosen, else the newest with a yardstick, else the newest."""
    if chosen:
        found = {indicator: period for indicator, period in values if period == chosen}
        if not found:
            held = ", ".join(sorted({period for _, period in values}))
            raise PublicationRefusedError(
                [f'The framework takes "{chosen}" of national layer "{layer}", which is held for {held}.']
            )
        return found
    by_indicator: dict[str, list[str]] = {}
    for indicator, period in values:
        by_indicator.setdefault(indicator, []).append(period)
    return {
        indicator: newest([p for p in held if (indicator, p) in yardsticks] or held)
        for indicator, held in by_indicator.items()
    }


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
