"""How well a wave is being answered: where people stop, what they skip, who hurries, how languages differ.

Counted over the newest responses for those who run the wave, so that a question can be mended or a
translation looked at while there is time. Nothing is refused, changed or left out because of it.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from sqlmodel import Session

from questionnaires import carefulness
from questionnaires.answers import Missing
from questionnaires.kinds import KINDS
from questionnaires.model import Item, Purpose, Questionnaire
from survey_app.store import quality as store
from survey_app.store.quality import Filled
from survey_app.tables import Wave

CONSIDERED = 5_000
"""Responses looked at, the newest: a page must not take minutes."""

HURRIED = 1 / 3
"""Of the median time: below it a response counts as fast (Greszki, Meyer and Schoen 2015)."""

SKIPPED = 0.10
"""Share of those asked who left a question without an answer, from which it is worth a look."""

FEWEST = 50
"""Answers a language needs, and the others together, before the two are compared."""

ABOUT_LIFE = frozenset({Purpose.FRAMEWORK, Purpose.CONTEXT})
"""Purposes whose answers are compared: who people are differs by language anyhow."""

GAP = 0.15
"""Shares closer than this are not called different, however sure one can be: it would make no difference."""

FALSE_DISCOVERIES = 0.05
"""Expected share of false alarms among the differences shown (Benjamini and Hochberg 1995)."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A question that was asked and left without an answer. `declined`: of those, by saying so."""

    item: Item
    asked: int
    blank: int
    declined: int

    @property
    def share(self) -> float:
        return self.blank / self.asked


@dataclass(frozen=True, slots=True)
class Difference:
    """A language in which a share is unlike that of all other languages; `option` None: no answer given."""

    language: str
    item: Item
    option: int | None
    share: float
    others: float
    base: int
    p_value: float


@dataclass(frozen=True, slots=True)
class InLanguage:
    language: str
    responses: int
    blank: float | None  # share of questions asked that were left without an answer


@dataclass(frozen=True, slots=True)
class Stop:
    """Unfinished responses whose last page saved is this one; `page` is "" when not one was."""

    page: str
    number: int


@dataclass(frozen=True, slots=True)
class PageTime:
    """Median seconds on a page, to the nearest five, over `responses` who saw it."""

    page: str
    seconds: float
    responses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """What the newest `considered` of `submitted` responses say about how a wave is answered."""

    considered: int
    submitted: int
    timed: int  # on the web, with every page timed
    median_seconds: float | None
    hurried: int
    judged_straight: int  # with at least one run long enough to tell
    straight: int
    flags: dict[str, int]
    unfinished: int
    stops: tuple[Stop, ...]  # most first
    times: tuple[PageTime, ...]  # longest first
    skipped: tuple[Skipped, ...]  # most skipped first; only those worth a look
    languages: tuple[InLanguage, ...]  # most used first
    differences: tuple[Difference, ...]  # surest first


def of(session: Session, wave: Wave, questionnaire: Questionnaire) -> Quality:
    """The quality of a wave's answers as they stand."""
    wave_id = wave.id or 0
    counted = Counted.of(questionnaire, store.latest(session, wave_id, CONSIDERED))
    stopped = Counter(
        str(document.get("pages", "")) for document in store.unfinished(session, wave_id, CONSIDERED)
    )
    seconds = counted.totals
    middle = median(seconds) if seconds else None
    return Quality(
        considered=counted.responses,
        submitted=store.submitted(session, wave_id),
        timed=len(seconds),
        median_seconds=middle,
        hurried=sum(1 for total in seconds if middle and total < middle * HURRIED),
        judged_straight=counted.judged_straight,
        straight=counted.straight,
        flags=dict(counted.flags),
        unfinished=stopped.total(),
        stops=tuple(Stop(page, number) for page, number in stopped.most_common()),
        times=_times(counted.pages),
        skipped=_skipped(questionnaire, counted),
        languages=_languages(counted),
        differences=differences(questionnaire, counted),
    )


@dataclass(slots=True)
class Counted:
    """One pass over the responses. Answers by (language, item): how many gave each code, None: no answer."""

    responses: int = 0
    judged_straight: int = 0
    straight: int = 0
    totals: list[int] = field(default_factory=list)
    pages: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    flags: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    declined: Counter[str] = field(default_factory=Counter)
    answers: defaultdict[tuple[str, str], Counter[int | None]] = field(
        default_factory=lambda: defaultdict(Counter)
    )

    @classmethod
    def of(cls, questionnaire: Questionnaire, responses: Iterable[Filled]) -> Counted:
        counted = cls()
        codes = [item.code for item in questionnaire.items()]
        runs = carefulness.runs(questionnaire)
        for response in responses:
            counted._note(response, codes, runs)
        return counted

    def _note(self, response: Filled, codes: Sequence[str], runs: Sequence[carefulness.Run]) -> None:
        self.responses += 1
        self.languages[response.language] += 1
        self.flags.update(response.paradata.get("flags", ()))
        spent: dict[str, int] = response.paradata.get("seconds", {})
        if spent and response.mode == "web":
            self.totals.append(sum(spent.values()))
            for page, seconds in spent.items():
                self.pages[page].append(seconds)
        judged = [
            alike for run in runs if (alike := carefulness.straight_lined(run, response.answers)) is not None
        ]
        self.judged_straight += bool(judged)
        self.straight += any(judged)
        for code in codes:
            self._note_answer(response.language, code, response.answers.get(code))

    def _note_answer(self, language: str, code: str, answer: Any) -> None:
        if type(answer) is int:
            self.answers[language, code][answer] += 1
        elif isinstance(answer, list):  # several: the base is people, so the shares do not add to one
            self.answers[language, code].update(answer)
            self.answers[language, code][_PEOPLE] += 1
        elif isinstance(answer, dict) and answer.get("missing") != Missing.NOT_ASKED:
            self.answers[language, code][None] += 1
            self.declined[code] += answer.get("missing") == Missing.PREFER_NOT_TO_SAY

    def base(self, language: str, code: str) -> tuple[int, int]:
        """How many were asked, and how many of them gave no answer."""
        given = self.answers[language, code]
        people = given[_PEOPLE] or sum(n for key, n in given.items() if key is not None)
        return people + given[None], given[None]


