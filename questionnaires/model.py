"""The questionnaire as frozen typed objects.

`loading.load` is the only way a file becomes one of these; after it nothing needs checking again.
Texts are in the questionnaire's own language until `catalogue.translated` returns a copy in another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, wraps
from typing import Any, TypeVar

T = TypeVar("T")


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
    say_what: bool = False  # "Other": choosing it opens a short text, stored under `<item>-other`
    group: str = ""  # heading it stands under in a long list
    fixed: bool = False  # keeps its place when the others are shown in a random order
    name: str = ""  # what another system calls it, where that is not the code

    @property
    def keeps_its_place(self) -> bool:
        """Whether a random order leaves it where it is written: "None of these" belongs at the end."""
        return self.fixed or self.exclusive or self.say_what or not self.substantive


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
    """True when the answer to `item` stands in relation `operator` to `values`, or to the answer of `other`.

    Values are as stored: codes, numbers, a decimal times ten to its decimals, dates as 20261123 or 202611.
    """

    item: str
    operator: str  # a key of `conditions.OPERATORS`
    values: tuple[int, ...] = ()
    other: str = ""  # the item compared with: same-as, more-than, less-than


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """True when the number of `items` whose answer has one of `codes` lies between the bounds."""

    items: tuple[str, ...]
    codes: tuple[int, ...]
    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Some:
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Never:
    condition: Condition


Condition = Compare | Count | Every | Some | Never


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A doubt about an answer: when the condition holds, `text` asks the person to look again."""

    when: Condition
    text: str
    hard: bool = False  # True: it must be changed; False: it is asked once, and the answer may be kept


class MediaKind(StrEnum):
    """What a file beside a question is."""

    IMAGE = "image"
    AUDIO = "audio"  # the question read aloud
    BSL = "bsl"  # the question in British Sign Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A picture, recording or film of a question. `file` lies in the version's `media` folder."""

    kind: MediaKind
    file: str
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """What the rows of a grid share. Each row is an item of its own that points here."""

    code: str
    text: str
    hint: str = ""
    help: str = ""
    define: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What a consent agrees to, and which wording of it: kept with the answer."""

    purpose: str
    version: str


class ComputeMethod(StrEnum):
    """How a computed item gets its value."""

    SUM = "sum"
    DIFFERENCE = "difference"  # the first less the second
    PRODUCT = "product"
    SMALLEST = "smallest"
    LARGEST = "largest"
    COUNT = "count"  # how many items have one of `codes`
    CASES = "cases"  # the value of the first case whose condition holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    when: Condition
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Compute:
    """How a computed item's value, a whole number, follows from earlier answers."""

    method: ComputeMethod
    items: tuple[str, ...] = ()
    codes: tuple[int, ...] = ()  # COUNT only
    cases: tuple[Case, ...] = ()  # CASES only
    otherwise: int | None = None  # CASES only: when no case holds; None is no value


class Order(StrEnum):
    """In which order options are shown."""

    WRITTEN = ""
    RANDOM = "random"


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
    help: str = ""  # longer text, folded away under the question
    order: str = Order.WRITTEN  # of the options: "" as written, or "random"
    checks: tuple[Check, ...] = ()
    define: tuple[str, ...] = ()  # codes of glossary terms explained beside the question
    media: tuple[Media, ...] = ()
    symbol: str = ""  # name of an Easy Read picture
    decimals: int = 0  # digits after the point of a decimal number
    earliest: str = ""  # first date or month that can be answered: ISO, or "today"
    latest: str = ""
    grid: Grid | None = None
    agreement: Agreement | None = None
    compute: Compute | None = None
    name: str = ""  # what another system calls it, where that is not the code

    @property
    def other(self) -> Option | None:
        """The option that asks to say what, if there is one."""
        return next((option for option in self.options if option.say_what), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Items that belong together, under one title."""

    code: str
    title: str
    items: tuple[Item, ...]
    intro: str = ""
    when: Condition | None = None
    safety_exit: bool | None = None  # None: as its items need

    @property
    def offers_exit(self) -> bool:
        """Whether its pages have a button to leave quickly: as written, else where something is sensitive."""
        if self.safety_exit is not None:
            return self.safety_exit
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


class OnePer(StrEnum):
    """What fills one page."""

    SECTION = "section"
    QUESTION = "question"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word explained. `code` names it in `define` and never changes with the language."""

    code: str
    term: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """Someone to turn to, shown where questions may distress."""

    name: str
    contact: str
    url: str = ""


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
    one_per: OnePer = OnePer.SECTION
    hub: bool = False  # residents choose the order of the sections
    glossary: tuple[Term, ...] = ()
    support: tuple[Support, ...] = ()
    next: str = ""  # what happens next, on the page of thanks
    digest: str = ""  # SHA-256 of the file it was parsed from
    memo: dict[str, Any] = field(init=False, repr=False, compare=False, default_factory=dict)  # see `once`

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

    def term(self, code: str) -> Term:
        """The glossary term with this code. Raises KeyError."""
        for term in self.glossary:
            if term.code == code:
                return term
        raise KeyError(code)


def once(work: Callable[[Questionnaire], T]) -> Callable[[Questionnaire], T]:
    """Do work that depends on nothing but the questionnaire once for each object: it never changes."""
    key = f"{work.__module__}.{work.__qualname__}"

    @wraps(work)
    def remembered(questionnaire: Questionnaire) -> T:
        if key not in questionnaire.memo:
            questionnaire.memo[key] = work(questionnaire)
        found: T = questionnaire.memo[key]
        return found

    return remembered
