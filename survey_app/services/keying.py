"""Keying a paper form: a batch, a serial, and what is written on it, read as it is.

Knows nothing of screens: `key` takes an Entry and gives a Saved or a Refused, so that a scanner, a laptop
that was offline or a second person keying blind can hand in the same. Everything happens in the caller's
transaction, the form and its response together. An entry handed in twice records one form.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from questionnaires import answering
from questionnaires.answering import Fault, Policy, Reading
from questionnaires.answers import Answer, Missing, from_json, to_json
from questionnaires.kinds import KINDS
from questionnaires.kinds.consent import AGREED
from questionnaires.model import Item, Purpose, Questionnaire
from survey_app.services import paper, places, serials, submission
from survey_app.services.paper import Outcome
from survey_app.services.places import Found
from survey_app.services.response import POSTCODE, without_postcodes
from survey_app.store import accounts, audit, drafts, responses
from survey_app.store import paper as store
from survey_app.tables import Area, Batch, PaperForm, Wave

MODE = "paper"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One form as keyed. `raw` is what was typed, by item code; a missing key is blank.

    `id` is made before keying starts, by whoever keys (a UUID): handing the entry in again does nothing more.
    `confirmed` holds the tokens of checks the worker has answered with "yes, this is what the form says".
    """

    id: str
    serial: str
    raw: Mapping[str, Sequence[str]]
    language: str
    confirmed: frozenset[str] = frozenset()


class SerialFault(StrEnum):
    MISSING = "missing"
    BAD = "bad"  # not letters and digits, or too long
    TAKEN = "taken"  # another entry has used it
    PAGE_USED = "page-used"  # this entry was recorded under another serial


@dataclass(frozen=True, slots=True)
class SerialProblem:
    """What is wrong with a serial; who keyed the form it belongs to and when, never what it says."""

    fault: SerialFault
    serial: str = ""
    keyed_by: str = ""
    keyed_at: datetime | None = None


class Doubt(StrEnum):
    """What cannot be taken back or is often a slip, so the worker is asked whether the form says so."""

    NO_CONSENT = "no-consent"
    OUTSIDE_AREA = "outside-area"
    UNKNOWN_POSTCODE = "unknown-postcode"  # not held, or not a postcode: the batch's area counts


@dataclass(frozen=True, slots=True)
class Check:
    """A doubt about one item. `token` changes with what was typed, so that a yes is about that only."""

    doubt: Doubt
    item: str
    value: str = ""
    place: str = ""  # the district an outside postcode lies in

    @property
    def token(self) -> str:
        return f"{self.doubt}:{self.value}"


class Stop(StrEnum):
    """Why the batch takes no more forms."""

    BATCH_CLOSED = "batch-closed"
    WAVE_OVER = "wave-over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Nothing was recorded; everything to put right, at once. `checks` has those already confirmed too."""

    stop: Stop | None = None
    serial: SerialProblem | None = None
    faults: tuple[Fault, ...] = ()
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True)
class Saved:
    """The form is recorded. `changed`: it was before, and what came now was different and is not kept."""

    form: PaperForm
    again: bool = False
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """How a keyed form turned out, without what it says."""

    answered: int = 0
    blank: int = 0
    declined: int = 0
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class _Taken:
    """What a form amounts to: the outcome, the answers to keep, and where they belong."""

    outcome: Outcome
    answers: dict[str, Answer | Missing]
    area: Area | None = None  # of the postcode; the batch's counts where there is none


