"""Bespoke indicators together with the questionnaire that asks and the framework they stand beside."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from questionnaires.bespoke import (
    FEWEST_PARTS,
    LONGEST_CODE,
    LONGEST_MAKER,
    LONGEST_SENTENCE,
    LONGEST_TITLE,
    MOST_PARTS,
    Askable,
    Definition,
    askables,
)
from questionnaires.checks.findings import CODE, Finding, matches
from questionnaires.framework import Composite, Framework, Part, Statistic
from questionnaires.model import Questionnaire
from questionnaires.parsing.fields import did_you_mean
from questionnaires.problems import ProblemCode

VALUE = "{value}"


@dataclass(frozen=True, slots=True)
class _Known:
    """What definitions may name."""

    askable: dict[str, Askable]
    scores: frozenset[str]
    subdomains: tuple[str, ...]
    own: frozenset[str]  # codes of the framework's own indicators
    seen: set[str] = field(default_factory=set)


def check(
    definitions: Sequence[Definition],
    questionnaire: Questionnaire,
    framework: Framework,
    taken: Collection[str] = (),
) -> Iterator[Finding]:
    """Everything wrong with the definitions. taken: codes that others have.

    A finding is at a Definition (its keys are those of the file), at its Composite, or at a Part.
    """
    known = _Known(
        askable={each.column: each for each in askables(questionnaire)},
        scores=frozenset(score.code for score in questionnaire.scores),
        subdomains=tuple(subdomain.code for _, _, subdomain in framework.subdomains()),
        own=frozenset(i.code for _, _, _, i in framework.indicators() if not i.made_by),
        seen=set(taken),
    )
    for definition in definitions:
        yield from _words(definition, known)
        yield from _places(definition, known, framework)
        if definition.indicator.composite is not None:
            yield from _composite(definition.indicator.composite, definition, known)
        else:
            yield from _item(definition, known, questionnaire)


def _words(definition: Definition, known: _Known) -> Iterator[Finding]:
    indicator = definition.indicator
    yield from matches(definition, "code", indicator.code, CODE, "lower-case words joined by '_'")
    if indicator.code and (indicator.code in known.seen or indicator.code in known.own):
        whose = "the framework's own" if indicator.code in known.own else "another"
        cause = f"The code '{indicator.code}' is {whose} indicator's."
        yield Finding(definition, "code", ProblemCode.DUPLICATE_CODE, cause, "Choose another code.")
    known.seen.add(indicator.code)
    for key, text, longest in (
        ("code", indicator.code, LONGEST_CODE),
        ("title", indicator.title, LONGEST_TITLE),
        ("made_by", indicator.made_by, LONGEST_MAKER),
        ("sentence", indicator.sentence, LONGEST_SENTENCE),
    ):
        if len(text) > longest:
            cause = f"This has {len(text)} characters; {longest} is the most."
            yield Finding(definition, key, ProblemCode.BAD_INDICATOR, cause, "Make it shorter.")
    if indicator.sentence and VALUE not in indicator.sentence:
        cause = "The sentence has no place for the number."
        yield Finding(
            definition, "sentence", ProblemCode.BAD_INDICATOR, cause, f"Write {VALUE} where it belongs."
        )
    if indicator.polarity not in (1, -1):
        cause = f"The polarity is {indicator.polarity}."
        yield Finding(definition, "polarity", ProblemCode.BAD_INDICATOR, cause, "Write 1 or -1.")


def _places(definition: Definition, known: _Known, framework: Framework) -> Iterator[Finding]:
    for code in definition.under:
        if code not in known.subdomains:
            cause = f"The framework '{framework.id}' has no sub-domain '{code}'."
            remedy = did_you_mean(code, list(known.subdomains), always=True)
            yield Finding(definition, "under", ProblemCode.UNKNOWN_SUBDOMAIN, cause, remedy)
    if not definition.under:
        remedy = "Add 'under: ...' here."
        yield Finding(definition, "under", ProblemCode.MISSING_KEY, "'under' is missing.", remedy)
    if len(set(definition.under)) < len(definition.under):
        cause = "A sub-domain is named twice."
        yield Finding(definition, "under", ProblemCode.BAD_INDICATOR, cause, "Name each once.")


def _composite(composite: Composite, definition: Definition, known: _Known) -> Iterator[Finding]:
    count = len(composite.parts)
    if count and not FEWEST_PARTS <= count <= MOST_PARTS:
        cause = f"A composite has {FEWEST_PARTS} to {MOST_PARTS} parts, and this has {count}."
        yield Finding(composite, "parts", ProblemCode.BAD_INDICATOR, cause, "Add parts, or remove some.")
    if count and not 1 <= composite.at_least <= count:
        cause = f"At least {composite.at_least} of {count} parts cannot be."
        yield Finding(
            composite, "at_least", ProblemCode.BAD_INDICATOR, cause, f"Write a number from 1 to {count}."
        )
    asked: set[str] = set()
    for part in composite.parts:
        if part.item in asked:
            cause = f"'{part.item}' is in two parts."
            remedy = "List every answer that counts in one part."
            yield Finding(part, "item", ProblemCode.BAD_INDICATOR, cause, remedy)
        asked.add(part.item)
        if part.item:
            yield from _part(part, known)


def _part(part: Part, known: _Known) -> Iterator[Finding]:
    asked = known.askable.get(part.item)
    if asked is None:
        yield Finding(part, "item", ProblemCode.UNKNOWN_ITEM, *_unknown(part.item, known))
        return
    yield from _codes(part, part.codes, asked)


def _item(definition: Definition, known: _Known, questionnaire: Questionnaire) -> Iterator[Finding]:
    indicator = definition.indicator
    if not indicator.item:
        cause = "The indicator has no item and no composite."
        yield Finding(definition, "code", ProblemCode.BAD_INDICATOR, cause, "Add one of the two.")
        return
    share = indicator.statistic is Statistic.PROPORTION
    if indicator.item in known.scores:
        if share != bool(indicator.codes):
            cause = "A proportion of a score counts codes, and a mean does not."
            yield Finding(definition, "codes", ProblemCode.BAD_INDICATOR, cause, "Add or remove 'codes'.")
        return
    asked = known.askable.get(indicator.item)
    if asked is None:
        yield Finding(definition, "item", ProblemCode.UNKNOWN_ITEM, *_unknown(indicator.item, known))
    elif not share and not asked.averaged:
        word = questionnaire.item(asked.item.code).kind.replace("_", " ")
        cause = f"A mean cannot be taken of a {word} item."
        remedy = "Write 'statistic: proportion' and the codes that count."
        yield Finding(definition, "statistic", ProblemCode.BAD_INDICATOR, cause, remedy)
    elif not share and indicator.codes:
        cause = "A mean counts no codes."
        yield Finding(definition, "codes", ProblemCode.BAD_INDICATOR, cause, "Remove them.")
    elif share:
        yield from _codes(definition, indicator.codes, asked)


def _codes(at: Definition | Part, codes: tuple[int, ...], asked: Askable) -> Iterator[Finding]:
    possible = [code for code, _words in asked.answers]
    strange = [code for code in codes if code not in possible]
    if not codes:
        cause, remedy = "No answer counts.", "Add 'codes: [1]' with the answers that count."
        yield Finding(at, "codes", ProblemCode.BAD_INDICATOR, cause, remedy)
    elif strange:
        shown = ", ".join(map(str, possible[:12])) + (" ..." if len(possible) > 12 else "")
        cause = f"{', '.join(map(str, strange))} is no answer to '{asked.column}' that can count."
        yield Finding(at, "codes", ProblemCode.UNKNOWN_OPTION, cause, f"Its answers: {shown}.")
    elif set(codes) >= set(possible):
        cause = "Every answer counts, so it says nothing."
        yield Finding(at, "codes", ProblemCode.BAD_INDICATOR, cause, "Leave some out.")
    if len(set(codes)) < len(codes):
        yield Finding(at, "codes", ProblemCode.BAD_INDICATOR, "A code is here twice.", "Write each once.")


def _unknown(item: str, known: _Known) -> tuple[str, str]:
    many = next((each for each in known.askable.values() if each.item.code == item), None)
    if many is not None:
        return f"The answers of '{item}' are counted by option.", f"Write an option, like '{many.column}'."
    names = [*known.askable, *known.scores]
    return f"The questionnaire has no '{item}' that can be counted.", did_you_mean(item, names)
