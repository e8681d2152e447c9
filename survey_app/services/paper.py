"""Batches of paper forms: opened with a count of what came back, reconciled form by form, closed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlmodel import Session

from survey_app.services import places
from survey_app.store import areas, audit
from survey_app.store import paper as store
from survey_app.store import waves as wave_store
from survey_app.tables import Batch, Wave
from survey_app.tables.base import now

LATE_PAPER = timedelta(days=28)
"""How long after its last day a wave still takes paper: forms come back by post and with the next van."""

EARLY_PAPER = timedelta(days=31)
"""How long before its first day forms may have been handed out."""

MOST_FORMS = 5_000
LONGEST_PLACE = 120
CLOSED_SHOWN = 50


class Outcome(StrEnum):
    """What became of a returned form. Only a keyed one has a response."""

    KEYED = "keyed"
    NO_CONSENT = "no-consent"  # a consent it needs is not ticked: nothing on it was stored
    OUTSIDE_AREA = "outside-area"  # from a place this wave is not about: not stored, not counted
    SPOILT = "spoilt"  # torn, blank, a copy: nothing to key


@dataclass(frozen=True, slots=True)
class Totals:
    """A batch's forms by what became of them, against how many came back."""

    returned: int
    handed_out: int | None = None
    keyed: int = 0
    no_consent: int = 0
    outside_area: int = 0
    spoilt: int = 0

    @property
    def done(self) -> int:
        return self.keyed + self.no_consent + self.outside_area + self.spoilt

    @property
    def left(self) -> int:
        """Forms still to key."""
        return max(0, self.returned - self.done)

    @property
    def over(self) -> int:
        """Forms keyed beyond the number that came back: a miscount, or a form of another batch."""
        return max(0, self.done - self.returned)

    @property
    def not_returned(self) -> int | None:
        return None if self.handed_out is None else max(0, self.handed_out - self.returned)


@dataclass(frozen=True, slots=True)
class HeldBatch:
    """A batch as it is listed. `area` is the name of where a form without a postcode belongs."""

    batch: Batch
    wave: Wave
    totals: Totals
    area: str
    takes_forms: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBatch:
    wave: Wave
    organisation_id: int
    place: str
    held_on: date | None
    returned: int
    handed_out: int | None = None
    area_code: str = ""


class BatchProblem(StrEnum):
    """Why a batch cannot be opened or closed so."""

    WAVE = "wave"  # takes no paper today
    PLACE = "place"  # nothing said, or too much
    AREA = "area"  # not one of the wave's
    NO_DAY = "no-day"
    LATER = "later"  # handed out in the future
    EARLIER = "earlier"  # handed out long before the wave began
    RETURNED = "returned"  # not a number of forms
    HANDED_OUT = "handed-out"  # fewer than came back
    DIFFERENCE = "difference"  # forms are missing, or too many


class BatchRefusedError(Exception):
    """The batch cannot be opened or closed so; `problems` holds everything that stands in the way."""

    def __init__(self, problems: tuple[BatchProblem, ...]):
        self.problems = problems
        super().__init__(", ".join(problems))


class BatchClosedError(Exception):
    """The batch was closed before: nothing can be added or changed."""


def last_day(wave: Wave) -> date:
    """The last day paper forms of the wave can be keyed."""
    return wave.closes_on + LATE_PAPER


def takes_paper(wave: Wave, day: date) -> bool:
    """Whether forms of the wave can be keyed on a day: also for four weeks after it closed to residents."""
    return wave.status in {"open", "closed"} and wave.opens_on <= day <= last_day(wave)


def waves_taking_paper(session: Session, day: date) -> list[Wave]:
    """The waves whose forms can be keyed on a day, the latest first."""
    return [wave for wave in wave_store.all_waves(session) if takes_paper(wave, day)]


def find(
    session: Session, batch_id: int, organisation_ids: Collection[int], *, locked: bool = False
) -> Batch | None:
    """The batch, if it is one of these organisations'. `locked` for whoever will change it."""
    batch = (store.batch_for_update if locked else store.batch)(session, batch_id)
    return batch if batch is not None and batch.organisation_id in organisation_ids else None


def wave_of(session: Session, batch: Batch) -> Wave:
    wave = wave_store.by_id(session, batch.wave_id)
    if wave is None:
        raise LookupError(f"batch {batch.id} has no wave")
    return wave