_PEOPLE = -(2**31)  # counts people where each may give several answers; no option has this code


def _times(pages: dict[str, list[int]]) -> tuple[PageTime, ...]:
    found = [PageTime(page, median(seconds), len(seconds)) for page, seconds in pages.items()]
    return tuple(sorted(found, key=lambda time: -time.seconds))


def _skipped(questionnaire: Questionnaire, counted: Counted) -> tuple[Skipped, ...]:
    found = []
    for item in questionnaire.items():
        if not KINDS[item.kind].columns(item):  # most people write nothing where they may write anything
            continue
        bases = [counted.base(language, item.code) for language in counted.languages]
        asked, blank = sum(base for base, _ in bases), sum(none for _, none in bases)
        if asked and blank / asked >= SKIPPED:
            found.append(Skipped(item, asked, blank, counted.declined[item.code]))
    return tuple(sorted(found, key=lambda skipped: -skipped.share))


def _languages(counted: Counted) -> tuple[InLanguage, ...]:
    found = []
    for language, responses in counted.languages.most_common():
        bases = [counted.base(tongue, code) for tongue, code in list(counted.answers) if tongue == language]
        asked, blank = sum(base for base, _ in bases), sum(none for _, none in bases)
        found.append(InLanguage(language, responses, blank / asked if asked else None))
    return tuple(found)


def differences(questionnaire: Questionnaire, counted: Counted) -> tuple[Difference, ...]:
    """Shares in one language that are unlike those in all others, beyond chance and large enough to matter.

    Two-sided tests of two proportions with pooled variance (R's `prop.test` with correct = FALSE), the false
    discovery rate held at 5% over all of them. Speakers of a language may well live differently: a difference
    says where to read the translation again, not that it is wrong.
    """
    tried: list[Difference] = []
    for item in questionnaire.items():
        for language, _ in counted.languages.most_common()[1:]:  # the most used is what others are unlike
            tried += _compared(item, language, counted)
    tried.sort(key=lambda difference: difference.p_value)
    kept = 0
    for rank, difference in enumerate(tried, start=1):
        if difference.p_value <= FALSE_DISCOVERIES * rank / len(tried):
            kept = rank
    return tuple(each for each in tried[:kept] if abs(each.share - each.others) >= GAP)


def _compared(item: Item, language: str, counted: Counted) -> list[Difference]:
    """The language against all others together, for no answer and for each option chosen anywhere."""
    base, blank = counted.base(language, item.code)
    rest = [tongue for tongue in counted.languages if tongue != language]
    bases = [counted.base(tongue, item.code) for tongue in rest]
    other_base, other_blank = sum(asked for asked, _ in bases), sum(none for _, none in bases)
    if min(base, other_base) < FEWEST:
        return []
    found = [_difference(item, language, None, (blank, base), (other_blank, other_base))]
    here, there = base - blank, other_base - other_blank
    if min(here, there) >= FEWEST and not item.sensitive and item.purpose in ABOUT_LIFE:
        given = counted.answers[language, item.code]
        for option in item.options:
            others = sum(counted.answers[tongue, item.code][option.code] for tongue in rest)
            mine = given[option.code]
            if mine + others:
                found.append(_difference(item, language, option.code, (mine, here), (others, there)))
    return found


def _difference(
    item: Item, language: str, option: int | None, here: tuple[int, int], others: tuple[int, int]
) -> Difference:
    share, other = here[0] / here[1], others[0] / others[1]
    p_value = two_proportions(here, others)
    return Difference(language, item, option, share, other, here[1], p_value)


def two_proportions(first: tuple[int, int], second: tuple[int, int]) -> float:
    """Two-sided p value of equal proportions, each (count, base); 1.0 where nobody or everybody counts."""
    pooled = (first[0] + second[0]) / (first[1] + second[1])
    variance = pooled * (1 - pooled) * (1 / first[1] + 1 / second[1])
    if variance == 0:
        return 1.0
    return math.erfc(abs(first[0] / first[1] - second[0] / second[1]) / math.sqrt(2 * variance))
