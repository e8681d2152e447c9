"""Signs in one response that it may have been filled in without care. Signs only: people do agree with five
statements in a row, and nothing here takes an answer away.

Straight-lining is one answer all the way down a run of questions that share their answers (Kim, Dykema,
Stevenson, Black and Moberg 2019, Social Science Computer Review 37(2)).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from questionnaires.model import Item, Questionnaire

RUN = 4
"""Questions in a run: three alike are common among people who mean them."""

CHOICES = 3
"""Answers to choose from: with two, as with yes and no, four alike say nothing."""

SAME_ANSWERS = frozenset({"likert", "scale", "grid", "single_choice"})
"""Kinds whose answer is one code of a list, so that a run of them can be answered alike."""

Run = tuple[str, ...]


def runs(questionnaire: Questionnaire) -> tuple[Run, ...]:
    """Item codes of each run of at least four questions one after another with the same answers to choose."""
    found = []
    for section in questionnaire.sections:
        for answers, items in groupby(section.items, key=_answers):
            codes = tuple(item.code for item in items)
            if answers and len(codes) >= RUN:
                found.append(codes)
    return tuple(found)


def straight_lined(run: Run, answers: Mapping[str, Any]) -> bool | None:
    """Whether every question of a run has the same code; None where fewer than four have a code at all.

    answers: stored answers by item code, a code or anything else for an absence (`answers.to_json`).
    """
    codes = [answer for code in run if type(answer := answers.get(code)) is int]
    return len(set(codes)) == 1 if len(codes) >= RUN else None


def _answers(item: Item) -> tuple[object, ...]:
    """What makes two questions share their answers; empty for kinds without one code."""
    if item.kind not in SAME_ANSWERS:
        return ()
    if item.scale is not None:
        return (item.scale.low, item.scale.high)
    same = tuple((option.code, option.text) for option in item.options)
    return same if len(same) >= CHOICES else ()
