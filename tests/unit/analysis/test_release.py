"""A release as a document."""

from __future__ import annotations

import json

import pytest

from analysis.release import from_json, national_for
from tests.unit.analysis.samples import WARDS, built, tallied

RELEASE = built(tallied(dict.fromkeys(WARDS, 60))).release


def test_a_release_comes_back_as_it_was() -> None:
    again = from_json(RELEASE.to_json())
    assert again == RELEASE
    assert again.digest == RELEASE.digest


def test_the_document_is_plain_json_without_exact_numbers_of_numpy_or_nan() -> None:
    json.loads(RELEASE.to_json(), parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


def test_a_neighbourhood_inherits_its_districts_national_figure_by_name() -> None:
    held = national_for(RELEASE, "N1", "satisfied")
    assert held is not None
    assert (held.area, held.value) == ("North", 7.6)
    assert national_for(RELEASE, "S1", "jobs") is None
    assert national_for(RELEASE, "C", "satisfied") is None, (
        "an area is not given the figure of one of its parts"
    )
    with pytest.raises(KeyError):
        national_for(RELEASE, "Atlantis", "satisfied")
