"""A new figure is held against what earlier releases said of the same answers under another name."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from analysis.build import Earlier
from analysis.indicators import items_in
from analysis.release import Marker
from analysis.tallies import count
from questionnaires.framework import Indicator, Statistic
from tests.unit.analysis import samples
from tests.unit.analysis.samples import COLD, SATISFIED

SIZES = dict.fromkeys(samples.WARDS, 120)
CONTENT = Indicator(
    code="content",
    title="Content",
    polarity=1,
    item="life",
    statistic=Statistic.PROPORTION,
    codes=(7, 8, 9, 10),
    unit="%",
    made_by="Us",
)


def shown(late: int, *new: Indicator, own: tuple[Indicator, ...] = (SATISFIED, COLD)) -> set[tuple[str, str]]:
    """New figures of a second release, so many answers later in one ward."""
    people = samples.people(SIZES)
    first = samples.built(count(people, ["age"]), framework=samples.framework(SATISFIED, COLD))
    later = pd.concat([people, samples.people({"N1": late}, seed=9)]) if late else people
    second = samples.built(
        count(later.astype({c: "category" for c in people if people[c].dtype == "category"}), ["age"]),
        framework=samples.framework(*own, *new),
        number=2,
        earlier=(Earlier(first.release, first.bases),),
    )
    found = [f for f in second.release.figures if f.marker is Marker.SHOWN and f.stands_from is None]
    return {(f.indicator, f.area) for f in found}


@pytest.mark.parametrize("codes", [(2,), (1,)])
def test_a_share_made_anew_waits_like_the_one_it_is_the_same_as(codes: tuple[int, ...]) -> None:
    new = replace(COLD, code="again", codes=codes, made_by="Us")
    for late, may in ((0, True), (3, False), (9, False), (10, True)):
        assert (("again", "N1") in shown(late, new)) is may, late
        assert ("again", "S1") in shown(late, new), "nobody came there"


def test_a_definition_that_has_changed_does_not_tell_of_those_who_came() -> None:
    assert ("cold", "N1") not in shown(3, own=(SATISFIED, replace(COLD, codes=(1,))))
    assert ("cold", "N1") in shown(14, own=(SATISFIED, replace(COLD, codes=(1,))))


def test_a_share_of_an_item_that_had_only_a_mean_waits_for_it() -> None:
    assert ("content", "N1") not in shown(3, CONTENT)
    assert ("content", "C") in shown(60, CONTENT)


def test_the_questions_behind_a_figure_are_read_from_what_it_means() -> None:
    assert items_in("warm|proportion|2|3") == {"warm"}
    assert items_in("composite|2|life=7,8;warm=1") == {"life", "warm"}
