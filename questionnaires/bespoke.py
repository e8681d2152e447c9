"""Indicators that a place makes itself, beside the framework's: of one question, or of several at once.

A definition belongs to a questionnaire and counts in every wave that asks it. The file of definitions, the
web form and the database hold the same thing; docs/indicators.md describes it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from questionnaires.framework import Composite, Framework, Indicator, Part, Statistic
from questionnaires.kinds import KINDS
from questionnaires.model import Item, Questionnaire

FEWEST_PARTS, MOST_PARTS = 2, 8
LONGEST_TITLE, LONGEST_MAKER, LONGEST_SENTENCE, LONGEST_CODE = 80, 80, 300, 40
TICKED = ((1, "Chosen"), (0, "Not chosen"))
"""What can be said of one option of a multiple choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A bespoke indicator: of which questionnaire, shown under which sub-domains, and what it measures."""

    questionnaire: str  # id, of every version
    under: tuple[str, ...]
    indicator: Indicator

    @property
    def code(self) -> str:
        return self.indicator.code

    @property
    def digest(self) -> str:
        """SHA-256 of the definition as canonical JSON."""
        return hashlib.sha256(to_json(self).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Askable:
    """Something an indicator can be made of: a snapshot column, its question and the answers it can have."""

    column: str
    item: Item
    text: str
    answers: tuple[tuple[int, str], ...]  # substantive ones only
    averaged: bool  # a mean can be taken of it


def column_of(code: str) -> str:
    """The snapshot column of a composite. No item can have this name: the dot keeps them apart."""
    return f"composite.{code}"


def is_composite(column: str | None) -> bool:
    """Whether a column of a snapshot or a release is a composite's."""
    return column is not None and column.startswith(column_of(""))


def merged(framework: Framework, definitions: Collection[Definition]) -> Framework:
    """The framework with the definitions in it."""
    return framework.with_indicators(
        [(each.under, replace(each.indicator, digest=each.digest)) for each in definitions]
    )


def made(indicator: Indicator) -> Indicator:
    """The indicator with what follows from its being a composite: its column, and that it is a share."""
    if indicator.composite is None:
        return indicator
    return replace(
        indicator,
        item=column_of(indicator.code),
        statistic=Statistic.PROPORTION,
        codes=(1,),
    )


def askables(questionnaire: Questionnaire) -> Iterator[Askable]:
    """Every column that a share can be taken of: items, and each option of a multiple choice."""
    for item in questionnaire.items():
        kind = KINDS.get(item.kind)
        if kind is None or Statistic.PROPORTION not in kind.statistics:
            continue
        if kind.many:
            for option in item.options if kind.highest(item) == 1 else ():
                if option.substantive:
                    column = f"{item.code}__{option.code}"
                    yield Askable(column, item, f"{item.text} – {option.text}", TICKED, averaged=False)
            continue
        words = {option.code: option.text for option in item.options}
        idle = {option.code for option in item.options if not option.substantive}
        answers = tuple((code, words.get(code, str(code))) for code in kind.codes(item) if code not in idle)
        if answers:
            yield Askable(item.code, item, item.text, answers, Statistic.MEAN in kind.statistics)


def said(composite: Composite, questionnaire: Questionnaire) -> str:
    """What a composite counts, in the questionnaire's words, for a release and its readers."""
    known = {each.column: each for each in askables(questionnaire)}
    parts = []
    for part in composite.parts:
        asked = known.get(part.item)
        words = dict(asked.answers) if asked else {}
        chosen = ", ".join(words.get(code, str(code)) for code in part.codes)
        parts.append(f"{asked.text if asked else part.item} ({chosen})")
    count = len(composite.parts)
    if composite.at_least == count:
        start = "All of these hold"
    elif composite.at_least == 1:
        start = "At least one of these holds"
    else:
        start = f"At least {composite.at_least} of these {count} hold"
    return f"{start}: {'; '.join(parts)}"


def as_dict(definition: Definition) -> dict[str, Any]:
    """The definition as plain keys and values, as its file has them."""
    indicator, composite = definition.indicator, definition.indicator.composite
    document: dict[str, Any] = {
        "code": indicator.code,
        "title": indicator.title,
        "made_by": indicator.made_by,
        "under": list(definition.under),
        "polarity": indicator.polarity,
        "unit": indicator.unit,
        "sentence": indicator.sentence,
    }
    if composite is not None:
        parts = [{"item": part.item, "codes": list(part.codes)} for part in composite.parts]
        document["composite"] = {"parts": parts, "at_least": composite.at_least}
    else:
        document |= {
            "item": indicator.item,
            "statistic": indicator.statistic.value,
            "codes": list(indicator.codes),
        }
    return {name: value for name, value in document.items() if value not in ("", [])}


def to_json(definition: Definition) -> str:
    """The definition as canonical JSON, to be stored and digested."""
    document = {"questionnaire": definition.questionnaire, **as_dict(definition)}
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def from_json(text: str) -> Definition:
    """The inverse of `to_json`. Raises ValueError, KeyError or TypeError for anything else."""
    raw: Mapping[str, Any] = json.loads(text)
    composite = raw.get("composite")
    return Definition(
        questionnaire=raw["questionnaire"],
        under=tuple(raw["under"]),
        indicator=made(
            Indicator(
                code=raw["code"],
                title=raw["title"],
                made_by=raw["made_by"],
                polarity=raw["polarity"],
                unit=raw.get("unit", ""),
                sentence=raw.get("sentence", ""),
                item=raw.get("item"),
                statistic=Statistic(raw.get("statistic", "mean")),
                codes=tuple(raw.get("codes", ())),
                composite=None
                if composite is None
                else Composite(
                    parts=tuple(
                        Part(item=part["item"], codes=tuple(part["codes"])) for part in composite["parts"]
                    ),
                    at_least=composite["at_least"],
                ),
            )
        ),
    )


def former(definitions: Iterable[Definition]) -> tuple[Definition, ...]:
    """Definitions no longer used, under codes that nothing else has: to be reckoned with, not shown."""
    return tuple(
        replace(each, indicator=made(replace(each.indicator, code=f"{each.code}.{each.digest[:12]}")))
        for each in definitions
    )
