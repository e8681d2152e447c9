"""Each kind of item, read under both policies, from one tiny questionnaire per kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from questionnaires import answering, loading
from questionnaires.answers import Missing
from questionnaires.faults import AnswerFault, Policy
from questionnaires.kinds import KINDS
from questionnaires.model import Item

SELF, PAPER = Policy.SELF, Policy.AS_WRITTEN
NO, DECLINED, INVALID = Missing.NOT_ANSWERED, Missing.PREFER_NOT_TO_SAY, Missing.INVALID_MARK
PNTS = "prefer-not-to-say"

READINGS = [
    # kind, policy, raw, expected
    ("single_choice", SELF, ["2"], 2),
    ("single_choice", SELF, ["٢"], 2),
    ("single_choice", SELF, ["২"], 2),
    ("single_choice", SELF, [], AnswerFault.REQUIRED),
    ("single_choice", SELF, ["  "], AnswerFault.REQUIRED),
    ("single_choice", SELF, ["3"], AnswerFault.NOT_AN_OPTION),
    ("single_choice", SELF, ["two"], AnswerFault.NOT_AN_OPTION),
    ("single_choice", SELF, ["1", "2"], AnswerFault.ONE_ONLY),
    ("single_choice", SELF, [PNTS], DECLINED),
    ("single_choice", SELF, ["10"], AnswerFault.NOT_AN_OPTION),  # the paper number means nothing on a screen
    ("single_choice", SELF, ["1", PNTS], AnswerFault.EXCLUSIVE_WITH_OTHERS),
    ("single_choice", SELF, ["/"], AnswerFault.NOT_AN_OPTION),
    ("single_choice", PAPER, ["2"], 2),
    ("single_choice", PAPER, ["2 2"], 2),
    ("single_choice", PAPER, [""], NO),
    ("single_choice", PAPER, [], NO),
    ("single_choice", PAPER, ["1 2"], INVALID),
    ("single_choice", PAPER, ["1,2"], INVALID),
    ("single_choice", PAPER, ["/"], INVALID),
    ("single_choice", PAPER, ["3"], AnswerFault.NOT_AN_OPTION),
    ("single_choice", PAPER, ["12"], AnswerFault.NOT_AN_OPTION),
    ("single_choice", PAPER, ["10"], DECLINED),
    ("single_choice", PAPER, ["1 10"], INVALID),
    ("multiple_choice", SELF, ["3", "1"], (1, 3)),
    ("multiple_choice", SELF, [], NO),
    ("multiple_choice", SELF, ["4"], (4,)),
    ("multiple_choice", SELF, ["1", "4"], AnswerFault.EXCLUSIVE_WITH_OTHERS),
    ("multiple_choice", SELF, ["1", PNTS], AnswerFault.EXCLUSIVE_WITH_OTHERS),
    ("multiple_choice", SELF, ["7"], AnswerFault.NOT_AN_OPTION),
    ("multiple_choice", PAPER, ["1 3"], (1, 3)),
    ("multiple_choice", PAPER, ["1+3"], (1, 3)),
    ("multiple_choice", PAPER, ["1 4"], INVALID),
    ("multiple_choice", PAPER, ["5"], DECLINED),
    ("multiple_choice", PAPER, ["1 5"], INVALID),
    ("multiple_choice", PAPER, ["1 8"], AnswerFault.NOT_AN_OPTION),
    ("scale", SELF, ["0"], 0),
    ("scale", SELF, ["10"], 10),
    ("scale", SELF, ["11"], AnswerFault.NOT_AN_OPTION),
    ("scale", SELF, ["-1"], AnswerFault.NOT_AN_OPTION),
    ("scale", PAPER, ["10"], 10),
    ("scale", PAPER, ["11"], DECLINED),
    ("scale", PAPER, ["12"], AnswerFault.NOT_AN_OPTION),
    ("scale", PAPER, ["7 8"], INVALID),
    ("likert", SELF, ["9"], 9),
    ("likert", SELF, [], NO),
    ("likert", PAPER, ["1 2"], INVALID),
    ("integer", SELF, ["7"], 7),
    ("integer", SELF, ["8"], AnswerFault.OUT_OF_RANGE),
    ("integer", SELF, ["1.5"], AnswerFault.NOT_A_NUMBER),
    ("integer", SELF, ["9" * 5000], AnswerFault.NOT_A_NUMBER),
    ("integer", SELF, ["many"], AnswerFault.NOT_A_NUMBER),
    ("integer", SELF, [PNTS], DECLINED),
    ("integer", PAPER, ["8"], DECLINED),
    ("integer", PAPER, ["9"], AnswerFault.OUT_OF_RANGE),
    ("integer", PAPER, ["3 4"], INVALID),
    ("integer", PAPER, ["/"], INVALID),
    ("short_text", SELF, ["  a\r\n b "], "a b"),
    ("short_text", SELF, ["x" * 11], AnswerFault.TOO_LONG),
    ("short_text", SELF, [" \u202e "], NO),
    ("short_text", PAPER, ["/"], INVALID),
    ("short_text", PAPER, ["and/or"], "and/or"),
    ("long_text", SELF, ["one\r\ntwo"], "one\ntwo"),
    ("long_text", SELF, ["a\x00b\u202ec"], "abc"),
    ("long_text", SELF, ["می\u200cخواهم"], "می\u200cخواهم"),
    ("long_text", SELF, ["e\u0301"], "é"),
    ("long_text", SELF, ["<script>"], "<script>"),  # kept as written; pages escape it
    ("postcode", SELF, ["cm1 1gt"], "CM11GT"),
    ("postcode", SELF, ["cm11gt"], "CM11GT"),
    ("postcode", SELF, [" CM1-1GT. "], "CM11GT"),
    ("postcode", SELF, ["CM1 IGT"], "CM11GT"),
    ("postcode", SELF, ["CM1"], AnswerFault.BAD_POSTCODE),
    ("postcode", SELF, ["Chelmsford"], AnswerFault.BAD_POSTCODE),
    ("postcode", SELF, [""], AnswerFault.REQUIRED),
    ("postcode", SELF, [PNTS], DECLINED),
    ("postcode", PAPER, ["CM? 1GT"], INVALID),
    ("postcode", PAPER, ["cm1 1gt"], "CM11GT"),
    ("postcode", PAPER, [""], NO),
    ("postcode", PAPER, ["/"], INVALID),
    ("postcode", PAPER, ["1"], DECLINED),
    ("consent", SELF, ["1"], 1),
    ("consent", SELF, [], AnswerFault.CONSENT_NEEDED),
    ("consent", SELF, ["2"], AnswerFault.CONSENT_NEEDED),
    ("consent", PAPER, ["2"], 2),
    ("consent", PAPER, [], NO),
    ("consent", PAPER, ["1 2"], INVALID),
    ("yes_no", SELF, ["1"], 1),
    ("yes_no", SELF, [], NO),
    ("yes_no", SELF, [PNTS], DECLINED),
    ("yes_no", SELF, ["3"], AnswerFault.NOT_AN_OPTION),
    ("yes_no", PAPER, ["2"], 2),
    ("yes_no", PAPER, ["3"], DECLINED),
    ("yes_no", PAPER, ["1 2"], INVALID),
    ("grid", SELF, ["3"], 3),
    ("grid", SELF, ["1", "2"], AnswerFault.ONE_ONLY),
    ("grid", PAPER, ["1 2"], INVALID),
    ("grid", PAPER, [""], NO),
    ("decimal", SELF, ["7.5"], 75),
    ("decimal", SELF, ["7,5"], 75),
    ("decimal", SELF, ["7"], 70),
    ("decimal", SELF, ["۷٫۵"], 75),
    ("decimal", SELF, ["0"], 0),
    ("decimal", SELF, ["24.0"], 240),
    ("decimal", SELF, ["24.1"], AnswerFault.OUT_OF_RANGE),
    ("decimal", SELF, ["-1"], AnswerFault.OUT_OF_RANGE),
    ("decimal", SELF, ["7.55"], AnswerFault.TOO_PRECISE),
    ("decimal", SELF, ["seven"], AnswerFault.NOT_A_DECIMAL),
    ("decimal", SELF, ["7.5.5"], AnswerFault.NOT_A_DECIMAL),
    ("decimal", SELF, ["1e3"], AnswerFault.NOT_A_DECIMAL),
    ("decimal", SELF, ["-"], AnswerFault.NOT_A_DECIMAL),
    ("decimal", SELF, ["NaN"], AnswerFault.NOT_A_DECIMAL),
    ("decimal", SELF, ["1", "2"], AnswerFault.ONE_ONLY),
    ("decimal", SELF, [PNTS], DECLINED),
    ("decimal", PAPER, ["25"], DECLINED),
    ("decimal", PAPER, ["/"], INVALID),
    ("decimal", PAPER, ["6.5"], 65),
    ("date", SELF, {"answer-day": ["3"], "answer-month": ["2"], "answer-year": ["2024"]}, "2024-02-03"),
    ("date", SELF, {"answer-day": ["٣"], "answer-month": ["٢"], "answer-year": ["٢٠٢٤"]}, "2024-02-03"),
    ("date", SELF, {"answer-day": ["29"], "answer-month": ["2"], "answer-year": ["2024"]}, "2024-02-29"),
    (
        "date",
        SELF,
        {"answer-day": ["29"], "answer-month": ["2"], "answer-year": ["2023"]},
        AnswerFault.BAD_DATE,
    ),
    (
        "date",
        SELF,
        {"answer-day": ["3"], "answer-month": ["13"], "answer-year": ["2024"]},
        AnswerFault.BAD_DATE,
    ),
    ("date", SELF, {"answer-day": ["3"], "answer-month": ["2"], "answer-year": ["24"]}, AnswerFault.BAD_DATE),
    (
        "date",
        SELF,
        {"answer-day": ["3"], "answer-month": ["x"], "answer-year": ["2024"]},
        AnswerFault.BAD_DATE,
    ),
    (
        "date",
        SELF,
        {"answer-day": [""], "answer-month": ["2"], "answer-year": ["2024"]},
        AnswerFault.DATE_INCOMPLETE,
    ),
    ("date", SELF, {"answer-day": ["3"]}, AnswerFault.DATE_INCOMPLETE),
    (
        "date",
        SELF,
        {"answer-day": ["1"], "answer-month": ["1"], "answer-year": ["1999"]},
        AnswerFault.TOO_EARLY,
    ),
    (
        "date",
        SELF,
        {"answer-day": ["1"], "answer-month": ["1"], "answer-year": ["2199"]},
        AnswerFault.TOO_LATE,
    ),
    ("date", SELF, {"answer": [PNTS]}, DECLINED),
    ("date", SELF, {"answer": [PNTS], "answer-day": ["1"]}, AnswerFault.EXCLUSIVE_WITH_OTHERS),
    ("date", SELF, {"answer-day": [""], "answer-month": [" "]}, NO),
    ("date", PAPER, ["3 2 2024"], "2024-02-03"),
    ("date", PAPER, ["03/02/2024"], "2024-02-03"),
    ("date", PAPER, ["3.2.2024"], "2024-02-03"),
    ("date", PAPER, ["2024"], AnswerFault.BAD_DATE),
    ("date", PAPER, ["/"], INVALID),
    ("date", PAPER, ["1"], DECLINED),
    ("month", SELF, {"answer-month": ["3"], "answer-year": ["1999"]}, "1999-03"),
    ("month", SELF, {"answer-year": ["1999"]}, AnswerFault.DATE_INCOMPLETE),
    ("month", SELF, {"answer-month": ["6"], "answer-year": ["2026"]}, "2026-06"),
    ("month", SELF, {"answer-month": ["7"], "answer-year": ["2026"]}, AnswerFault.TOO_LATE),
    ("month", SELF, {"answer-month": ["12"], "answer-year": ["1949"]}, AnswerFault.TOO_EARLY),
    ("month", PAPER, ["3 1999"], "1999-03"),
    ("month", PAPER, ["1"], DECLINED),
    ("year", SELF, ["1980"], 1980),
    ("year", SELF, ["80"], AnswerFault.BAD_DATE),
    ("year", SELF, ["1899"], AnswerFault.TOO_EARLY),
    ("year", SELF, ["2011"], AnswerFault.TOO_LATE),
    ("year", PAPER, ["1980"], 1980),
    ("year", PAPER, [""], NO),
    ("ranking", SELF, {"answer-1": ["2"], "answer-3": ["1"]}, (3, 1)),
    ("ranking", SELF, {"answer-1": ["1"]}, (1,)),
    ("ranking", SELF, {"answer-2": ["١"]}, (2,)),
    ("ranking", SELF, {"answer-1": [""], "answer-2": [""]}, NO),
    ("ranking", SELF, {"answer-1": ["1"], "answer-3": ["1"]}, AnswerFault.RANK_TWICE),
    ("ranking", SELF, {"answer-1": ["2"]}, AnswerFault.RANK_SKIPPED),
    ("ranking", SELF, {"answer-1": ["3"]}, AnswerFault.NOT_A_RANK),
    ("ranking", SELF, {"answer-1": ["first"]}, AnswerFault.NOT_A_RANK),
    ("ranking", SELF, {"answer": [PNTS]}, DECLINED),
    ("ranking", SELF, {"answer": [PNTS], "answer-1": ["1"]}, AnswerFault.EXCLUSIVE_WITH_OTHERS),
    # Nobody types these: a program may send them.
    ("ranking", SELF, {"answer": ["1@9"]}, AnswerFault.NOT_AN_OPTION),
    ("ranking", SELF, {"answer": ["1@x", "2@"]}, AnswerFault.NOT_AN_OPTION),
    ("ranking", SELF, {"answer": ["1@x"], "answer-1": ["1"]}, AnswerFault.NOT_AN_OPTION),
    ("ranking", PAPER, ["3 1"], (3, 1)),
    ("ranking", PAPER, ["3 1 2"], INVALID),
    ("ranking", PAPER, ["4"], DECLINED),
    ("ranking", PAPER, ["7"], AnswerFault.NOT_AN_OPTION),
    ("ranking", PAPER, ["/"], INVALID),
    ("place", SELF, ["2"], {"answer": 2, "answer-other": NO}),
    ("place", SELF, {"answer": ["4"], "answer-other": [" Ely "]}, {"answer": 4, "answer-other": "Ely"}),
    ("place", SELF, {"answer": ["4"]}, {"answer": 4, "answer-other": NO}),
    ("place", SELF, {"answer": ["1"], "answer-other": ["Ely"]}, {"answer": 1, "answer-other": NO}),
    ("place", SELF, {"answer": ["4"], "answer-other": ["x" * 201]}, AnswerFault.TOO_LONG),
    ("place", PAPER, {"answer": ["4"], "answer-other": ["Ely"]}, {"answer": 4, "answer-other": "Ely"}),
    ("email", SELF, ["Jo.Bloggs+s@Example.ORG"], "Jo.Bloggs+s@example.org"),
    ("email", SELF, ["jo@example"], AnswerFault.BAD_EMAIL),
    ("email", SELF, ["jo example.org"], AnswerFault.BAD_EMAIL),
    ("email", SELF, ["jo@@example.org"], AnswerFault.BAD_EMAIL),
    ("email", SELF, ["<jo@example.org>"], AnswerFault.BAD_EMAIL),
    ("email", SELF, [""], NO),
    ("email", PAPER, ["jo at home"], INVALID),
    ("phone", SELF, ["01632 960 001"], "01632960001"),
    ("phone", SELF, ["+44 (0)1632 960001"], "+441632960001"),
    ("phone", SELF, ["٠١٦٣٢٩٦٠٠٠١"], "01632960001"),
    ("phone", SELF, ["960001"], AnswerFault.BAD_PHONE),
    ("phone", SELF, ["call me"], AnswerFault.BAD_PHONE),
    ("phone", PAPER, ["960?"], INVALID),
    ("information", SELF, ["anything"], NO),
    ("information", PAPER, ["1"], NO),
]


def item_of(kind: str, examples: Path, frameworks: Path) -> Item:
    return loading.load(examples / f"{kind}.yaml", frameworks).item("answer")


@pytest.mark.parametrize(("kind", "policy", "raw", "expected"), READINGS)
def test_reading(kind, policy, raw, expected, examples, frameworks):
    item = item_of(kind, examples, frameworks)
    reading = answering.read([item], raw if isinstance(raw, dict) else {"answer": raw}, policy)
    if isinstance(expected, AnswerFault):
        assert [(fault.item, fault.fault) for fault in reading.problems] == [("answer", expected)]
        assert reading.answers == {}
    else:
        assert reading.problems == ()
        said = {"answer": expected} if not isinstance(expected, dict) else expected
        assert reading.answers == said
        if isinstance(expected, dict):
            return
        assert type(reading.answers["answer"]) is type(expected)


def test_every_kind_has_an_example_and_readings(examples):
    assert {path.stem for path in examples.glob("*.yaml")} == set(KINDS)
    assert {kind for kind, *_ in READINGS} == set(KINDS) - {"computed"}  # which nobody answers


@pytest.mark.parametrize(
    ("kind", "answer", "row"),
    [
        ("single_choice", 2, {"answer": 2}),
        ("single_choice", Missing.INVALID_MARK, {"answer": -4}),
        ("multiple_choice", (1, 3), {"answer__1": 1, "answer__2": 0, "answer__3": 1, "answer__4": 0}),
        ("multiple_choice", Missing.NOT_ASKED, dict.fromkeys([f"answer__{n}" for n in range(1, 5)], -1)),
        ("scale", 0, {"answer": 0}),
        ("likert", 3, {"answer": 3}),
        ("integer", 7, {"answer": 7}),
        ("integer", Missing.PREFER_NOT_TO_SAY, {"answer": -3}),
        ("short_text", "hello", {}),
        ("long_text", Missing.NOT_ANSWERED, {}),
        ("postcode", "CM11GT", {}),
        ("consent", 1, {"answer": 1}),
        ("yes_no", 2, {"answer": 2}),
        ("grid", 3, {"answer": 3}),
        ("decimal", 75, {"answer": 75}),
        ("date", "2024-02-03", {"answer": 2024}),
        ("date", Missing.PREFER_NOT_TO_SAY, {"answer": -3}),
        ("month", "1999-03", {"answer": 23991}),
        ("year", 1980, {"answer": 1980}),
        ("ranking", (3, 1), {"answer__1": 2, "answer__2": 0, "answer__3": 1}),
        ("ranking", Missing.NOT_ANSWERED, dict.fromkeys([f"answer__{n}" for n in (1, 2, 3)], -2)),
        ("place", 4, {"answer": 4}),
        ("email", "jo@example.org", {}),
        ("phone", "01632960001", {}),
        ("information", Missing.NOT_ANSWERED, {}),
        ("computed", 3, {"answer": 3}),
    ],
)
def test_snapshot_columns(kind, answer, row, examples, frameworks):
    item = item_of(kind, examples, frameworks)
    assert KINDS[kind].encode(item, answer) == row
    assert KINDS[kind].columns(item) == tuple(row)


@pytest.mark.parametrize(
    "kind",
    [
        "single_choice",
        "multiple_choice",
        "scale",
        "likert",
        "integer",
        "consent",
        "yes_no",
        "grid",
        "decimal",
        "year",
        "ranking",
        "place",
        "computed",
    ],
)
def test_a_text_is_refused_by_a_column(kind, examples, frameworks):
    with pytest.raises(TypeError, match="answer cannot hold"):
        KINDS[kind].encode(item_of(kind, examples, frameworks), "two")


@pytest.mark.parametrize(
    ("kind", "answer", "texts"),
    [
        ("single_choice", 2, ("Two",)),
        ("multiple_choice", (1, 3), ("One", "Three")),
        ("scale", 7, ("7",)),
        ("likert", 1, ("Agree",)),
        ("integer", 3, ("3",)),
        ("long_text", "one\ntwo", ("one\ntwo",)),
        ("postcode", "CM11GT", ("CM1 1GT",)),
        ("postcode", Missing.PREFER_NOT_TO_SAY, ()),
        ("consent", 1, ("I agree",)),
        ("multiple_choice", Missing.NOT_ANSWERED, ()),
        ("yes_no", 2, ("No",)),
        ("grid", 3, ("Disagree",)),
        ("decimal", 75, ("7.5",)),
        ("decimal", 240, ("24.0",)),
        ("date", "2024-02-03", ("2024-02-03",)),
        ("ranking", (3, 1), ("Shops", "Parks")),
        ("place", 2, ("Maldon",)),
        ("information", Missing.NOT_ANSWERED, ()),
        ("computed", 5, ("5",)),
    ],
)
def test_describing(kind, answer, texts, examples, frameworks):
    assert answering.describe(item_of(kind, examples, frameworks), answer) == texts


@pytest.mark.parametrize(
    ("kind", "numbers"),
    [
        ("single_choice", [(1, "One", 1), (2, "Two", 2), (9, "Don't know", 9), (10, "", DECLINED)]),
        (
            "multiple_choice",
            [(1, "One", 1), (2, "Two", 2), (3, "Three", 3), (4, "None of these", 4), (5, "", DECLINED)],
        ),
        ("scale", [*[(n, str(n), n) for n in range(11)], (11, "", DECLINED)]),
        ("likert", [(1, "Agree", 1), (2, "Neither", 2), (3, "Disagree", 3), (9, "Don't know", 9)]),
        ("integer", [(8, "", DECLINED)]),
        ("short_text", []),
        ("postcode", [(1, "", DECLINED)]),
        ("consent", [(1, "I agree", 1), (2, "I do not agree", 2)]),
    ],
)
def test_numbers_printed_on_paper(kind, numbers, examples, frameworks):
    codes = answering.paper_codes(item_of(kind, examples, frameworks))
    assert [(code.number, code.text, code.meaning) for code in codes] == numbers


def test_every_printed_number_reads_back_as_what_it_means(examples, frameworks):
    for kind in [name for name, kind in KINDS.items() if kind.asked]:
        item = item_of(kind, examples, frameworks)
        for code in answering.paper_codes(item):
            reading = answering.read([item], {"answer": [str(code.number)]}, PAPER)
            answer = reading.answers["answer"]
            assert answer in (code.meaning, (code.meaning,)), f"{kind} {code}"


def test_a_fault_carries_what_its_message_needs(examples, frameworks):
    item = item_of("multiple_choice", examples, frameworks)
    (fault,) = answering.read([item], {"answer": ["1", "4"]}, SELF).problems
    assert fault.params == {"option": "None of these"}
    item = item_of("integer", examples, frameworks)
    (fault,) = answering.read([item], {"answer": ["8"]}, SELF).problems
    assert fault.params == {"minimum": 0, "maximum": 7}
    item = item_of("short_text", examples, frameworks)
    (fault,) = answering.read([item], {"answer": ["x" * 11]}, SELF).problems
    assert fault.params == {"maximum": 10, "length": 11}