def key(
    session: Session,
    batch: Batch,
    wave: Wave,
    questionnaire: Questionnaire,
    entry: Entry,
    *,
    actor: str,
    today: date,
) -> Saved | Refused:
    """Record a form keyed from a batch found locked, and submit its response as any other is.

    `questionnaire` is the wave's, in its own language. Raises ValueError for an entry id that is no UUID.
    """
    entry_id = str(uuid.UUID(entry.id))
    serial = serials.normalised(entry.serial)
    reading = answering.read(questionnaire.items(), entry.raw, Policy.AS_WRITTEN)
    taken, checks = _weigh(session, wave, questionnaire, reading, entry)
    before = store.form_by_entry(session, entry_id)
    if before is not None and before.serial == serial:
        return Saved(before, again=True, changed=_differs(session, questionnaire, before, taken))
    faults = () if taken is not None and taken.outcome is not Outcome.KEYED else reading.problems
    refused = Refused(
        stop=stopped(batch, wave, today),
        serial=_serial_problem(session, wave, serial, entry, before),
        faults=faults,
        checks=tuple(checks),
    )
    in_doubt = any(check.token not in entry.confirmed for check in checks)
    if refused.stop or refused.serial or faults or in_doubt or serial is None or taken is None:
        return refused
    form = _take(session, batch, serial, taken.outcome, entry_id, actor)
    if isinstance(form, SerialProblem):
        return Refused(serial=form)
    if taken.outcome is Outcome.KEYED:
        form.response_id = _submit(session, batch, wave, questionnaire, entry, taken, actor)
        session.add(form)
        session.flush()
    return Saved(form)


def spoil(
    session: Session, batch: Batch, wave: Wave, entry_id: str, typed: str, *, actor: str, today: date
) -> Saved | Refused:
    """Record that the form with this serial came back and holds nothing to key."""
    entry = Entry(id=str(uuid.UUID(entry_id)), serial=typed, raw={}, language="")
    serial = serials.normalised(typed)
    before = store.form_by_entry(session, entry.id)
    if before is not None and before.serial == serial:
        return Saved(before, again=True)
    refused = Refused(
        stop=stopped(batch, wave, today), serial=_serial_problem(session, wave, serial, entry, before)
    )
    if refused != Refused() or serial is None:
        return refused
    form = _take(session, batch, serial, Outcome.SPOILT, entry.id, actor)
    return Refused(serial=form) if isinstance(form, SerialProblem) else Saved(form)


def stopped(batch: Batch, wave: Wave, today: date) -> Stop | None:
    """Why no form can be keyed from the batch today; None when it can."""
    if batch.closed_at is not None:
        return Stop.BATCH_CLOSED
    return None if paper.takes_paper(wave, today) else Stop.WAVE_OVER


def next_serial(session: Session, batch: Batch, actor: str) -> str:
    """The serial likely to come next for this person: the one after their last, if it is free. Else ""."""
    last = store.latest_form(session, batch.id or 0, actor)
    after = serials.following(last.serial) if last is not None else None
    free = after is not None and store.form(session, batch.wave_id, after) is None
    return after if after is not None and free else ""


def saved_form(session: Session, batch: Batch, form_id: int, actor: str) -> PaperForm | None:
    """A form of the batch that this person keyed themselves, for the confirmation; else None."""
    form = store.form_by_id(session, form_id)
    return form if form is not None and form.batch_id == batch.id and form.keyed_by == actor else None


def counts(session: Session, questionnaire: Questionnaire, form: PaperForm) -> Counts:
    """How many of the questions that were for this person were answered, and how the others were left."""
    response = responses.get(session, form.response_id) if form.response_id else None
    if response is None:
        return Counts()
    given = from_json(response.answers)
    asked = (item for item in questionnaire.items() if KINDS[item.kind].asked)
    found = [given[item.code] for item in asked if item.code in given]
    return Counts(
        answered=sum(not isinstance(answer, Missing) for answer in found),
        blank=found.count(Missing.NOT_ANSWERED),
        declined=found.count(Missing.PREFER_NOT_TO_SAY),
        unreadable=found.count(Missing.INVALID_MARK),
    )


