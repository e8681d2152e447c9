"""Waves: what must be right before one opens, and what happens when it closes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from questionnaires.model import Margin, Questionnaire
from survey_app.services import waves
from survey_app.services.translations.completeness import Lacking
from survey_app.services.waves import NewWave, WaveRefusedError
from survey_app.store import responses
from survey_app.tables import Area, AuditEvent, PopulationMargin, Wave
from tests.integration import samples

QUESTIONNAIRE = Questionnaire(
    id="small",
    version="1",
    title="Small",
    language="en",
    framework="",
    sections=(),
    languages=("en", "pl"),
    digest="d" * 64,
)
NEW = NewWave(
    slug="spring-2026",
    title="Your place",
    opens_on=date(2026, 3, 1),
    closes_on=date(2026, 5, 31),
    area_codes=("D1",),
)
TODAY = date(2026, 3, 1)


@pytest.fixture
def places(session: Session) -> dict[str, Area]:
    return samples.place_tree(session)


def made(session: Session, **changes: Any) -> Wave:
    return waves.create(session, replace(NEW, **changes), QUESTIONNAIRE, actor="test")


def opened(
    session: Session,
    wave: Wave,
    questionnaire: Questionnaire = QUESTIONNAIRE,
    untranslated: Mapping[str, Lacking] | None = None,
    **options: Any,
) -> list[str]:
    options = {"today": TODAY, "actor": "test", **options}
    return waves.open_wave(session, wave, questionnaire, untranslated=untranslated or {}, **options)


def events(session: Session) -> list[tuple[str, dict[str, Any]]]:
    session.flush()
    query = select(AuditEvent).order_by(AuditEvent.id)
    return [(event.action, event.detail) for event in session.exec(query)]


@pytest.mark.usefixtures("places")
def test_a_wave_starts_as_a_draft_in_the_questionnaires_languages(session: Session) -> None:
    wave = made(session)
    assert (wave.status, wave.languages, wave.questionnaire_digest) == ("draft", ["en", "pl"], "")
    assert events(session) == [("wave.create", {"questionnaire": "small 1"})]


@pytest.mark.usefixtures("places")
def test_every_reason_against_a_wave_is_told(session: Session) -> None:
    with pytest.raises(WaveRefusedError) as caught:
        made(
            session,
            slug="Not This",
            title=" ",
            closes_on=date(2026, 2, 1),
            area_codes=("D1", "D9"),
            languages=("en", "xx"),
            place_level="parish",
            published_levels=(),
        )
    assert [reason.split(".")[0] for reason in caught.value.reasons] == [
        "'Not This' cannot be in an address",
        "It would close on 2026-02-01, before it opens on 2026-03-01",
        "There is no area 'D9'",
        "There are no areas of the level 'parish', only alliance, lad, lsoa, msoa, ward",
        "No level would be published",
        "The questionnaire is not in 'xx', only in en, pl",
        "The wave has no title",
    ]


@pytest.mark.usefixtures("places")
def test_two_waves_cannot_share_an_address(session: Session) -> None:
    made(session)
    with pytest.raises(WaveRefusedError, match="'spring-2026' already"):
        made(session)


@pytest.mark.usefixtures("places")
def test_opening_freezes_the_questionnaire(session: Session) -> None:
    wave = made(session)
    opened(session, wave)
    assert (wave.status, wave.questionnaire_digest) == ("open", QUESTIONNAIRE.digest)
    with pytest.raises(WaveRefusedError, match="open already"):
        opened(session, wave)
    waves.close(session, wave, actor="test")
    edited = replace(QUESTIONNAIRE, digest="e" * 64)
    with pytest.raises(WaveRefusedError, match="has changed since"):
        opened(session, wave, edited)
    with pytest.raises(WaveRefusedError, match="has changed since"):
        opened(session, made(session, slug="autumn"), edited)
    opened(session, wave)
    assert [detail["first"] for action, detail in events(session) if action == "wave.open"] == [True, False]


@pytest.mark.usefixtures("places")
def test_an_incomplete_translation_is_refused_or_recorded(session: Session) -> None:
    wave = made(session)
    short = {"pl": Lacking(questionnaire=3, interface=2), "ur": Lacking(9, 9)}
    with pytest.raises(WaveRefusedError, match="'pl': 3 texts of the questionnaire and 2 words of the pages"):
        opened(session, wave, untranslated=short)
    with pytest.raises(WaveRefusedError, match="--because"):
        opened(session, wave, untranslated=short, allow_incomplete=["pl"])
    with pytest.raises(WaveRefusedError, match="'pl'"):
        opened(session, wave, untranslated=short, allow_incomplete=["ur"], because="Urdu only")
    assert wave.status == "draft"
    opened(session, wave, untranslated=short, allow_incomplete=["pl"], because="The rest follows on Monday")
    assert events(session)[-1][1]["incomplete_translations"] == {"pl": 5}
    assert events(session)[-1][1]["because"] == "The rest follows on Monday"
    assert wave.incomplete == {
        "pl": {"questionnaire": 3, "interface": 2, "because": "The rest follows on Monday"}
    }


def test_margins_without_data_are_warned_of(session: Session, places: dict[str, Area]) -> None:
    weighted = replace(
        QUESTIONNAIRE,
        margins=(
            Margin(name="age", item="age", levels=("16-64", "65+")),
            Margin(name="sex", item="sex", levels=("F", "M")),
            Margin(name="lad", area_level="lad"),
        ),
    )
    for code, level in (("L1", "F"), ("X1", "M")):
        session.add(
            PopulationMargin(area_id=places[code].id, margin="sex", level=level, count=1, source="census")
        )
    session.flush()
    warnings = opened(session, made(session), weighted)
    assert len(warnings) == 2
    assert "the margin 'age'" in warnings[0]
    assert warnings[1] == "The margin 'sex' has no counts for M."


@pytest.mark.usefixtures("places")
def test_closing_forgets_the_postcodes_of_unfinished_answers(session: Session) -> None:
    wave = made(session)
    opened(session, wave)
    draft = responses.start(session, wave, "web", "en")
    draft.postcode = "CM11AB"
    session.flush()
    assert waves.close(session, wave, actor="test") == 1
    session.refresh(draft)
    assert draft.postcode is None
    assert events(session)[-1] == ("wave.close", {"draft_postcodes_wiped": 1})
    with pytest.raises(WaveRefusedError, match="is not open"):
        waves.close(session, wave, actor="test")


@pytest.mark.usefixtures("places")
@pytest.mark.parametrize(("today", "ended"), [(date(2026, 5, 31), []), (date(2026, 6, 1), ["spring-2026"])])
def test_a_wave_ends_after_its_last_day(session: Session, today: date, ended: list[str]) -> None:
    opened(session, made(session))
    made(session, slug="draft")
    assert [wave.slug for wave in waves.close_ended(session, today=today, actor="test")] == ended


@pytest.mark.usefixtures("places")
def test_the_nightly_task_forgets_a_postcode_that_came_in_as_the_wave_closed(session: Session) -> None:
    wave = made(session)
    opened(session, wave)
    waves.close(session, wave, actor="test")
    late = responses.start(session, wave, "web", "en")
    late.postcode = "CM11AB"
    session.flush()
    assert waves.close_ended(session, today=TODAY, actor="test") == []
    session.refresh(late)
    assert late.postcode is None


@pytest.mark.usefixtures("places")
@pytest.mark.parametrize(("days", "kept"), [(28, 2), (29, 1)])
def test_what_was_never_sent_is_deleted_a_month_after_the_last_day(
    session: Session, days: int, kept: int
) -> None:
    wave = made(session)
    opened(session, wave)
    responses.start(session, wave, "web", "en")
    sent = responses.start(session, wave, "web", "en")
    sent.status = "submitted"
    waves.close(session, wave, actor="test")
    waves.close_ended(session, today=wave.closes_on + timedelta(days=days), actor="test")
    assert sum(responses.counts(session, wave.id or 0).values()) == kept
    assert (events(session)[-1] == ("wave.drafts-deleted", {"drafts": 1})) == (kept == 1)


@pytest.mark.usefixtures("places")
def test_extending_keeps_the_earlier_day_in_the_audit_trail(session: Session) -> None:
    wave = made(session)
    waves.extend(session, wave, date(2026, 6, 30), actor="test")
    assert events(session)[-1] == ("wave.extend", {"before": "2026-05-31", "after": "2026-06-30"})
    with pytest.raises(WaveRefusedError, match="Give a later day"):
        waves.extend(session, wave, date(2026, 6, 30), actor="test")
    with pytest.raises(WaveRefusedError, match="Extend it first"):
        opened(session, wave, today=date(2026, 7, 1))


def test_the_day_of_results_only_moves_later_once_residents_were_told(
    session: Session, places: dict[str, Area]
) -> None:
    with pytest.raises(WaveRefusedError, match="before the wave closes"):
        made(session, results_on=date(2026, 5, 30))
    wave = made(session, results_on=date(2026, 7, 1))
    waves.plan_results(session, wave, date(2026, 6, 15), actor="test")  # nobody has been told
    opened(session, wave)
    with pytest.raises(WaveRefusedError, match="were told 2026-06-15"):
        waves.plan_results(session, wave, date(2026, 6, 14), actor="test")
    waves.plan_results(session, wave, date(2026, 8, 1), actor="test")
    assert wave.results_on == date(2026, 8, 1)
    with pytest.raises(WaveRefusedError, match="Results would come"):
        waves.extend(session, wave, date(2026, 8, 2), actor="test")
    assert [detail for action, detail in events(session) if action == "wave.plan-results"] == [
        {"before": "2026-07-01", "after": "2026-06-15"},
        {"before": "2026-06-15", "after": "2026-08-01"},
    ]