def listed(session: Session, organisation_ids: Collection[int], day: date) -> list[HeldBatch]:
    """The organisations' batches: every open one, then the latest of those closed."""
    batches = [
        *store.batches(session, organisation_ids=organisation_ids, is_open=True),
        *store.batches(session, organisation_ids=organisation_ids, is_open=False, limit=CLOSED_SHOWN),
    ]
    counts = store.outcomes(session, [batch.id or 0 for batch in batches])
    names = areas.by_codes(session, [batch.area_code for batch in batches if batch.area_code])
    held = []
    for batch in batches:
        wave = wave_of(session, batch)
        area = names.get(batch.area_code or "")
        held.append(
            HeldBatch(
                batch,
                wave,
                _totals(batch, counts.get(batch.id or 0, {})),
                area.name if area else "",
                batch.closed_at is None and takes_paper(wave, day),
            )
        )
    return held


def totals(session: Session, batch: Batch) -> Totals:
    """How the batch stands now."""
    return _totals(batch, store.outcomes(session, [batch.id or 0]).get(batch.id or 0, {}))


def open_batch(session: Session, new: NewBatch, *, actor: str, today: date) -> Batch:
    """Open a batch. Raises BatchRefusedError with every reason why it cannot be."""
    place = " ".join("".join(c if c.isprintable() else " " for c in new.place).split())
    area = places.chosen(session, new.wave, new.area_code) if new.area_code else None
    day = new.held_on or today
    checks = {
        BatchProblem.WAVE: takes_paper(new.wave, today),
        BatchProblem.PLACE: 0 < len(place) <= LONGEST_PLACE,
        BatchProblem.AREA: not new.area_code or area is not None,
        BatchProblem.NO_DAY: new.held_on is not None,
        BatchProblem.LATER: day <= today,
        BatchProblem.EARLIER: day >= new.wave.opens_on - EARLY_PAPER,
        BatchProblem.RETURNED: 1 <= new.returned <= MOST_FORMS,
        BatchProblem.HANDED_OUT: new.handed_out is None or new.handed_out >= new.returned,
    }
    _refuse(checks)
    batch = store.add_batch(
        session,
        Batch(
            wave_id=new.wave.id or 0,
            organisation_id=new.organisation_id,
            place=place,
            area_code=area.code if area else None,
            area_vintage=area.vintage if area else None,
            held_on=day,
            handed_out=new.handed_out,
            returned=new.returned,
            opened_by=actor,
        ),
    )
    audit.record(
        session, actor, "batch.open", f"batch:{batch.id}", wave=new.wave.slug, returned=batch.returned
    )
    return batch


def close_batch(
    session: Session, batch: Batch, *, returned: int, difference_accepted: bool, actor: str
) -> Totals:
    """Close a batch found locked, with the number of forms returned as counted now.

    Raises BatchClosedError when it was closed before, or BatchRefusedError: also where forms are missing or
    too many and nobody has said that this is how it is.
    """
    if batch.closed_at is not None:
        raise BatchClosedError
    batch_returned, batch.returned = batch.returned, returned
    found = totals(session, batch)
    try:
        _refuse(
            {
                BatchProblem.RETURNED: 1 <= returned <= MOST_FORMS,
                BatchProblem.HANDED_OUT: batch.handed_out is None or batch.handed_out >= returned,
                BatchProblem.DIFFERENCE: found.done == returned or difference_accepted,
            }
        )
    except BatchRefusedError:
        batch.returned = batch_returned
        raise
    batch.closed_at = now()
    session.add(batch)
    session.flush()
    audit.record(
        session,
        actor,
        "batch.close",
        f"batch:{batch.id}",
        returned=returned,
        keyed=found.keyed,
        no_consent=found.no_consent,
        outside_area=found.outside_area,
        spoilt=found.spoilt,
    )
    return found


def _totals(batch: Batch, counts: dict[str, int]) -> Totals:
    return Totals(
        returned=batch.returned,
        handed_out=batch.handed_out,
        keyed=counts.get(Outcome.KEYED, 0),
        no_consent=counts.get(Outcome.NO_CONSENT, 0),
        outside_area=counts.get(Outcome.OUTSIDE_AREA, 0),
        spoilt=counts.get(Outcome.SPOILT, 0),
    )


def _refuse(checks: dict[BatchProblem, bool]) -> None:
    problems = tuple(problem for problem, passed in checks.items() if not passed)
    if problems:
        raise BatchRefusedError(problems)
