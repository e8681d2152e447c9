"""Where a resident's answers belong: postcodes known, unknown, declined and outside; places from a list."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.conftest import Database
from tests.integration.residents import ABOUT, CONSENT, LIFE, Browser, furnish, running, stored


@pytest.fixture
def resident(database: Database, tmp_path: Path) -> Iterator[Browser]:
    furnish(database)
    with running(database, tmp_path) as app:
        browser = Browser.on(app)
        browser.answer(("consent", CONSENT))
        yield browser


def test_an_unknown_postcode_leads_to_a_list_and_is_forgotten(resident: Browser, database: Database) -> None:
    resident.send({"postcode": "nf9 9zz"})
    assert resident.path == "/s/spring/area"
    assert "NF9 9ZZ" in resident.text
    for name in ("Northfield", "Southfield", "St. Mary&#39;s", "Leigh-on-Sea", "Marsh &amp; Mill"):
        assert name in resident.text
    assert "Elsewhere" not in resident.text
    assert (
        resident.text.index("Leigh-on-Sea") < resident.text.index("St. Mary") < resident.text.index("Marsh")
    )
    resident.send({"area": "W3"})
    assert resident.path == "/s/spring/q/life"
    response = stored(database)[0]
    assert (response.area_code, response.area_vintage, response.postcode) == ("W3", "2024", None)
    resident.answer(("life", LIFE), ("about", ABOUT))
    assert "Marsh &amp; Mill" in resident.text
    resident.send({})
    assert stored(database)[0].area_code == "W3"


@pytest.mark.parametrize("given", [{}, {"postcode": "prefer-not-to-say"}])
def test_no_postcode_and_no_place_counts_for_the_whole_survey(
    resident: Browser, database: Database, given: dict[str, str]
) -> None:
    resident.send(given)
    assert resident.path == "/s/spring/area"
    resident.send({"area": "prefer-not-to-say"})
    assert resident.path == "/s/spring/q/life"
    resident.answer(("life", LIFE), ("about", ABOUT))
    resident.send({})
    response = stored(database)[0]
    assert (response.status, response.area_code, response.postcode) == ("submitted", None, None)


@pytest.mark.parametrize("area", ["", "D9", "L1", "W9", "\x00", "<script>"])
def test_a_place_that_was_not_offered_is_not_taken(resident: Browser, database: Database, area: str) -> None:
    resident.send({})
    page = resident.send({"area": area})
    assert page.status_code == 422
    assert "Error: " in resident.title
    assert 'href="#area-decline"' in resident.text
    assert stored(database)[0].area_code is None


def test_outside_the_area_is_told_kindly_and_not_kept(resident: Browser, database: Database) -> None:
    page = resident.send({"postcode": "el1 1aa"})
    assert page.status_code == 200
    assert "EL1 1AA" in resident.text
    assert "Elsewhere" in resident.text
    assert stored(database)[0].postcode is None
    assert stored(database)[0].area_code is None
    resident.send({}, "/s/spring/stop")
    assert stored(database) == []


def test_a_postcode_typed_wrongly_can_be_corrected(resident: Browser, database: Database) -> None:
    resident.send({"postcode": "el1 1aa"})
    resident.get("/s/spring/q/place")
    resident.send({"postcode": "NF11AA"})
    assert resident.path == "/s/spring/q/life"
    assert stored(database)[0].area_code == "L1"


def test_living_somewhere_else_is_the_same(resident: Browser, database: Database) -> None:
    resident.send({})
    resident.send({"area": "elsewhere"})
    assert "You live outside the area" in resident.title
    assert stored(database)[0].area_code is None


def test_taking_the_postcode_back_takes_its_area_back(resident: Browser, database: Database) -> None:
    resident.send({"postcode": "nf1 1aa"})
    resident.answer(("place", {"postcode": ""}))
    response = stored(database)[0]
    assert (response.postcode, response.area_code) == (None, None)


def test_a_chosen_place_stays_when_the_postcode_page_is_left_blank_again(
    resident: Browser, database: Database
) -> None:
    resident.send({})
    resident.send({"area": "W2"})
    resident.answer(("place", {"postcode": ""}))
    assert resident.path == "/s/spring/q/life"
    assert stored(database)[0].area_code == "W2"


def test_a_known_postcode_replaces_a_chosen_place(resident: Browser, database: Database) -> None:
    resident.send({})
    resident.send({"area": "W3"})
    resident.answer(("place", {"postcode": "NF1 1AA"}))
    assert stored(database)[0].area_code == "L1"
    resident.get("/s/spring/area")  # the postcode says where: there is nothing to choose
    assert resident.path == "/s/spring/q/place"


def test_a_postcode_that_cannot_be_one_is_an_error_that_keeps_what_was_typed(
    resident: Browser, database: Database
) -> None:
    page = resident.send({"postcode": "not <a> postcode"})
    assert page.status_code == 422
    assert 'value="not &lt;a&gt; postcode"' in resident.text
    assert stored(database)[0].postcode is None
