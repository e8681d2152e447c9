"""The questionnaire as frozen typed objects.

`loading.load` is the only way a file becomes one of these; after it nothing needs checking again.
Texts are in the questionnaire's own language until `catalogue.translated` returns a copy in another.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Purpose(StrEnum):
    """Why an item is asked. Nothing may be asked without a reason."""

    FRAMEWORK = "framework"  # feeds the sub-domains it names
    WEIGHTING = "weighting"  # makes the answers represent the population
    EQUALITY = "equality"  # shows whether groups fare differently
    PLACE = "place"  # says which area the answers belong to
    CONSENT = "consent"
    CONTEXT = "context"  # comments, routing


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer to choose. `code` is stored, tallied and printed on paper; it never changes meaning."""

    code: int
    text: str
    exclusive: bool = False  # "None of these": ticking it with another is a contradiction
    substantive: bool = True  # False for "Don't know", "Too few people to say": counted, not in the base
    level: str | None = None  # level of the weighting margin this option belongs to


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A run of whole numbers with words at both ends."""

    low: int
    high: int
    low_label: str
    high_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a standard item comes from, and on what terms it may be used."""

    text: str
    licence: str
    url: str = ""
    changed: str = ""  # what differs from the published wording, if anything


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare:
    """True when the answer to `item` stands in relation `operator` to `values`."""

    item: str
    operator: str  # "in", "not-in", "at-least", "at-most", "answered"
    values: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Some:
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Never:
    condition: Condition


Condition = Compare | Every | Some | Never


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question. `kind` names an entry of `questionnaires.kinds.KINDS`."""

    code: str
    kind: str
    text: str
    purpose: Purpose
    hint: str = ""
    subdomains: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    scale: Scale | None = None
    minimum: int | None = None
    maximum: int | None = None
    unit: str = ""
    required: bool = False
    prefer_not_to_say: bool = False
    sensitive: bool = False
    when: Condition | None = None
    margin: str | None = None  # name of the weighting margin the options' levels belong to
    source: Source | None = None
    note: str = ""  # for translators and the next author; never shown to residents


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One page of the questionnaire."""

    code: str
    title: str
    items: tuple[Item, ...]
    intro: str = ""
    when: Condition | None = None

    @property
    def offers_exit(self) -> bool:
        return any(item.sensitive for item in self.items)


class ScoreMethod(StrEnum):
    """How a within-person score is made from items, at submission: tallies could not tell."""

    SUM = "sum"
    ANY = "any"  # 1 when any item has one of `codes`, else 0
    EVERY = "every"  # 1 when every item has one of `codes`, else 0
    COUNT = "count"  # how many items have one of `codes`
    RULE = "rule"  # 1 when the condition `when` holds, 0 when it does not, missing when it cannot be told


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A derived item scored within a person from other items."""

    code: str
    method: ScoreMethod
    items: tuple[str, ...]
    codes: tuple[int, ...] = ()
    minimum_answered: int = 0  # 0 means every item must be answered
    title: str = ""
    when: Condition | None = None  # RULE only; `items` then lists the items the condition reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """A population margin to rake on: levels come from an item's options or from the respondent's area."""

    name: str
    item: str | None = None
    area_level: str | None = None
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Questionnaire:
    """A questionnaire version: what is asked, in which order, and how answers will be weighted."""

    id: str
    version: str
    title: str
    language: str
    framework: str
    sections: tuple[Section, ...]
    introduction: str = ""
    licence: str = ""
    contact: str = ""
    languages: tuple[str, ...] = ()
    scores: tuple[Score, ...] = ()
    margins: tuple[Margin, ...] = ()
    digest: str = ""  # SHA-256 of the file it was parsed from

    def items(self) -> Iterator[Item]:
        """Every item in the order asked."""
        for section in self.sections:
            yield from section.items

    def item(self, code: str) -> Item:
        """The item with this code. Raises KeyError."""
        return self._by_code[code]

    @cached_property
    def _by_code(self) -> dict[str, Item]:
        return {item.code: item for item in self.items()}

    def section(self, code: str) -> Section:
        """The section with this code. Raises KeyError."""
        for section in self.sections:
            if section.code == code:
                return section
        raise KeyError(code)
