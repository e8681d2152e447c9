"""Bespoke indicators in words: what one counts, who is in its base, and the figures of a preview."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from analysis.release import Marker
from questionnaires.bespoke import Askable, Definition, askables
from questionnaires.framework import Framework, Statistic
from questionnaires.model import Questionnaire
from survey_app.presenters import phrases
from survey_app.services.previews import Preview


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured: a sentence, the conditions it speaks of, and who is in the base."""

    lead: str
    conditions: tuple[tuple[str, str], ...]  # question, and the answers that count
    base: str


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    value: str  # "" where it is not shown
    answers: str


@dataclass(frozen=True, slots=True)
class Level:
    """The figures of the areas of one level."""

    title: str
    shown: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Questions of a section that the form offers."""

    title: str
    questions: tuple[Askable, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A sub-domain an indicator can be shown under."""

    code: str
    title: str


def measure(definition: Definition, questionnaire: Questionnaire) -> Measure:
    """What a definition measures, in the questionnaire's own words."""
    known = {each.column: each for each in askables(questionnaire)}
    indicator, composite = definition.indicator, definition.indicator.composite
    if composite is not None:
        count = len(composite.parts)
        if composite.at_least == count:
            lead = _("The share of people for whom all of these hold:")
        elif composite.at_least == 1:
            lead = _("The share of people for whom at least one of these holds:")
        else:
            lead = _(
                "The share of people for whom at least %(number)s of these %(count)s hold:",
                number=composite.at_least,
                count=count,
            )
        conditions = [_condition(known, part.item, part.codes) for part in composite.parts]
        base = _(
            "In the base: everyone whose answers settle it. Someone who left a question out, was not asked "
            "it or said “don’t know” counts only where their other answers settle it already."
        )
        return Measure(lead, tuple(conditions), base)
    item = indicator.item or ""
    if indicator.statistic is Statistic.MEAN:
        asked = known.get(item)
        return Measure(
            _("The average of the answers to:"),
            ((asked.text if asked else item, ""),),
            _("In the base: everyone who answered the question, without “don’t know”."),
        )
    return Measure(
        _("The share of people who answered so:"),
        (_condition(known, item, indicator.codes),),
        _("In the base: everyone who answered the question, without “don’t know”."),
    )


def _condition(known: dict[str, Askable], item: str, codes: Sequence[int]) -> tuple[str, str]:
    asked = known.get(item)
    words = dict(asked.answers) if asked else {}
    return asked.text if asked else item, ", ".join(words.get(code, str(code)) for code in codes)


def levels(preview: Preview) -> tuple[Level, ...]:
    """The figures of a preview by level, those that hold others first."""
    rows: dict[str, list[Line]] = {}
    parents: dict[str, list[int]] = {}
    for area, figure in zip(preview.areas, preview.figures, strict=True):
        shown = figure.marker is Marker.SHOWN
        rows.setdefault(area.level, []).append(
            Line(
                name=area.name,
                value=phrases.value_and_interval(preview.indicator, figure) if shown else "",
                answers=phrases.base(figure.base) if shown else "",
            )
        )
        parents.setdefault(area.level, []).append(len(area.parents))
    order = sorted(rows, key=lambda level: (sum(parents[level]) / len(parents[level]), level))
    return tuple(
        Level(
            title=phrases.level(level, many=True),
            shown=_(
                "%(shown)s of %(all)s would be shown",
                shown=sum(bool(line.value) for line in rows[level]),
                all=len(rows[level]),
            ),
            lines=tuple(sorted(rows[level], key=lambda line: line.name)),
        )
        for level in order
    )


def groups(questionnaire: Questionnaire, offered: Collection[Askable]) -> tuple[Group, ...]:
    """The questions that the form offers, by the section that asks them."""
    found = []
    for section in questionnaire.sections:
        codes = {item.code for item in section.items}
        questions = tuple(each for each in offered if each.item.code in codes)
        if questions:
            found.append(Group(section.title, questions))
    return tuple(found)


def places(framework: Framework) -> tuple[tuple[str, tuple[Place, ...]], ...]:
    """Sub-domains by the title of their domain; those that are a whole domain by that of their headline."""
    found: dict[str, list[Place]] = {}
    for headline, domain, subdomain in framework.subdomains():
        title = headline.title if len(domain.subdomains) == 1 else domain.title
        found.setdefault(title, []).append(Place(subdomain.code, subdomain.title))
    return tuple((title, tuple(held)) for title, held in found.items())


def titles(definition: Definition, framework: Framework) -> list[str]:
    """The sub-domains it is shown under, by title."""
    known = {subdomain.code: subdomain.title for _, _, subdomain in framework.subdomains()}
    return [known.get(code, code) for code in definition.under]


def uses(releases: int) -> str:
    return ngettext("in %(num)s release", "in %(num)s releases", releases) if releases else _("in no release")
