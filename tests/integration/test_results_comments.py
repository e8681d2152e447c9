"""What readers see of comments: only what a release carries, only their part of the map."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from analysis.comments import ItemComments, Quote, ThemeCount
from analysis.release import Release
from survey_app.db import transaction
from survey_app.services import released
from survey_app.services.roles import Role
from survey_app.store import waves
from tests.integration.test_results import Site, publish, site, text
from tests.releases import ALLIANCE, MILL, NORTH, QUAY, SOUTH, release

__all__ = ["publish", "site"]  # fixtures

URDU = "گھر میں نمی ہے اور مالک مکان کچھ نہیں کرتا۔"
SAID = (
    ItemComments(
        item="change",
        question="What would you change?",
        bases={"all": 95, NORTH: 40, SOUTH: 55},
        themes={"buses": "Buses & trains", "parks": "Parks"},
        counts=(
            ThemeCount("all", "buses", 35),
            ThemeCount(NORTH, "buses", 10),
            ThemeCount(SOUTH, "buses", 25),
            ThemeCount("all", "parks", 60),
        ),
        quotes=(
            Quote("all", URDU),
            Quote(NORTH, "More buses, please, [name] said, <b>and</b> soon."),
            *(Quote(SOUTH, f"The park is lovely and it is green {n}") for n in range(60)),
        ),
    ),
    ItemComments(
        item="comments",
        question="Anything else?",
        bases={"all": 45},
        themes={},
        counts=(),
        quotes=(),
        standing=("",),
    ),
)

Publish = Callable[..., Release]


def commented(number: int = 1) -> Release:
    return replace(release(number=number), comments=SAID)


def quotes(page: str) -> list[tuple[str, str]]:
    """(language, text) of every quote on a page."""
    return re.findall(r'<blockquote lang="(.*?)" dir="auto">(.*?)</blockquote>', page)


def test_themes_are_told_with_their_counts_and_quotes_in_their_language(site: Site, publish: Publish) -> None:
    publish(commented())
    page = site.reader().get("/results/comments").text
    said = text(page)
    assert said.index("Parks about 60") < said.index("Buses &amp; trains about 35")
    assert "Comments reviewed: about 95." in said
    found = quotes(page)
    assert found[0] == ("ur", URDU)
    assert found[1] == ("en", "More buses, please, [name] said, &lt;b&gt;and&lt;/b&gt; soon.")
    assert len(found) == 8
    assert "Read all 62 comments" in said
    assert "taken out names, places, numbers" in said
    assert "so its counts stand" in said[said.index("Anything else?") :]
    assert "so its counts stand" not in said[: said.index("Anything else?")]


def test_all_quotes_of_one_question_are_turned_page_by_page(site: Site, publish: Publish) -> None:
    publish(commented())
    reader = site.reader()
    found = [
        quotes(reader.get(f"/results/comments?item=change&page={number}").text)
        for number in ("1", "2", "x", "9")
    ]
    assert [len(each) for each in found] == [50, 12, 50, 12]
    assert len({*found[0], *found[1]}) == 62


def test_a_district_shows_what_hangs_on_it(site: Site, publish: Publish) -> None:
    publish(commented())
    page = site.reader().get(f"/results/comments?place={NORTH}").text
    assert [words for _, words in quotes(page)] == [
        "More buses, please, [name] said, &lt;b&gt;and&lt;/b&gt; soon."
    ]
    assert "Buses &amp; trains about 10" in text(page)
    assert "Parks" not in text(page).replace("Parkside", "")
    assert "Anything else?" not in page


@pytest.mark.parametrize(
    "query", ["place=E07X", f"place={MILL}", "item=life", f"place={NORTH}&item=comments"]
)
def test_what_is_not_told_is_not_found(site: Site, publish: Publish, query: str) -> None:
    publish(commented())
    assert site.reader().get(f"/results/comments?{query}").status_code == 404


def test_readers_of_one_area_see_their_districts(site: Site, publish: Publish) -> None:
    publish(commented())
    reader = site.reader(ALLIANCE)
    page = reader.get("/results/comments").text
    assert f'value="{NORTH}"' in page
    assert f'value="{SOUTH}"' not in page
    assert reader.get(f"/results/comments?place={NORTH}").status_code == 200
    assert reader.get(f"/results/comments?place={SOUTH}").status_code == 404


def test_pages_of_places_lead_there(site: Site, publish: Publish) -> None:
    publish(commented())
    reader = site.reader()
    assert 'href="/results/comments"' in reader.get("/results/").text
    assert f'href="/results/comments?place={NORTH}"' in reader.get(f"/results/{MILL}").text
    assert f'href="/results/comments?place={SOUTH}"' in reader.get(f"/results/{QUAY}").text
    assert 'href="/results/comments"' in reader.get(f"/results/{ALLIANCE}").text


def test_without_comments_nothing_leads_there_and_the_page_says_so(site: Site, publish: Publish) -> None:
    publish(release())
    reader = site.reader()
    assert "/results/comments" not in reader.get("/results/").text
    assert "/results/comments" not in reader.get(f"/results/{MILL}").text
    assert "too few comments were reviewed" in reader.get("/results/comments").text


def test_comments_of_a_withdrawn_release_are_not_shown(site: Site, publish: Publish) -> None:
    publish(commented())
    withdraw(site, 1)
    page = site.reader().get("/results/comments").text
    assert "These results were withdrawn" in page
    assert "buses" not in page.lower()


def test_an_earlier_release_shown_again_quotes_nobody(site: Site, publish: Publish) -> None:
    """Its writers may have taken their comments back, which only the release that was withdrawn knew."""
    publish(commented(1))
    publish(release(number=2))
    withdraw(site, 2)
    reader = site.reader()
    for address in ("/results/comments", "/results/comments?item=change", f"/results/comments?place={NORTH}"):
        page = reader.get(address).text
        assert quotes(page) == []
        assert "may have taken theirs back" in text(page)
        assert "Buses &amp; trains" in text(page)


def test_an_analyst_may_read_them_and_a_translator_may_not(site: Site, publish: Publish) -> None:
    publish(commented())
    assert site.reader(role=Role.ANALYST).get("/results/comments").status_code == 200
    assert site.reader(role=Role.TRANSLATOR).get("/results/comments").status_code == 403


def withdraw(site: Site, number: int) -> None:
    with transaction(site.database.engine) as session:
        wave = waves.by_slug(session, "spring") or pytest.fail("no wave")
        released.withdraw(session, wave, number, "The margins were those of 2011.", actor="test")
