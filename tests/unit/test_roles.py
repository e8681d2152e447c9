"""What a signed-in person may do, from the grants they hold."""

import pytest

from survey_app.services.roles import Grant, Principal, Role


def person(*grants: Grant) -> Principal:
    return Principal("id", "Name", "name@example.org", "key", grants)


def test_roles_are_held_for_an_organisation() -> None:
    worker = person(Grant(Role.OUTREACH_WORKER, 1, "One"), Grant(Role.ANALYST, 2, "Two"))
    assert worker.has(Role.OUTREACH_WORKER)
    assert not worker.has(Role.ADMINISTRATOR)
    assert worker.organisations(Role.OUTREACH_WORKER) == (1,)
    assert worker.works_for(1, Role.OUTREACH_WORKER, Role.SURVEY_MANAGER)
    assert not worker.works_for(2, Role.OUTREACH_WORKER, Role.SURVEY_MANAGER)


def test_areas_are_those_of_the_roles_asked_about() -> None:
    viewer = person(
        Grant(Role.ALLIANCE_VIEWER, 1, "One", "A1"),
        Grant(Role.ALLIANCE_VIEWER, 1, "One", "D2"),
        Grant(Role.OUTREACH_WORKER, 1, "One"),
    )
    assert viewer.area_codes(Role.ALLIANCE_VIEWER, Role.ANALYST) == ("A1", "D2")


def test_one_role_held_everywhere_lifts_the_limit() -> None:
    both = person(Grant(Role.ALLIANCE_VIEWER, 1, "One", "A1"), Grant(Role.ANALYST, 2, "Two"))
    assert both.area_codes(Role.ALLIANCE_VIEWER, Role.ANALYST) == ()


def test_no_role_never_reads_as_everywhere() -> None:
    with pytest.raises(PermissionError):
        person(Grant(Role.ADMINISTRATOR, 1, "One")).area_codes(Role.ALLIANCE_VIEWER)
