"""Synthetic responses: the same seed gives the same people, and they are skewed as they should be."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from analysis import synthetic
from analysis.synthetic import ItemParameters, Parameters, Place, Skew, SyntheticResponse
from questionnaires.answers import Answer, Missing
from questionnaires.model import (
    Compare,
    Item,
    Option,
    Purpose,
    Questionnaire,
    Scale,
    Section,
)

TEN = Scale(low=0, high=10, low_label="not at all", high_label="completely")


def options(*codes: int) -> tuple[Option, ...]:
    return tuple(Option(code=code, text=f"option {code}") for code in codes)


def item(code: str, kind: str, purpose: Purpose = Purpose.FRAMEWORK, **more: object) -> Item:
    return Item(code=code, kind=kind, text=code, purpose=purpose, **more)  # type: ignore[arg-type]


def margin_item(margin: str, *levels: str) -> Item:
    own = tuple(Option(code=at + 1, text=level, level=level) for at, level in enumerate(levels))
    return item(
        margin, "single_choice", Purpose.WEIGHTING, margin=margin, options=own, prefer_not_to_say=True
    )


CONSENT = item("agree", "consent", Purpose.CONSENT, required=True, options=options(1))
POSTCODE = item("postcode", "postcode", Purpose.PLACE)
FEELINGS = (
    item("life_sat", "scale", scale=TEN),
    item("worthwhile", "scale", scale=TEN),
    item("happy", "scale", scale=TEN),
)
WORKS = item("works", "single_choice", options=options(1, 2))
HOURS = item(
    "hours", "single_choice", options=options(1, 2, 3), when=Compare(item="works", operator="in", values=(1,))
)
LEARNT = item(
    "learnt", "multiple_choice", options=(*options(1, 2, 3), Option(code=4, text="none", exclusive=True))
)
GETS_ON = item(
    "gets_on", "likert", options=(*options(1, 2, 3), Option(code=9, text="don't know", substantive=False))
)
DAYS = item("days", "integer", minimum=0, maximum=7)
HEALTH = item(
    "health", "single_choice", Purpose.EQUALITY, options=options(1, 2), sensitive=True, prefer_not_to_say=True
)
ABOUT = (
    margin_item("age", "16-24", "25-34", "35-49", "50-64", "65+"),
    margin_item("sex", "F", "M"),
    margin_item("tenure", "owned", "social_rented", "private_rented"),
    margin_item("ethnic_group", "asian", "black", "mixed", "white", "other"),
)
LANGUAGE = item("main_language", "single_choice", Purpose.EQUALITY, options=options(1, 2))
WISH = item("wish", "short_text", Purpose.CONTEXT, maximum=100)
COMMENT = item("comment", "long_text", Purpose.CONTEXT, maximum=500)


def questionnaire(*sections: tuple[Item, ...]) -> Questionnaire:
    return Questionnaire(
        id="tiny",
        version="1.0",
        title="Tiny",
        language="en",
        languages=("en", "pl", "ro", "bn", "ur", "ar"),
        framework="none",
        sections=tuple(Section(code=f"s{at}", title="", items=items) for at, items in enumerate(sections)),
    )


EVERYTHING = questionnaire(
    (CONSENT, POSTCODE),
    FEELINGS,
    (WORKS,),
    (HOURS, LEARNT, GETS_ON, DAYS, HEALTH),
    (*ABOUT, LANGUAGE),
    (WISH, COMMENT),
)
PARAMETERS = Parameters(
    items={
        "life_sat": ItemParameters(mean=7.5, sd=1.7, wellbeing=0.8),
        "worthwhile": ItemParameters(mean=7.75, sd=1.65, wellbeing=0.75),
        "works": ItemParameters(shares={1: 60, 2: 40}, ward=0),
        "learnt": ItemParameters(shares={1: 10, 2: 30, 3: 20}, ward=0),
        "main_language": ItemParameters(
            shares={1: 95, 2: 5}, languages=dict.fromkeys(("pl", "ro", "bn", "ur", "ar"), 2)
        ),
    }
)
ALIKE = Skew(
    areas={}, levels={}, paper={}, assisted=0, no_postcode=0, blank=0, refused=0, invalid=0, breaks_off=0,
    straight_lines=0, writes=0,
)  # fmt: skip


def make(
    n: int,
    seed: int = 1,
    skew: Skew | None = None,
    *,
    asked: Questionnaire = EVERYTHING,
    parameters: Parameters = PARAMETERS,
) -> list[SyntheticResponse]:
    places, margins = synthetic.demo_places(), synthetic.demo_margins()
    return synthetic.generate(asked, places, margins, n, seed, skew, parameters=parameters)


@pytest.fixture(scope="module")
def many() -> list[SyntheticResponse]:
    return make(12_000, seed=7)


@pytest.fixture(scope="module")
def alike() -> list[SyntheticResponse]:
    """As many, of people who are like those who live there and leave nothing out."""
    return make(12_000, seed=7, skew=ALIKE)


@pytest.fixture(scope="module")
def home() -> dict[str, Place]:
    """The neighbourhood of every code a response can have."""
    places = synthetic.demo_places()
    return {code: place for place in places for code in (place.code, *(part for part, _ in place.parts))}


def given(responses: list[SyntheticResponse], code: str) -> list[Answer]:
    return [r.answers[code] for r in responses if not isinstance(r.answers[code], Missing)]


def share(responses: list[SyntheticResponse], code: str, *answers: Answer | Missing) -> float:
    return sum(r.answers[code] in answers for r in responses) / len(responses)


def numbers(responses: list[SyntheticResponse], code: str) -> list[int]:
    return [answer for answer in given(responses, code) if isinstance(answer, int)]


# Reproducible


def test_the_same_seed_gives_the_same_responses_and_another_does_not() -> None:
    assert make(300, seed=5) == make(300, seed=5)
    assert make(300, seed=5) != make(300, seed=6)


def test_a_new_item_leaves_the_answers_to_the_others_as_they_were() -> None:
    steady = replace(Skew(), breaks_off=0, blank=0)
    before = make(200, skew=steady, asked=questionnaire(FEELINGS, (DAYS,)))
    after = make(200, skew=steady, asked=questionnaire(FEELINGS, (LEARNT, DAYS)))

    assert [r.answers["days"] for r in before] == [r.answers["days"] for r in after]


def test_neighbourhoods_keep_their_character_from_wave_to_wave(home: dict[str, Place]) -> None:
    strong = Parameters(items={"works": ItemParameters(shares={1: 50, 2: 50}, ward=0.5)})
    asked = questionnaire((WORKS,))

    def yes(seed: int, skew: Skew) -> list[float]:
        found = defaultdict(list)
        for r in make(8000, seed, skew, asked=asked, parameters=strong):
            found[home[r.area_code].code].append(r.answers["works"] == 1)
        return [statistics.fmean(found[code]) for code in sorted(found)]

    assert statistics.correlation(yes(1, ALIKE), yes(2, ALIKE)) > 0.8
    assert abs(statistics.correlation(yes(1, ALIKE), yes(1, replace(ALIKE, place_seed=9)))) < 0.5


# Who answers


def test_there_are_as_many_as_asked_for_in_the_order_submitted(many: list[SyntheticResponse]) -> None:
    assert len(many) == 12_000
    assert all(a.submitted <= b.submitted for a, b in pairwise(many))
    assert all(timedelta(0) <= r.started < r.submitted < timedelta(days=56) for r in many)


def test_without_skew_people_are_as_the_census_counts_them(
    alike: list[SyntheticResponse], home: dict[str, Place]
) -> None:
    margins = synthetic.demo_margins()
    counts = Counter()
    for place in synthetic.demo_places():
        counts.update(margins[place.code]["age"])
    for at, level in enumerate(margins["E07000070"]["age"], start=1):
        assert share(alike, "age", at) == pytest.approx(counts[level] / sum(counts.values()), abs=0.015)
    people = {p.code: sum(margins[p.code]["age"].values()) for p in synthetic.demo_places()}
    found = Counter(home[r.area_code].code for r in alike)
    for code, count in people.items():
        assert found[code] / len(alike) == pytest.approx(count / sum(people.values()), abs=0.006)


def test_older_people_women_and_owners_answer_more_than_their_share(
    many: list[SyntheticResponse], alike: list[SyntheticResponse]
) -> None:
    for code, answer, times in (
        ("age", 5, 1.3),
        ("sex", 1, 1.1),
        ("tenure", 1, 1.05),
        ("ethnic_group", 4, 1.0),
    ):
        stated = [r for r in many if not isinstance(r.answers[code], Missing)]
        assert share(stated, code, answer) > times * share(alike, code, answer), code


def test_one_district_is_keen_and_one_alliance_hardly_heard_from(
    many: list[SyntheticResponse], alike: list[SyntheticResponse], home: dict[str, Place]
) -> None:
    def of(responses: list[SyntheticResponse], area: str) -> float:
        return sum(area in home[r.area_code].within for r in responses) / len(responses)

    assert of(many, "E07000074") > 3 * of(alike, "E07000074")
    assert 0 < of(many, "south-east-essex") < 0.5 * of(alike, "south-east-essex")


def test_everyone_lives_in_a_neighbourhood_and_most_in_a_known_part_of_it(
    many: list[SyntheticResponse], home: dict[str, Place]
) -> None:
    whole = sum(r.area_code == home[r.area_code].code for r in many) / len(many)

    assert whole == pytest.approx(0.10, abs=0.01)
    assert {r.area_vintage for r in many if r.area_code.startswith("E01")} == {"2021"}
    assert {r.area_vintage for r in many if r.area_code.startswith("E05")} == {"2024"}
    assert len({home[r.area_code].code for r in many}) == 60


def test_paper_is_for_older_people(many: list[SyntheticResponse]) -> None:
    def on_paper(age: int) -> float:
        modes = [r.mode for r in many if r.answers["age"] == age]
        return modes.count("paper") / len(modes)

    assert {r.mode for r in many} == {"web", "paper", "assisted"}
    assert on_paper(5) == pytest.approx(0.42, abs=0.03)
    assert on_paper(2) == pytest.approx(0.06, abs=0.03)


def test_a_few_answer_in_another_language_which_is_then_their_main_one(many: list[SyntheticResponse]) -> None:
    others = [r for r in many if r.language != "en"]

    assert 0.015 < len(others) / len(many) < 0.05
    assert {r.language for r in others} == {"pl", "ro", "bn", "ur", "ar"}
    assert {r.answers["main_language"] for r in others if isinstance(r.answers["main_language"], int)} <= {
        2,
        *Missing,
    }
    assert share([r for r in many if r.language == "en"], "main_language", 1) > 0.9


# What they answer


def test_items_keep_their_means_spreads_and_shares(alike: list[SyntheticResponse]) -> None:
    assert statistics.fmean(numbers(alike, "life_sat")) == pytest.approx(7.5, abs=0.1)
    assert statistics.stdev(numbers(alike, "life_sat")) == pytest.approx(1.7, abs=0.1)
    assert statistics.fmean(numbers(alike, "worthwhile")) == pytest.approx(7.75, abs=0.1)
    assert share(alike, "works", 1) == pytest.approx(0.60, abs=0.025)
    assert share(alike, "gets_on", 9) == pytest.approx(0.04, abs=0.01)


def test_wellbeing_ties_items_together(alike: list[SyntheticResponse]) -> None:
    life, worth = numbers(alike, "life_sat"), numbers(alike, "worthwhile")

    assert 0.45 < statistics.correlation(life, worth) < 0.7


def test_answers_are_worse_where_fewer_own_their_homes(
    alike: list[SyntheticResponse], home: dict[str, Place]
) -> None:
    margins = synthetic.demo_margins()
    answers = defaultdict(list)
    for r in alike:
        answers[home[r.area_code].code].append(r.answers["life_sat"])
    codes = sorted(answers)
    owned = [margins[c]["tenure"]["owned"] / sum(margins[c]["tenure"].values()) for c in codes]

    assert statistics.correlation(owned, [statistics.fmean(answers[c]) for c in codes]) > 0.4


def test_several_answers_come_in_order_and_none_of_these_comes_alone(alike: list[SyntheticResponse]) -> None:
    ticked = [answer for answer in given(alike, "learnt") if isinstance(answer, tuple)]

    assert len(ticked) == len(alike)
    assert all(list(answer) == sorted(set(answer)) and answer for answer in ticked)
    assert all(answer == (4,) for answer in ticked if 4 in answer)
    for code, percent in {1: 10, 2: 30, 3: 20}.items():
        found = 100 * sum(code in answer for answer in ticked) / len(ticked)
        assert found == pytest.approx(percent, abs=3), code


def test_whole_numbers_stay_within_their_bounds(alike: list[SyntheticResponse]) -> None:
    assert set(numbers(alike, "days")) == set(range(8))


def test_a_shift_moves_only_the_item_it_names() -> None:
    before = make(2000, skew=ALIKE)
    after = make(2000, skew=replace(ALIKE, shift={"works": 0.5}))

    # P(Z + 0.5 < Phi^-1(0.6)) = Phi(0.253 - 0.5) = 0.40
    assert share(after, "works", 1) == pytest.approx(0.40, abs=0.035)
    assert [r.answers["life_sat"] for r in before] == [r.answers["life_sat"] for r in after]


def test_shares_can_differ_by_who_people_are() -> None:
    by_sex = ItemParameters(shares={1: 50, 2: 50}, given={"sex": {"F": {1: 90, 2: 10}}}, ward=0)
    responses = make(3000, skew=ALIKE, parameters=Parameters(items={"works": by_sex}))

    assert share([r for r in responses if r.answers["sex"] == 1], "works", 1) == pytest.approx(0.9, abs=0.03)
    assert share([r for r in responses if r.answers["sex"] == 2], "works", 1) == pytest.approx(0.5, abs=0.04)


# What they leave out


def test_routing_is_respected(many: list[SyntheticResponse]) -> None:
    for r in many:
        assert (r.answers["hours"] is Missing.NOT_ASKED) == (r.answers["works"] != 1)


def test_nobody_is_here_without_consent_and_no_postcode_is_kept(many: list[SyntheticResponse]) -> None:
    assert share(many, "agree", 1) == 1
    assert all("postcode" not in r.answers for r in many)


def test_blanks_are_few_and_grow_towards_the_end(many: list[SyntheticResponse]) -> None:
    first, last = (share(many, code, Missing.NOT_ANSWERED) for code in ("life_sat", "main_language"))

    assert 0.003 < first < 0.03
    assert 2 * first < last < 0.12


def test_blanks_gather_on_some_people(many: list[SyntheticResponse]) -> None:
    codes = ["life_sat", "gets_on", "days", "sex", "main_language"]
    blanks = [sum(r.answers[code] is Missing.NOT_ANSWERED for code in codes) for r in many]
    # were blanks spread evenly, their variance would be below their mean
    assert statistics.variance(blanks) > 1.3 * statistics.fmean(blanks)


def test_people_decline_sensitive_items_most_and_only_where_that_is_offered(
    many: list[SyntheticResponse],
) -> None:
    declined = {code: share(many, code, Missing.PREFER_NOT_TO_SAY) for code in many[0].answers}

    assert declined["health"] > 2 * declined["sex"] > 0
    assert all(declined[code] == 0 for code in ("life_sat", "works", "days", "comment", "agree"))


def test_marks_are_unreadable_on_paper_only(many: list[SyntheticResponse]) -> None:
    unreadable = Counter(
        r.mode for r in many for answer in r.answers.values() if answer is Missing.INVALID_MARK
    )

    assert set(unreadable) == {"paper"}
    assert unreadable["paper"] > 50


def test_some_stop_half_way_and_some_give_every_row_one_answer() -> None:
    stopped = make(2000, skew=replace(ALIKE, breaks_off=0.1))
    lined = make(2000, skew=replace(ALIKE, straight_lines=1.0))

    # stopping points are Beta(2, 1), whose distribution function is x^2; main_language is item 14 of 0 to 16
    expected = 0.1 * (14 / 16) ** 2
    assert share(stopped, "main_language", Missing.NOT_ANSWERED) == pytest.approx(expected, abs=0.02)
    assert all(r.answers["life_sat"] == r.answers["worthwhile"] == r.answers["happy"] for r in lined)


# What they write


def test_some_write_within_the_space_there_is(many: list[SyntheticResponse]) -> None:
    comments, wishes = given(many, "comment"), given(many, "wish")

    assert 0.2 < len(comments) / len(many) < 0.33
    assert len(wishes) > len(comments)
    assert max(len(str(c)) for c in comments) == 500
    assert max(len(str(w)) for w in wishes) <= 100


def test_they_write_in_the_language_they_answer_in(many: list[SyntheticResponse]) -> None:
    urdu = [
        str(r.answers["comment"])
        for r in many
        if r.language == "ur" and not isinstance(r.answers["comment"], Missing)
    ]

    assert len(urdu) >= 2
    assert sum("\u0600" <= text[0] <= "\u06ff" for text in urdu) >= 0.8 * len(urdu)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>",
        "=HYPERLINK(",
        "Z\u0351",
        "07700 900123",
        "DROP TABLE",
        "{{ config }}",
        "👩‍👩‍👧‍👦",
    ],
)
def test_a_few_comments_would_break_careless_software(many: list[SyntheticResponse], hostile: str) -> None:
    found = sum(hostile in str(comment) for comment in given(many, "comment"))

    assert 2 <= found < 0.01 * len(given(many, "comment"))


def test_what_they_write_is_tidied_as_at_submission(many: list[SyntheticResponse]) -> None:
    written = "".join(str(comment) for comment in given(many, "comment"))

    assert "see gnp.exe for a photo" in written  # was turned round by a right-to-left override
    assert "the council never" in written  # had a zero-width space
    assert not {"\u202e", "\u200b", "\u0007", "\r"} & set(written)


# Any questionnaire, and refusals


def test_an_item_nobody_described_is_drawn_by_its_kind() -> None:
    responses = make(4000, skew=ALIKE, parameters=Parameters())

    assert set(numbers(responses, "works")) == {1, 2}
    assert set(numbers(responses, "happy")) == set(range(11))


def test_places_without_smaller_areas_or_full_margins_will_do() -> None:
    places = [Place(code="north", vintage="2026"), Place(code="south", vintage="2026")]
    margins = {place.code: {"age": {"young": 10.0, "old": 30.0}} for place in places}
    asked = questionnaire((FEELINGS[0],))

    responses = synthetic.generate(asked, places, margins, 50, 1)

    assert {r.area_code for r in responses} == {"north", "south"}
    assert len(responses) == 50


def test_everything_that_cannot_be_drawn_is_named_at_once() -> None:
    strange = item("smell", "odour")
    by_age = margin_item("age", "16-24", "25-34")
    wrong = Parameters(
        items={
            "works": ItemParameters(shares={1: 1, 7: 1}),
            "days": ItemParameters(mean=3, sd=9),
            "happy": ItemParameters(mean=5, sd=2, wellbeing=0.9, age=0.5),
        }
    )

    with pytest.raises(ValueError) as refused:
        make(10, asked=questionnaire((strange, by_age, WORKS, DAYS, FEELINGS[2])), parameters=wrong)

    for part in ("'odour'", "'35-49'", "[7]", "mean 3 and sd 9", "happy: the squares"):
        assert part in str(refused.value)


def test_places_without_population_are_named() -> None:
    with pytest.raises(ValueError, match="nowhere"):
        synthetic.generate(EVERYTHING, [Place(code="nowhere", vintage="1")], {}, 5, 1)
