"""A section of the questionnaire as the page that asks it: what is drawn, ticked, typed and wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from questionnaires.answers import Answer, Answers, Missing
from questionnaires.kinds import PREFER_NOT_TO_SAY
from questionnaires.model import Item, Questionnaire, Section
from questionnaires.postcodes import spaced
from survey_app.presenters.words import Voice, Words

WRITTEN: Mapping[str, Callable[[str], str]] = {"postcode": spaced}


@dataclass(frozen=True, slots=True)
class Choice:
    """A box or button. `apart` sets it off from the others: it stands alone."""

    id: str
    value: str
    words: Words
    checked: bool
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One item ready to draw. `id` is that of its first control, which the error summary links to."""

    code: str
    id: str
    kind: str
    words: Words
    hint: Words
    required: bool
    choices: tuple[Choice, ...]
    declinable: bool  # offers "prefer not to say"
    declined: bool
    clearable: bool  # a button once pressed cannot be released: offer a way back to no answer
    value: str  # what is in a text box
    unit: Words
    maximum: int | None
    low_label: Words
    high_label: Words
    error: str


@dataclass(frozen=True, slots=True)
class Asking:
    """What a page has to go on: the texts as translated and as written, and who reads them."""

    translated: Questionnaire
    original: Questionnaire
    voice: Voice


@dataclass(frozen=True, slots=True)
class SectionPage:
    code: str
    title: Words
    intro: Words
    questions: tuple[Question, ...]
    number: int
    count: int


def section_page(
    asking: Asking,
    section: Section,
    items: Iterable[Item],
    answers: Answers,
    *,
    position: tuple[int, int],
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
            question(
                asking,
                item,
                _stored(item, answers.get(item.code)) if typed is None else typed.get(item.code, ()),
                (errors or {}).get(item.code, ""),
                stored=item.code in answers and not isinstance(answers[item.code], Missing),
            )
            for item in items
        ),
        number=position[0],
        count=position[1],
    )


def question(
    asking: Asking, item: Item, marks: Sequence[str], error: str = "", *, stored: bool = False
) -> Question:
    """One item with what is ticked or typed in it."""
    say, original = asking.voice.say, asking.original.item(item.code)
    declined = item.prefer_not_to_say and PREFER_NOT_TO_SAY in marks
    choices = _choices(asking.voice, item, original, marks)
    scale, written = item.scale, original.scale
    return Question(
        code=item.code,
        id=f"q-{item.code}",
        kind=item.kind,
        words=say(item.text, original.text),
        hint=say(item.hint, original.hint),
        required=item.required,
        choices=choices,
        declinable=item.prefer_not_to_say,
        declined=declined,
        clearable=stored and not item.required and not item.prefer_not_to_say,
        value=next((mark for mark in marks if mark != PREFER_NOT_TO_SAY), ""),
        unit=say(item.unit, original.unit),
        maximum=item.maximum,
        low_label=say(scale.low_label, written.low_label) if scale and written else Words(""),
        high_label=say(scale.high_label, written.high_label) if scale and written else Words(""),
        error=error,
    )


def marks_of(answer: Answer | Missing | None) -> tuple[str, ...]:
    """A stored answer as the form values that give it."""
    if answer is Missing.PREFER_NOT_TO_SAY:
        return (PREFER_NOT_TO_SAY,)
    if answer is None or isinstance(answer, Missing):
        return ()
    return tuple(str(code) for code in answer) if isinstance(answer, tuple) else (str(answer),)


def _stored(item: Item, answer: Answer | Missing | None) -> tuple[str, ...]:
    """`marks_of`, with a person's own words written the way people write them."""
    written = WRITTEN.get(item.kind)
    if written is None or answer is None or isinstance(answer, Missing):
        return marks_of(answer)
    return tuple(written(mark) for mark in marks_of(answer))


def _choices(voice: Voice, item: Item, original: Item, marks: Sequence[str]) -> tuple[Choice, ...]:
    if item.scale is not None:
        return tuple(
            Choice(_id(item, index), str(code), Words(str(code)), str(code) in marks)
            for index, code in enumerate(range(item.scale.low, item.scale.high + 1))
        )
    return tuple(
        Choice(
            _id(item, index),
            str(option.code),
            voice.say(option.text, written.text),
            str(option.code) in marks,
            apart=option.exclusive,
        )
        for index, (option, written) in enumerate(zip(item.options, original.options, strict=True))
    )


def _id(item: Item, index: int) -> str:
    return f"q-{item.code}-{index}" if index else f"q-{item.code}"
