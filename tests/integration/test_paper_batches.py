"""Batches of paper forms: opened, listed, reconciled, closed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, select

from survey_app.db import transaction
from survey_app.services import fieldwork, people
from survey_app.services.roles import Role
from survey_app.store import waves
from survey_app.tables import AuditEvent
from tests.integration import samples
from tests.integration.conftest import Database
from tests.integration.paperwork import FORM, TODAY, Office, entry_of, office


@pytest.fixture
def desk(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr(fieldwork, "today", lambda moment=None: TODAY)
    return office(database, tmp_path)


def test_a_batch_keeps_what_was_said_of_it(desk: Office) -> None:
    batch = desk.batch(desk.open_batch(place="  Chelmsford \x00 Library ", returned="1 0"))
    assert (batch.place, batch.held_on, batch.area_code, batch.area_vintage) == (
        "Chelmsford Library",
        date(2026, 6, 10),
        "W2",
        "2024",
    )
    assert (batch.handed_out, batch.returned, batch.organisation_id, batch.opened_by) == (
        30,
        10,
        desk.charity,
        desk.worker,
    )


def test_area_and_number_handed_out_may_be_left_out(desk: Office) -> None:
    batch = desk.batch(desk.open_batch(area="", handed_out=""))
    assert (batch.area_code, batch.handed_out) == (None, None)


def test_the_areas_to_choose_from_are_the_waves_own_by_district(desk: Office) -> None:
    page = desk.client.get("/paper/open").text
    assert '<optgroup label="Northfield">' in page
    assert "Leigh-on-Sea" in page
    assert "Elsewhere" not in page


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"place": " "}, "place", "Say where the forms were handed out"),
        ({"held_on": ""}, "held_on", "Enter the date"),
        ({"held_on": "2026-06-16"}, "held_on", "has not come yet"),
        ({"held_on": "2025-06-10"}, "held_on", "long before this wave opened"),
        ({"area": "X1"}, "area", "Choose an area from the list"),
        ({"returned": ""}, "returned", "Count the forms"),
        ({"returned": "0"}, "returned", "Count the forms"),
        ({"returned": "ten"}, "returned", "Count the forms"),
        ({"returned": "31"}, "returned", "More forms came back than were handed out"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    desk: Office, given: dict[str, str], field: str, words: str
) -> None:
    sent = {
        "organisation": str(desk.charity),
        "place": "Fair",
        "held_on": "2026-06-10",
        "area": "",
        "handed_out": "30",
        "returned": "10",
    }
    answer = desk.client.post("/paper/open", data=sent | given)
    assert answer.status_code == 422
    assert f'<a href="#{field}">' in answer.text
    assert words in answer.text


def test_everything_wrong_with_a_batch_is_said_at_once(desk: Office) -> None:
    sent = {"organisation": str(desk.charity), "place": "", "held_on": "", "returned": "0"}
    answer = desk.client.post("/paper/open", data=sent)
    assert answer.text.count('<li><a href="#') == 3


def test_nobody_opens_a_batch_for_another_organisation(desk: Office) -> None:
    sent = {"organisation": str(desk.charity), "place": "Fair", "held_on": "2026-06-10", "returned": "1"}
    assert desk.stranger.post("/paper/open", data=sent).status_code == 422
    assert "Fair" not in desk.client.get("/paper/").text


def test_with_two_waves_the_worker_says_which(desk: Office) -> None:
    with transaction(desk.database.engine) as session:
        waves.add(session, samples.wave(slug="later", title="Not begun", opens_on=date(2026, 7, 1)))
        waves.add(session, samples.wave(slug="draft", title="Being written", status="draft"))
    assert "How many came back" in desk.client.get("/paper/open").text  # one wave, nothing to choose
    with transaction(desk.database.engine) as session:
        waves.add(session, samples.wave(slug="winter", title="Winter survey"))
    page = desk.client.get("/paper/open").text
    assert 'href="/paper/open?wave=winter"' in page
    assert 'href="/paper/open?wave=spring"' in page
    assert "Not begun" not in page
    assert "Being written" not in page


def test_the_list_says_how_far_each_batch_is(desk: Office) -> None:
    library, fair = desk.open_batch(), desk.open_batch(place="Fair", handed_out="", returned="1")
    desk.key(library, "A1")
    desk.key(library, "A2", FORM | {"consent_take_part": ""}, confirmed=["no-consent:"])
    desk.key(fair, "B1")
    desk.client.post(f"/paper/{fair}/close", data={"returned": "1"})
    page = desk.client.get("/paper/").text
    opened, closed = page.index("Chelmsford Library"), page.index("Fair")
    assert opened < page.index("Closed batches") < closed
    row = page[opened : page.index("</tr>", opened)]
    numbers = [cell.split("</td>")[0] for cell in row.split('<td class="number">')[1:]]
    assert numbers == ["30", "10", "2", "8"]  # handed out, came back, done, left
    assert f'href="/paper/{fair}/key"' not in page


def test_a_batch_closes_when_its_numbers_agree(desk: Office) -> None:
    batch = desk.open_batch(returned="3")
    desk.key(batch, "A1")
    desk.key(batch, "A2", FORM | {"postcode": "CO1 1AA"}, confirmed=["outside-area:CO11AA"])
    entry = entry_of(desk.page(batch))
    desk.client.post(f"/paper/{batch}/spoilt", data={"serial": "A3", "entry": entry})
    page = desk.client.get(f"/paper/{batch}/close").text
    assert "Every form that came back is accounted for." in page
    assert desk.client.post(f"/paper/{batch}/close", data={"returned": "3"}).status_code == 302
    assert desk.batch(batch).closed_at is not None
    with Session(desk.database.engine) as session:
        event = session.exec(select(AuditEvent).where(AuditEvent.action == "batch.close")).one()
    assert event.detail == {"returned": 3, "keyed": 1, "no_consent": 0, "outside_area": 1, "spoilt": 1}
    again = desk.client.post(f"/paper/{batch}/close", data={"returned": "3"})
    assert again.status_code == 302
    assert desk.client.get(f"/paper/{batch}/close").status_code == 302


def test_a_difference_must_be_put_right_or_accepted(desk: Office) -> None:
    batch = desk.open_batch(returned="3")
    desk.key(batch, "A1")
    assert "2 forms that came back are not accounted for" in desk.client.get(f"/paper/{batch}/close").text
    refused = desk.client.post(f"/paper/{batch}/close", data={"returned": "3"})
    assert refused.status_code == 422
    assert '<a href="#accept">' in refused.text
    assert desk.batch(batch).closed_at is None
    assert desk.client.post(f"/paper/{batch}/close", data={"returned": "1"}).status_code == 302
    assert desk.batch(batch).returned == 1

    accepted = desk.open_batch(returned="3")
    done = desk.client.post(f"/paper/{accepted}/close", data={"returned": "3", "accept": "y"})
    assert done.status_code == 302
    assert desk.batch(accepted).closed_at is not None


def test_a_refused_count_changes_nothing(desk: Office) -> None:
    batch = desk.open_batch(returned="3")
    for typed in ("0", "many", "31", ""):
        assert desk.client.post(f"/paper/{batch}/close", data={"returned": typed}).status_code == 422
    assert desk.batch(batch).returned == 3


def test_more_keyed_than_came_back_is_said(desk: Office) -> None:
    batch = desk.open_batch(returned="1")
    desk.key(batch, "A1")
    page = desk.client.get(desk.key(batch, "A2").location).text
    assert "1 more than came back" in page
    assert "1 form more was keyed than came back" in desk.client.get(f"/paper/{batch}/close").text


def test_a_form_being_keyed_when_the_batch_closes_stays_on_the_screen(desk: Office) -> None:
    batch = desk.open_batch(returned="1")
    entry = entry_of(desk.page(batch))
    desk.client.post(f"/paper/{batch}/close", data={"returned": "1", "accept": "y"})
    answer = desk.key(batch, "A1", entry=entry)
    assert answer.status_code == 422
    assert "the form on this page is not saved" in answer.text
    assert 'name="q-life_sat" value="7"' in answer.text
    assert desk.forms() == []


def test_a_worker_of_two_organisations_says_for_which(desk: Office) -> None:
    with transaction(desk.database.engine) as session:
        second = people.add_organisation(session, "Maldon CVS", actor="command-line")
        people.give_role(
            session,
            user_id=desk.worker,
            role=Role.OUTREACH_WORKER,
            organisation_id=second,
            actor="command-line",
        )
    assert "Maldon CVS" in desk.client.get("/paper/open").text
    assert desk.batch(desk.open_batch(organisation=str(second))).organisation_id == second
