"""The form of a bespoke indicator: what was typed, and the definition it makes or every reason why not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from questionnaires.bespoke import LONGEST_CODE, MOST_PARTS, Askable, Definition, askables, made
from questionnaires.checks import bespoke as checks
from questionnaires.checks.findings import CODE, Finding
from questionnaires.framework import Composite, Framework, Indicator, Part, Statistic
from questionnaires.model import Questionnaire

MOST_ANSWERS = 24  # a question with more is for a file: nobody ticks a hundred boxes
ALL, ANY, SOME = "all", "any", "some"
SHARE, MEAN = "share", "mean"
BETTER, WORSE = "better", "worse"
POLARITIES = {BETTER: 1, WORSE: -1}

ORDER = ("title", "made_by", "sentence", "polarity", "answers", "needed", "number", "mean_of", "under")
"""Fields as they stand on the page, so that their problems are told in that order."""

Problem = tuple[str, str]
"""The id of a field, and what is wrong with it."""


@dataclass(frozen=True)
class Typed:
    """What is in the form. answers: the codes ticked, by column; `mean_of`: a column."""

    title: str = ""
    made_by: str = ""
    under: tuple[str, ...] = ()
    measure: str = SHARE
    answers: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    needed: str = ALL
    number: str = ""
    mean_of: str = ""
    polarity: str = ""
    sentence: str = ""
    unit: str = ""  # of a mean, as a file gave it


def offered(questionnaire: Questionnaire) -> dict[str, Askable]:
    """What the form offers, by column, in the order asked."""
    return {each.column: each for each in askables(questionnaire) if len(each.answers) <= MOST_ANSWERS}


def averaged(questionnaire: Questionnaire) -> dict[str, Askable]:
    """What a mean can be taken of, by column, in the order asked."""
    return {each.column: each for each in askables(questionnaire) if each.averaged}


def read(given: MultiDict[str, str], questionnaire: Questionnaire) -> Typed:
    """What was typed. Anything that the form does not offer is left out."""
    answers = {}
    for column, asked in offered(questionnaire).items():
        sent = set(given.getlist(f"answers-{column}"))
        codes = tuple(code for code, _words in asked.answers if str(code) in sent)
        if codes:
            answers[column] = codes

    def text(name: str, longest: int = 400) -> str:
        return " ".join(given.get(name, "").split())[:longest]

    return Typed(
        title=text("title"),
        made_by=text("made_by"),
        under=tuple(dict.fromkeys(given.getlist("under"))),
        measure=MEAN if given.get("measure") == MEAN else SHARE,
        answers=answers,
        needed=given.get("needed", ALL),
        number=text("number", 4),
        mean_of=text("mean_of", 80),
        polarity=text("polarity", 10),
        sentence=text("sentence"),
        unit=text("unit", 40),
    )


def of(definition: Definition) -> Typed:
    """The form filled in with a definition."""
    indicator, composite = definition.indicator, definition.indicator.composite
    mean = composite is None and indicator.statistic is Statistic.MEAN
    if composite is not None:
        answers = {part.item: part.codes for part in composite.parts}
        needed = {len(composite.parts): ALL, 1: ANY}.get(composite.at_least, SOME)
    else:
        answers = {} if mean else {indicator.item or "": indicator.codes}
        needed = ALL
    return Typed(
        title=indicator.title,
        made_by=indicator.made_by,
        under=definition.under,
        measure=MEAN if mean else SHARE,
        answers=answers,
        needed=needed,
        number=str(composite.at_least) if composite is not None and needed == SOME else "",
        mean_of=(indicator.item or "") if mean else "",
        polarity=BETTER if indicator.polarity > 0 else WORSE,
        sentence=indicator.sentence,
        unit=indicator.unit if mean else "",
    )


def fits(definition: Definition, questionnaire: Questionnaire) -> bool:
    """Whether the form can show all of a definition: one from a file may use scores or long lists."""
    typed, known = of(definition), offered(questionnaire)
    if typed.measure == MEAN:
        return typed.mean_of in averaged(questionnaire)
    return all(column in known for column in typed.answers)


def define(
    typed: Typed,
    questionnaire: Questionnaire,
    framework: Framework,
    *,
    code: str = "",
    taken: Collection[str] = (),
) -> tuple[Definition | None, list[Problem]]:
    """The definition, or None with every problem. code: of the one being changed; taken: codes of others."""
    problems = list(_left_out(typed))
    named = Indicator(
        code=code or _new_code(typed.title, {*taken, *_codes(framework)}),
        title=typed.title,
        made_by=typed.made_by,
        polarity=POLARITIES.get(typed.polarity, 1),
        unit=_unit(typed, questionnaire),
        sentence=typed.sentence,
    )
    definition = Definition(
        questionnaire=questionnaire.id, under=typed.under, indicator=_measured(typed, named)
    )
    fields = {target for target, _words in problems}
    for finding in checks.check([definition], questionnaire, framework, taken):
        target = _field(finding)
        if target not in fields:
            problems.append((target, _said(finding, questionnaire)))
    problems.sort(key=lambda each: ORDER.index(each[0].partition("-")[0]))
    return (None if problems else definition), problems


def _measured(typed: Typed, named: Indicator) -> Indicator:
    """The indicator with what it is made of."""
    if typed.measure == MEAN:
        return replace(named, item=typed.mean_of or None, statistic=Statistic.MEAN)
    parts = tuple(Part(item=column, codes=codes) for column, codes in typed.answers.items())
    if not parts:
        return named
    if len(parts) == 1:
        return replace(named, item=parts[0].item, statistic=Statistic.PROPORTION, codes=parts[0].codes)
    number = int(typed.number) if typed.number.isdecimal() and typed.number.isascii() else 0
    at_least = {ALL: len(parts), ANY: 1}.get(typed.needed, number)
    return made(replace(named, composite=Composite(parts=parts, at_least=at_least)))


def _left_out(typed: Typed) -> Iterator[Problem]:
    if not typed.title:
        yield "title", _("Give it a title.")
    if not typed.made_by:
        yield "made_by", _("Say who makes it: readers are told.")
    if not typed.under:
        yield "under", _("Choose where it is shown.")
    if typed.measure == MEAN and not typed.mean_of:
        yield "mean_of", _("Choose the question.")
    if typed.measure == SHARE and not typed.answers:
        yield "answers", _("Tick the answers that count, of one question at least.")
    if typed.measure == SHARE and typed.needed not in (ALL, ANY, SOME):
        yield "needed", _("Choose how many must hold.")
    if typed.polarity not in POLARITIES:
        yield "polarity", _("Choose whether more is better or worse.")


def _field(finding: Finding) -> str:
    """The field of the form that a finding is about."""
    if isinstance(finding.at, Part):
        return f"answers-{finding.at.item}"
    if isinstance(finding.at, Composite):
        return "number" if finding.key == "at_least" else "answers"
    names = {"code": "title", "item": "answers", "codes": "answers", "statistic": "mean_of"}
    return names.get(finding.key, finding.key)


def _said(finding: Finding, questionnaire: Questionnaire) -> str:
    """In words for the form: those of a file speak of its keys."""
    if isinstance(finding.at, Part):
        asked = offered(questionnaire).get(finding.at.item)
        return f"{asked.text if asked else finding.at.item} {_every_answer()}"
    if isinstance(finding.at, Composite):
        if finding.key == "at_least":
            count = len(finding.at.parts)
            return str(_("Write how many must hold: a number from 1 to %(count)s.", count=count))
        return str(_("Use %(most)s questions at most.", most=MOST_PARTS))
    words = {
        "sentence": _("Write {value} where the number belongs, and 300 letters at most."),
        "codes": _every_answer(),
        "title": _("Make the title shorter."),
        "made_by": _("Make the name shorter."),
    }
    return str(words.get(finding.key, f"{finding.cause} {finding.remedy}"))


def _every_answer() -> str:
    return str(_("Every answer is ticked, so it says nothing. Leave some out."))


def _unit(typed: Typed, questionnaire: Questionnaire) -> str:
    if typed.measure == SHARE:
        return "%"
    asked = averaged(questionnaire).get(typed.mean_of)
    scale = asked.item.scale if asked else None
    return typed.unit or (f"out of {scale.high}" if scale else "")


def _codes(framework: Framework) -> set[str]:
    return {indicator.code for _, _, _, indicator in framework.indicators()}


def _new_code(title: str, taken: Collection[str]) -> str:
    """A code made of the title: "Healthy housing" is healthy_housing."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = "_".join(re.findall(r"[a-z0-9]+", plain))[: LONGEST_CODE - 4].strip("_")
    code = words if CODE.fullmatch(words) else "indicator"
    numbered = (code if number == 1 else f"{code}_{number}" for number in range(1, len(taken) + 3))
    return next(each for each in numbered if each not in taken)
