"""Which words are residents': worked out from their pages, and neither too few nor the staff's."""

from __future__ import annotations

from survey_app import readership


def test_residents_words_come_from_their_pages_papers_and_errors_and_no_others() -> None:
    files = readership.files_residents_read()
    assert {
        "survey_app/app.py",
        "survey_app/forms/items.py",
        "survey_app/templates/base.html",
        "survey_app/templates/errors/error.html",
        "survey_app/templates/fields/radios.html",
        "survey_app/templates/index.html",
        "survey_app/templates/paper/form.html",
        "survey_app/templates/resident/start.html",
        "survey_app/views/resident.py",
    } <= files
    staffs = (
        "views/accounts",
        "views/people",
        "views/waves",
        "templates/accounts",
        "templates/results",
        "audit",
    )
    assert [file for file in files if any(part in file for part in staffs)] == []


def test_no_page_for_anyone_hides_among_pages_of_people_with_an_account() -> None:
    """Its words would count as staff's. Signing in and invitations are; anything else needs a home."""
    assert readership.mixed() == {"accounts"}
