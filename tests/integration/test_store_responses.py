"""Responses and waves in the store: what must hold when several people write at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlmodel import Session

from survey_app.db import reading, transaction
from survey_app.store import drafts, responses, waves
from survey_app.tables import Response, Wave
from tests.integration import samples
from tests.integration.conftest import Database


def stored_wave(database: Database, **given: object) -> int:
    with transaction(database.engine) as session:
        return waves.add(session, samples.wave(**given)).id


def submit(session: Session, wave: Wave, answers: dict[str, object]) -> Response:
    response = responses.start(session, wave, "web", "en")
    response.answers, response.status = answers, "submitted"
    response.sequence = responses.next_sequence(session, wave.id)
    session.flush()
    return response


def at_once(work: Callable[[int], object], times: int) -> list[object]:
    """Run `work` that many times, all starting together."""
    barrier = threading.Barrier(times)

    def started(number: int) -> object:
        barrier.wait(timeout=30)
        return work(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(started, range(times)))


def test_a_response_is_found_with_its_wave_and_not_with_another(database: Database) -> None:
    with transaction(database.engine) as session:
        wave = waves.add(session, samples.wave(slug="here"))
        waves.add(session, samples.wave(slug="elsewhere"))
        response_id = responses.start(session, wave, "web", "en").id
    for locked in (False, True):
        with transaction(database.engine) as session:
            found = responses.with_wave(session, "here", response_id, locked=locked)
            assert found is not None
            assert (found[0].slug, found[1].id) == ("here", response_id)
            assert responses.with_wave(session, "elsewhere", response_id, locked=locked) is None
            assert responses.with_wave(session, "here", "no-such-response", locked=locked) is None


def test_a_response_found_locked_with_its_wave_waits_for_another_page(database: Database) -> None:
    with transaction(database.engine) as session:
        wave = waves.add(session, samples.wave(slug="here"))
        response_id = responses.start(session, wave, "web", "en").id

    def save(page: int) -> None:
        with transaction(database.engine) as session:
            found = responses.with_wave(session, "here", response_id, locked=True)
            drafts.merge(session, found[1], {f"item{page}": page})

    at_once(save, 8)
    with transaction(database.engine) as session:
        assert responses.get(session, response_id).answers == {f"item{page}": page for page in range(8)}


def test_two_tabs_saving_different_pages_keep_both(database: Database) -> None:
    wave_id = stored_wave(database)
    with transaction(database.engine) as session:
        response_id = responses.start(session, waves.by_id(session, wave_id), "web", "en").id

    def save(page: int) -> None:
        with transaction(database.engine) as session:
            stale = responses.get(session, response_id)
            responses.merge_answers(session, stale, {f"item{page}": page})

    at_once(save, 8)
    with transaction(database.engine) as session:
        response = responses.get(session, response_id)
        assert response.answers == {f"item{page}": page for page in range(8)}
        assert response.revision == 8


def test_a_page_read_before_another_was_saved_does_not_undo_it(database: Database) -> None:
    wave_id = stored_wave(database)
    with transaction(database.engine) as session:
        response_id = responses.start(session, waves.by_id(session, wave_id), "web", "en").id
    with reading(database.engine) as session:
        read_early = responses.get(session, response_id)
    with transaction(database.engine) as session:
        responses.merge_answers(session, responses.get(session, response_id), {"a": 1, "c": 1})
    with transaction(database.engine) as session:
        responses.merge_answers(session, read_early, {"b": 2, "c": 3})
    with reading(database.engine) as session:
        response = responses.get(session, response_id)
        assert (response.answers, response.revision) == ({"a": 1, "b": 2, "c": 3}, 2)


def test_sequences_are_unique_and_in_order_of_commit(database: Database) -> None:
    wave_id, other = stored_wave(database), stored_wave(database, slug="autumn")

    def submit_five(_: int) -> None:
        for _ in range(5):
            with transaction(database.engine) as session:
                submit(session, waves.by_id(session, wave_id), {})

    at_once(submit_five, 6)
    with transaction(database.engine) as session:
        found = [row.sequence for batch in responses.submitted_since(session, wave_id, 0) for row in batch]
        assert found == list(range(1, 31))
        assert responses.next_sequence(session, other) == 1


def test_a_sequence_that_was_rolled_back_is_given_again(database: Database) -> None:
    wave_id = stored_wave(database)

    def interrupted() -> None:
        with transaction(database.engine) as session:
            assert responses.next_sequence(session, wave_id) == 1
            raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        interrupted()
    with transaction(database.engine) as session:
        assert responses.next_sequence(session, wave_id) == 1
        with pytest.raises(responses.UnknownWaveError):
            responses.next_sequence(session, wave_id + 1000)


def test_submitted_since_leaves_out_drafts_withdrawn_and_what_was_read(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(responses, "BATCH", 2)
    wave = waves.add(session, samples.wave())
    for number in range(5):
        submit(session, wave, {"n": number})
    responses.start(session, wave, "web", "en")
    gone = submit(session, wave, {"n": 99})
    gone.status = "withdrawn"
    session.flush()
    batches = list(responses.submitted_since(session, wave.id, 1))
    assert [[row.sequence for row in batch] for batch in batches] == [[2, 3], [4, 5]]
    assert batches[0][0].answers == {"n": 1}
    assert responses.withdrawn(session, wave.id) == [gone.id]
    assert responses.counts(session, wave.id) == {
        ("draft", "web"): 1,
        ("submitted", "web"): 5,
        ("withdrawn", "web"): 1,
    }


def test_a_response_is_found_by_its_resume_code(session: Session) -> None:
    wave = waves.add(session, samples.wave())
    made = responses.start(session, wave, "assisted", "ur", receipt_hash="h" * 64)
    assert responses.by_receipt(session, "h" * 64).id == made.id
    assert responses.by_receipt(session, "g" * 64) is None


def test_only_drafts_lose_their_postcodes(session: Session) -> None:
    wave = waves.add(session, samples.wave())
    draft, done = responses.start(session, wave, "web", "en"), submit(session, wave, {})
    draft.postcode = done.postcode = "CM11AB"
    session.flush()
    assert responses.wipe_draft_postcodes(session, wave.id) == 1
    session.refresh(draft)
    assert (draft.postcode, done.postcode) == (None, "CM11AB")


@pytest.mark.parametrize(
    ("today", "taking"),
    [
        (date(2025, 12, 31), []),
        (date(2026, 1, 1), ["spring"]),
        (date(2026, 12, 31), ["spring"]),
        (date(2027, 1, 1), []),
    ],
)
def test_open_waves_are_those_within_their_dates(session: Session, today: date, taking: list[str]) -> None:
    waves.add(session, samples.wave())
    waves.add(session, samples.wave(slug="draft", status="draft"))
    waves.add(session, samples.wave(slug="closed", status="closed"))
    assert [wave.slug for wave in waves.open_waves(session, today)] == taking
    assert len(waves.all_waves(session)) == 3
