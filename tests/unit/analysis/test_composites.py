"""Composites: within persons, against a plain-Python counter and hand computation; and what they may tell."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import composites, remainders, snapshot
from analysis.build import Earlier
from analysis.composites import columns_of, evaluate
from analysis.disclosure import Policy
from analysis.engines import ENGINES
from analysis.estimates import estimate
from analysis.indicators import BASE, TOTAL, counts, local_indicators
from analysis.release import Marker, from_json
from analysis.snapshot import SnapshotRow
from analysis.tallies import MISSING_CODES
from questionnaires import bespoke
from questionnaires.answers import Missing
from questionnaires.bespoke import Definition
from questionnaires.framework import Composite, Framework, Indicator, Part, Statistic
from tests.unit.analysis.samples import COLD, SATISFIED, built, framework, questionnaire

ENGINES_HERE = [name for name in ("numpy", "duckdb") if name in ENGINES]
BY_CODE = {code: reason for reason, code in MISSING_CODES.items()}
ORDER = ("prefer-not-to-say", "invalid-mark", "not-answered", "not-asked")
CONTENT, WARM = Part(item="life", codes=(7, 8, 9, 10)), Part(item="warm", codes=(1,))
BOTH = Composite(parts=(CONTENT, WARM), at_least=2)


def definition(
    composite: Composite = BOTH, code: str = "warm_and_content", under: tuple[str, ...] = ("life", "quiet")
) -> Definition:
    indicator = Indicator(
        code=code, title="Content in a warm home", polarity=1, unit="%", made_by="Us", composite=composite
    )
    return Definition(questionnaire="small", under=under, indicator=bespoke.made(indicator))


def of_item(code: str, item: str, *codes: int) -> Definition:
    indicator = Indicator(
        code=code,
        title=code,
        polarity=1,
        unit="%",
        made_by="Us",
        item=item,
        statistic=Statistic.PROPORTION,
        codes=codes,
    )
    return Definition(questionnaire="small", under=("life",), indicator=indicator)


def with_these(*definitions: Definition, own: tuple[Indicator, ...] = (SATISFIED, COLD)) -> Framework:
    return bespoke.merged(framework(*own), definitions)


# One person at a time, the slow and obvious way.


def told(composite: Composite, answers: Mapping[str, int], idle: Mapping[str, set[int]]) -> int:
    """What every way of filling the missing answers in would say; else the first reason in `ORDER`."""
    known, missing = [], []
    for part in composite.parts:
        code = answers[part.item]
        if code in idle.get(part.item, set()):
            code = MISSING_CODES["not-answered"]
        if code < 0:
            missing.append(BY_CODE[code])
        else:
            known.append(code in part.codes)
    ways = {
        sum(known) + sum(filled) >= composite.at_least
        for filled in itertools.product((False, True), repeat=len(missing))
    }
    if len(ways) == 1:
        return int(ways.pop())
    return MISSING_CODES[next(reason for reason in ORDER if reason in missing)]


CODES = st.sampled_from([1, 2, 3, 4, *MISSING_CODES.values()])


@st.composite
def cases(draw: st.DrawFn) -> tuple[Composite, list[dict[str, int]]]:
    size = draw(st.integers(2, 5))
    names = [f"q{number}" for number in range(size)]
    parts = tuple(
        Part(item=name, codes=tuple(sorted(draw(st.sets(st.integers(1, 3), min_size=1, max_size=2)))))
        for name in names
    )
    composite = Composite(parts=parts, at_least=draw(st.integers(1, size)))
    people = draw(st.lists(st.fixed_dictionaries({name: CODES for name in names}), min_size=1, max_size=20))
    return composite, people


@given(cases())
def test_each_person_is_told_as_every_way_of_filling_in_what_is_missing_would(case) -> None:
    composite, people = case
    idle = {"q0": {4}}
    columns = {name: np.array([p[name] for p in people]) for name in people[0]}
    found = evaluate(composite, columns, idle)
    assert found.tolist() == [told(composite, person, idle) for person in people]


# The whole way through a snapshot.


def rows(people: list[tuple[str, object, object]]) -> list[SnapshotRow]:
    return [
        SnapshotRow(
            id=f"r{number}",
            sequence=number,
            area=area,
            mode="web",
            language="en",
            cell={"age": "old" if number % 3 else "young"},
            answers={"life": life, "warm": warm, "age_band": 1},
        )
        for number, (area, life, warm) in enumerate(people, 1)
    ]


PEOPLE = [
    (area, life, warm)
    for area in ("N1", "S1")
    for life in (3, 8, 10, Missing.NOT_ANSWERED, Missing.NOT_ASKED)
    for warm in (1, 1, 2, 3, Missing.PREFER_NOT_TO_SAY)
    for _ in range(2 if area == "N1" else 3)
]


@pytest.mark.parametrize("engine", ENGINES_HERE)
def test_every_engine_counts_a_composite_as_one_person_at_a_time(tmp_path: Path, engine: str) -> None:
    folder = tmp_path / "snapshot"
    held = rows(PEOPLE)
    snapshot.append(folder, held[:70], questionnaire())
    snapshot.append(folder, held[70:], questionnaire())
    wanted = columns_of(with_these(definition()), questionnaire())
    assert set(wanted) == {"composite.warm_and_content", "composite.warm_and_content.dual"}
    before = snapshot.digest(folder)
    found = composites.tally(folder, wanted, questionnaire(), engine=engine)

    plain: Counter = Counter()
    for row in held:
        answers = {
            item: MISSING_CODES[a.value] if isinstance(a, Missing) else a for item, a in row.answers.items()
        }
        for column, composite in wanted.items():
            plain[row.area, row.cell["age"], column, told(composite, answers, {"warm": {3}})] += 1
    counted = Counter(
        {
            (r.area, found.cells["age"].iloc[r.cell], r.item, r.code): r.n
            for r in found.answers.itertuples()
            if r.item in wanted
        }
    )
    assert counted == plain
    assert found.respondents["n"].sum() == len(held)
    assert snapshot.digest(folder) == before
    assert not (folder / "derived").exists(), "answers are not left lying about"


def test_what_a_broken_off_count_left_is_swept_up(tmp_path: Path) -> None:
    folder = tmp_path / "snapshot"
    snapshot.append(folder, rows(PEOPLE), questionnaire())
    (folder / "derived").mkdir()
    (folder / "derived" / "part-000001.parquet").write_bytes(b"half a file")
    wanted = columns_of(with_these(definition()), questionnaire())
    assert composites.tally(folder, wanted, questionnaire()).respondents["n"].sum() == len(PEOPLE)


def test_a_composite_of_what_is_not_asked_is_no_column() -> None:
    other = definition(Composite(parts=(CONTENT, Part(item="damp", codes=(1,))), at_least=2))
    assert columns_of(with_these(other), questionnaire()) == {}
    (local,) = (one for one in local_indicators(with_these(other), questionnaire()) if one.indicator.made_by)
    assert not local.asked


def test_its_standard_error_is_from_values_within_persons(tmp_path: Path) -> None:
    """By hand over the people: sqrt(N/(N-1) sum w^2 (y - p)^2) / W. Assuming independence is wrong."""
    random = np.random.default_rng(5)
    people = []
    for _ in range(400):
        warm = 1 if random.random() < 0.5 else 2
        people.append(("N1", 8 if random.random() < (0.9 if warm == 1 else 0.1) else 3, warm))
    held = rows(people)
    folder = tmp_path / "snapshot"
    snapshot.append(folder, held, questionnaire())
    wanted = columns_of(with_these(definition()), questionnaire())
    found = composites.tally(folder, wanted, questionnaire())
    weight_of = {"young": 1.7, "old": 0.6}
    weights = found.cells["age"].map(weight_of).to_numpy(dtype=float)

    answers = found.answers[found.answers["item"] == "composite.warm_and_content"]
    made = estimate(answers, weights, total_n=len(held), statistic="proportion", codes=(1,)).iloc[0]

    w = np.array([weight_of[row.cell["age"]] for row in held])
    y = np.array([float(life >= 7 and warm == 1) for _area, life, warm in people])
    share = (w * y).sum() / w.sum()
    by_hand = math.sqrt(len(y) / (len(y) - 1) * (w**2 * (y - share) ** 2).sum()) / w.sum()
    assert made["estimate"] == pytest.approx(share, abs=1e-12)
    assert made["se"] == pytest.approx(by_hand, rel=1e-12)

    def of(values: np.ndarray) -> tuple[float, float]:
        p = (w * values).sum() / w.sum()
        return p, len(y) / (len(y) - 1) * (w**2 * (values - p) ** 2).sum() / w.sum() ** 2

    (p1, v1), (p2, v2) = (
        of(np.array([float(each) for each in held]))
        for held in zip(*((life >= 7, warm == 1) for _area, life, warm in people), strict=True)
    )
    independent = math.sqrt(p1**2 * v2 + p2**2 * v1)
    assert abs(p1 * p2 - share) > 0.1, "the product of the shares is another number"
    assert abs(independent / by_hand - 1) > 0.08, "and its error is another too"


# What implies what.

PARTS = st.builds(
    lambda item, codes: Part(item=item, codes=tuple(sorted(codes))),
    st.sampled_from("abc"),
    st.sets(st.integers(1, 3), min_size=1, max_size=2),
)
SHARES = st.lists(PARTS, min_size=1, max_size=3, unique_by=lambda part: part.item).flatmap(
    lambda parts: st.builds(Composite, parts=st.just(tuple(parts)), at_least=st.integers(1, len(parts)))
)


@given(SHARES, SHARES)
def test_implication_is_what_holds_for_every_possible_person(one: Composite, other: Composite) -> None:
    def holds(composite: Composite, person: dict[str, int]) -> bool:
        return sum(person[p.item] in p.codes for p in composite.parts) >= composite.at_least

    people = [dict(zip("abc", codes, strict=True)) for codes in itertools.product((1, 2, 3), repeat=3)]
    assert remainders.implies(one, other) == all(holds(other, p) for p in people if holds(one, p))


# What may be said.


def survey(
    tmp_path: Path,
    cells: Mapping[tuple[int, int], int],
    *definitions: Definition,
    own: tuple[Indicator, ...] = (SATISFIED, COLD),
    former: tuple[Definition, ...] = (),
    **more: object,
):
    """A release over so many people of each (life, warm), and what it was counted from."""
    people = [("N1", life, warm) for (life, warm), n in cells.items() for _ in range(n)]
    folder = tmp_path / f"snapshot-{len(list(tmp_path.iterdir()))}"
    snapshot.append(folder, rows(people), questionnaire())
    now = with_these(*definitions, own=own)
    then = with_these(*bespoke.former(former), own=own)
    wanted = columns_of(now, questionnaire()) | columns_of(then, questionnaire())
    tallies = composites.tally(folder, wanted, questionnaire())
    return built_with(tallies, now, then, **more)


def built_with(tallies, now: Framework, former: Framework | None, **more: object):
    from analysis.build import build_release
    from tests.unit.analysis.samples import CREATED, reference, wave

    given_ = {"wave": wave(("county",)), "number": 1, "created": CREATED} | more
    return build_release(tallies, questionnaire(), now, reference(), Policy(), former=former, **given_)


def figure(made, code: str):
    (found,) = [f for f in made.release.figures if f.indicator == code]
    return found


def test_a_composite_is_one_figure_shown_in_several_places(tmp_path: Path) -> None:
    made = survey(tmp_path, {(8, 1): 60, (8, 2): 30, (3, 1): 30, (3, 2): 40}, definition())
    one = figure(made, "warm_and_content")
    assert (one.marker, one.base) == (Marker.SHOWN, 160)
    (told_,) = [i for i in made.release.indicators if i.code == "warm_and_content"]
    assert (told_.subdomain, told_.also_under, told_.made_by) == ("life", ("quiet",), "Us")
    assert told_.question == ("All of these hold: How is life? (7, 8, 9, 10); Is your home warm? (Yes)")
    assert made.release.provenance["indicator:warm_and_content"] == definition().digest
    assert from_json(made.release.to_json()) == made.release


def test_a_release_without_bespoke_indicators_is_written_as_it_always_was(tmp_path: Path) -> None:
    text = survey(tmp_path, {(8, 1): 60, (3, 2): 40}).release.to_json()
    assert not any(word in text for word in ("made_by", "also_under", "sentence"))


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        ({(8, 1): 60, (8, 2): 30, (3, 1): 30, (3, 2): 40}, True),
        ({(8, 1): 9, (8, 2): 30, (3, 1): 30, (3, 2): 40}, False),  # the numerator
        ({(8, 1): 90, (8, 2): 3, (3, 1): 3, (3, 2): 3}, False),  # the complement
        ({(8, 1): 60, (8, 2): 4, (3, 1): 30, (3, 2): 40}, False),  # content in a cold home: content less both
        ({(8, 1): 60, (8, 2): 30, (3, 1): 4, (3, 2): 40}, False),  # warm and not content
        ({(8, 1): 60, (8, 2): 30, (3, 1): 30, (3, 2): 4}, False),  # neither: everyone less any of them
        ({(8, 1): 60, (8, 2): 0, (3, 1): 30, (3, 2): 40}, True),  # nobody is nothing to tell
    ],
)
def test_nothing_small_is_left_over_beside_its_parts(tmp_path: Path, cells, shown: bool) -> None:
    made = survey(tmp_path, cells, definition())
    assert (figure(made, "warm_and_content").marker is Marker.SHOWN) == shown
    any_ = definition(replace(BOTH, at_least=1))
    if min(n for n in cells.values() if n) >= 10:
        assert figure(survey(tmp_path, cells, any_), "warm_and_content").marker is Marker.SHOWN


def test_two_composites_of_which_one_lies_in_the_other_are_held_against_each_other(tmp_path: Path) -> None:
    very = definition(
        Composite(parts=(Part(item="life", codes=(8, 9, 10)), WARM), at_least=2), "warm_and_happy"
    )
    cells = {(7, 1): 4, (9, 1): 60, (9, 2): 30, (3, 1): 30, (3, 2): 40}
    assert figure(survey(tmp_path, cells, definition()), "warm_and_content").marker is Marker.SHOWN
    both = survey(tmp_path, cells, definition(), very)
    assert figure(both, "warm_and_content").marker is Marker.HIDDEN
    assert figure(both, "warm_and_happy").marker is Marker.HIDDEN
    after = survey(tmp_path, cells, definition(), former=(very,))
    assert figure(after, "warm_and_content").marker is Marker.HIDDEN, "readers know the earlier one"
    assert {f.indicator for f in after.release.figures} == {"satisfied", "cold", "warm_and_content"}


def test_a_share_of_one_question_is_held_against_those_readers_know_from_before(tmp_path: Path) -> None:
    cells = {(7, 1): 4, (9, 1): 40, (3, 2): 40}
    new, old = of_item("from_seven", "life", 7, 8, 9, 10), of_item("from_eight", "life", 8, 9, 10)
    alone = {"own": (COLD,)}
    assert figure(survey(tmp_path, cells, new, **alone), "from_seven").marker is Marker.SHOWN
    assert figure(survey(tmp_path, cells, new, **alone, former=(old,)), "from_seven").marker is Marker.HIDDEN
    beside_a_mean = figure(survey(tmp_path, cells, new), "from_seven")
    assert beside_a_mean.marker is Marker.HIDDEN, "of 3, 7 and 9 a mean and this share tell everything"


def test_a_changed_definition_does_not_stand_from_what_another_said(tmp_path: Path) -> None:
    cells = {(8, 1): 60, (8, 2): 30, (3, 1): 30, (3, 2): 40}
    first = survey(tmp_path, cells, definition())
    before = (Earlier(first.release, first.bases),)
    same = survey(tmp_path, cells, definition(), number=2, earlier=before)
    assert figure(same, "warm_and_content").stands_from == 1
    other = definition(replace(BOTH, at_least=1))
    changed = survey(tmp_path, cells, other, former=(definition(),), number=2, earlier=before)
    assert figure(changed, "warm_and_content").stands_from is None
    assert changed.release.provenance["indicator:warm_and_content"] == other.digest


def test_counts_have_their_leftovers_as_parts(tmp_path: Path) -> None:
    folder = tmp_path / "snapshot"
    cells = {(8, 1): 6, (8, 2): 3, (3, 1): 2, (3, 2): 4}
    snapshot.append(
        folder, rows([("N1", *answers) for answers, n in cells.items() for _ in range(n)]), questionnaire()
    )
    now = with_these(definition(), own=(SATISFIED,))
    tallies = composites.tally(folder, columns_of(now, questionnaire()), questionnaire())
    assert set(tallies.respondents["area"]) == {"N1"}
    found = counts(tallies, local_indicators(now, questionnaire()), ["N1"])["warm_and_content"]["N1"]
    assert (found[BASE], found[TOTAL]) == (15, 6)
    assert sorted(found[2:]) == sorted([6, 9, 3, 2, 4])


def test_a_composite_without_its_column_is_hidden() -> None:
    from tests.unit.analysis.samples import tallied

    made = built(tallied({"N1": 80}), framework=with_these(definition()))
    assert {f.marker for f in made.release.figures if f.indicator == "warm_and_content"} == {Marker.HIDDEN}
