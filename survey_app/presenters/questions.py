"""A section of the questionnaire as the page that asks it: what is drawn, ticked, typed and wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from questionnaires.answers import Answer, Answers, Missing
from questionnaires.kinds import PREFER_NOT_TO_SAY
from questionnaires.model import Item, Questionnaire, Section
from questionnaires.postcodes import spaced
from survey_app.presenters.words import Voice, Words

WRITTEN: Mapping[str, Callable[[str], str]] = {"postcode": spaced}
"""Kinds whose stored answer is not written the way people write it."""

KEPT = 64  # questionnaires in a language; more are made anew


@dataclass(frozen=True, slots=True)
class Choice:
    """A box or button. `apart` sets it off from the others: it stands alone."""

    value: str
    words: Words
    apart: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One item ready to draw. `id` is that of its first control, which the error summary links to."""

    code: str
    id: str
    kind: str
    words: Words
    hint: Words
    choices: tuple[Choice, ...]
    declinable: bool  # offers "prefer not to say"
    releasable: bool  # may be left blank, so a button once pressed needs a way back to that
    unit: Words
    maximum: int | None
    low_label: Words
    high_label: Words
    marks: Sequence[str] = ()  # form values: what is ticked or typed
    stored: bool = False  # an answer to it has been saved
    error: str = ""

    @property
    def declined(self) -> bool:
        return self.declinable and PREFER_NOT_TO_SAY in self.marks

    @property
    def value(self) -> str:
        """What is in a text box."""
        return next((mark for mark in self.marks if mark != PREFER_NOT_TO_SAY), "")


@dataclass(frozen=True, slots=True)
class Asking:
    """What a page has to go on: the texts as translated and as written, and who reads them."""

    translated: Questionnaire
    original: Questionnaire
    voice: Voice
    blanks: dict[str, Question] = field(default_factory=dict)
    drawn: dict[str, str] = field(default_factory=dict)  # blank questions as HTML, by item code

    def blank(self, item: Item) -> Question:
        """The item with nothing in it, made once: only marks and errors differ between people."""
        if item.code not in self.blanks:
            self.blanks[item.code] = _blank(self.voice, item, self.original.item(item.code))
        return self.blanks[item.code]


_askings: dict[int, Asking] = {}


def asking(translated: Questionnaire, original: Questionnaire, page: str) -> Asking:
    """The questionnaire for pages in a language, kept for as long as `translated` is the same object."""
    found = _askings.get(id(translated))
    if found is None or found.translated is not translated or found.voice.page != page:
        if len(_askings) >= KEPT:
            _askings.clear()
        found = _askings[id(translated)] = Asking(translated, original, Voice(page, original.language))
    return found


@dataclass(frozen=True, slots=True)
class SectionPage:
    code: str
    title: Words
    intro: Words
    questions: tuple[Question, ...]


def section_page(
    asking: Asking,
    section: Section,
    items: Iterable[Item],
    answers: Answers,
    *,
    typed: Mapping[str, Sequence[str]] | None = None,
    errors: Mapping[str, str] | None = None,
) -> SectionPage:
    """A section's page. `typed` (form values by item code) is shown in place of what is stored."""
    original = asking.original.section(section.code)
    return SectionPage(
        code=section.code,
        title=asking.voice.say(section.title, original.title),
        intro=asking.voice.say(section.intro, original.intro),
        questions=tuple(
            asking.blank(item)
            if typed is None and item.code not in answers
            else replace(
                asking.blank(item),
                marks=marks_of(item, answers.get(item.code)) if typed is None else typed.get(item.code, ()),
                stored=not isinstance(answers.get(item.code, Missing.NOT_ANSWERED), Missing),
                error=(errors or {}).get(item.code, ""),
            )
            for item in items
        ),
    )


def marks_of(item: Item, answer: Answer | Missing | None) -> tuple[str, ...]:
    """A stored answer as the form values that give it."""
    if answer is Missing.PREFER_NOT_TO_SAY:
        return (PREFER_NOT_TO_SAY,)
    if answer is None or isinstance(answer, Missing):
        return ()
    if isinstance(answer, tuple):
        return tuple(str(code) for code in answer)
    return (WRITTEN.get(item.kind, str)(str(answer)),)


def _blank(voice: Voice, item: Item, original: Item) -> Question:
    say, scale, written = voice.say, item.scale, original.scale
    return Question(
        code=item.code,
        id=f"q-{item.code}",
        kind=item.kind,
        words=say(item.text, original.text),
        hint=say(item.hint, original.hint),
        choices=_choices(voice, item, original),
        declinable=item.prefer_not_to_say,
        releasable=not item.required and not item.prefer_not_to_say,
        unit=say(item.unit, original.unit),
        maximum=item.maximum,
        low_label=say(scale.low_label, written.low_label) if scale and written else Words(""),
        high_label=say(scale.high_label, written.high_label) if scale and written else Words(""),
    )


def _choices(voice: Voice, item: Item, original: Item) -> tuple[Choice, ...]:
    if item.scale is not None:
        codes = range(item.scale.low, item.scale.high + 1)
        return tuple(Choice(str(code), Words(str(code))) for code in codes)
    return tuple(
        Choice(str(option.code), voice.say(option.text, written.text), apart=option.exclusive)
        for option, written in zip(item.options, original.options, strict=True)
    )