def _weigh(
    session: Session, wave: Wave, questionnaire: Questionnaire, reading: Reading, entry: Entry
) -> tuple[_Taken | None, list[Check]]:
    """What the form amounts to, and what to ask about it. None while a slip leaves it open."""
    consent = _refused_consent(questionnaire, reading)
    if consent is not None:
        check = Check(Doubt.NO_CONSENT, consent.code)
        return _Taken(Outcome.NO_CONSENT, {}) if check.token in entry.confirmed else None, [check]
    area, checks, outcome = None, [], Outcome.KEYED
    for item in questionnaire.items():
        if item.kind != POSTCODE:
            continue
        answer = reading.answers.get(item.code)
        typed = " ".join(" ".join(entry.raw.get(item.code, ())).split())
        if answer is Missing.INVALID_MARK and typed != answering.UNREADABLE:
            checks.append(Check(Doubt.UNKNOWN_POSTCODE, item.code, typed))
        if answer is None or isinstance(answer, Missing):
            continue
        finding = places.find(session, wave, str(answer))
        if finding.found is Found.UNKNOWN:
            checks.append(Check(Doubt.UNKNOWN_POSTCODE, item.code, str(answer)))
        elif finding.found is Found.OUTSIDE and finding.area is not None:
            outside = Check(
                Doubt.OUTSIDE_AREA, item.code, str(answer), places.district_name(session, finding.area)
            )
            checks.append(outside)
            outcome = Outcome.OUTSIDE_AREA if outside.token in entry.confirmed else outcome
        else:
            area = finding.area
    if outcome is Outcome.OUTSIDE_AREA:
        return _Taken(outcome, {}), checks
    return (_Taken(outcome, reading.answers, area) if not reading.problems else None), checks


def _refused_consent(questionnaire: Questionnaire, reading: Reading) -> Item | None:
    """The first consent the form needs and does not give; None as long as one of them is a typing slip."""
    slips = {fault.item for fault in reading.problems}
    needed = [item for item in questionnaire.items() if item.purpose is Purpose.CONSENT and item.required]
    if any(item.code in slips for item in needed) or answering.consented(questionnaire, reading.answers):
        return None
    return next(item for item in needed if reading.answers.get(item.code) != AGREED)


def _serial_problem(
    session: Session, wave: Wave, serial: str | None, entry: Entry, before: PaperForm | None
) -> SerialProblem | None:
    if serial is None:
        return SerialProblem(SerialFault.BAD if entry.serial.strip() else SerialFault.MISSING)
    if before is not None:
        return _used(session, SerialFault.PAGE_USED, before)
    taken = store.form(session, wave.id or 0, serial)
    return None if taken is None else _used(session, SerialFault.TAKEN, taken)


def _used(session: Session, fault: SerialFault, form: PaperForm) -> SerialProblem:
    user = accounts.user(session, form.keyed_by)
    return SerialProblem(fault, form.serial, user.name if user else "", form.keyed_at)


def _take(
    session: Session, batch: Batch, serial: str, outcome: Outcome, entry_id: str, actor: str
) -> PaperForm | SerialProblem:
    """Take the serial for good, or say who took it while we were looking."""
    form = PaperForm(
        wave_id=batch.wave_id,
        batch_id=batch.id or 0,
        serial=serial,
        outcome=outcome.value,
        entry_id=entry_id,
        keyed_by=actor,
    )
    try:
        with session.begin_nested():
            store.add_form(session, form)
    except IntegrityError:
        other = store.form(session, batch.wave_id, serial) or store.form_by_entry(session, entry_id)
        if other is None:
            raise
        return _used(session, SerialFault.TAKEN, other)
    audit.record(session, actor, "form.key", f"form:{form.id}", batch=str(batch.id), outcome=outcome.value)
    return form


def _submit(
    session: Session,
    batch: Batch,
    wave: Wave,
    questionnaire: Questionnaire,
    entry: Entry,
    taken: _Taken,
    actor: str,
) -> str:
    language = entry.language if entry.language in wave.languages else wave.languages[0]
    response = responses.start(session, wave, MODE, language, batch_id=batch.id, entered_by=actor)
    response.area_code, response.area_vintage = batch.area_code, batch.area_vintage
    if taken.area is not None:
        response.area_code, response.area_vintage = taken.area.code, taken.area.vintage
    drafts.merge(session, response, to_json(without_postcodes(questionnaire, taken.answers)))
    submission.submit(session, wave, questionnaire, response.id, actor=actor, complete=False)
    return response.id


def _differs(session: Session, questionnaire: Questionnaire, form: PaperForm, taken: _Taken | None) -> bool:
    """Whether an entry handed in again says something else than what was recorded of it."""
    if taken is None or taken.outcome != form.outcome:
        return True
    response = responses.get(session, form.response_id) if form.response_id else None
    if response is None:
        return False
    kept = without_postcodes(questionnaire, taken.answers)
    return to_json(answering.finish(questionnaire, kept)) != response.answers
