"""A page of the questionnaire as it is drawn: what is asked, ticked, typed and wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from flask_babel import gettext as _

from questionnaires import answering, ordering, piping
from questionnaires.answers import Answers, Missing
from questionnaires.kinds import KINDS, PREFER_NOT_TO_SAY
from questionnaires.model import Grid, Item, Media, Questionnaire, Section
from survey_app.presenters.words import Voice, Words
from survey_app.presenters.written import Values, form_values

KEPT = 64  # questionnaires in a language; more are made anew

PARAGRAPH = "\n\n"

DATE_PARTS: Mapping[str, tuple[str, ...]] = {"date": ("day", "month", "year"), "month": ("month", "year")}
PART_RANGES = {"day": (1, 31), "month": (1, 12), "year": (1000, 9999)}

Say = Callable[[str, str], Words]
"""A text in the page's language, from the text as translated and as written."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A box or button. `apart` sets it off from the others: it stands alone. A text goes with `says_what`."""

    value: str
    words: Words
    apart: bool = False
    says_what: bool = False
    group: Words = Words("")  # noqa: RUF009 - frozen


@dataclass(frozen=True, slots=True)
class Explained:
    """A word, and what it means."""

    term: Words
    text: Words


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture, recording or film. `place`: what its address is made of; `words`: what it shows or says."""

    kind: str
    place: Mapping[str, str]
    words: Words
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What stands over the rows of a grid."""

    code: str
    words: Words
    hint: Words
    help: Words
    terms: tuple[Explained, ...]
    media: tuple[Shown, ...]


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
    help: Words
    terms: tuple[Explained, ...]
    media: tuple[Shown, ...]
    symbol: str
    agreement: str  # which wording of an agreement this is, or ""
    heading: Heading | None
    note: str
    piped: bool  # its texts read earlier answers, so they differ between people
    # From here on what differs between people and pages:
    values: Values = field(default_factory=dict)  # what is ticked or typed, by the name of the control
    marks: Sequence[str] = ()  # those of the control named by the item's code
    stored: bool = False  # an answer to it has been saved
    error: str = ""
    keep: str = ""  # the value of `confirm` that keeps an answer in doubt as it is
    kept: tuple[str, ...] = ()  # those values given before
    opens: bool = False  # first row of its grid on this page
    closes: bool = False  # last row of it

    @property
    def declined(self) -> bool:
        return self.declinable and PREFER_NOT_TO_SAY in self.marks

    @property
    def value(self) -> str:
        """What is in a text box."""
        return next((mark for mark in self.marks if mark != PREFER_NOT_TO_SAY), "")

    @property
    def more(self) -> bool:
        """Whether anything stands between the question and its control."""
        return bool(self.help or self.terms or self.media)

    @property
    def paragraphs(self) -> tuple[Words, ...]:
        """The text of an information, a paragraph at a time."""
        return tuple(replace(self.words, text=text.strip()) for text in self.words.text.split(PARAGRAPH))

    @property
    def groups(self) -> list[tuple[Words, list[Choice]]]:
        """The choices of a long list under their headings, in the order written."""
        return [(name, list(choices)) for name, choices in groupby(self.choices, lambda each: each.group)]

    @property
    def ranks(self) -> list[str]:
        """The places that can be given in a ranking, best first."""
        return [str(rank) for rank in range(1, (self.maximum or len(self.choices)) + 1)]

    def part(self, name: str) -> str:
        """What is in one of several controls: "day", "other", or an option's rank."""
        return next(iter(self.values.get(f"{self.code}-{name}", ())), "")

    def part_id(self, name: str) -> str:
        """The id of one of several boxes: the first has the question's own."""
        return self.id if name == DATE_PARTS[self.kind][0] else f"{self.id}-{name}"

    def rank_id(self, index: int) -> str:
        """The id of the list beside the choice with this index."""
        return f"{self.id}-{self.choices[index].value}" if index else self.id

    def wrong_at(self, name: str) -> bool:
        """Whether a box of a date in error is the one to put right: all are where none is wrong by itself."""
        if not self.error:
            return False
        wrong = [each for each in DATE_PARTS[self.kind] if not _fits(each, self.part(each))]
        return name in wrong or not wrong

    @property
    def target(self) -> str:
        """The id of the control to go to when something is wrong."""
        if self.kind in DATE_PARTS:
            return next(
                (self.part_id(name) for name in DATE_PARTS[self.kind] if self.wrong_at(name)), self.id
            )
        return self.id


def _fits(name: str, typed: str) -> bool:
    low, high = PART_RANGES[name]
    return typed.strip().isdecimal() and low <= int(typed) <= high


@dataclass(frozen=True, slots=True)
class Asking:
    """What a page has to go on: the texts as translated and as written, and who reads them."""

    translated: Questionnaire
    original: Questionnaire
    voice: Voice
    blanks: dict[str, Question] = field(default_factory=dict)
    drawn: dict[str, str] = field(
        default_factory=dict
    )  # questions with nothing in them, as HTML, by item code

    def blank(self, item: Item) -> Question:
        """The item with nothing in it, made once: only marks and errors differ between people."""
        if item.code not in self.blanks:
            self.blanks[item.code] = _blank(self, self.voice.say, item)
        return self.blanks[item.code]

    def question(self, item: Item, answers: Answers) -> Question:
        """The item with nothing in it, its texts filled with what this person answered before."""
        blank = self.blank(item)
        return _blank(self, self.piping(answers), item) if blank.piped else blank

    def printed(self, item: Item) -> Question:
        """The item as it stands on paper, where nobody's answers are known."""
        blank = self.blank(item)
        return _blank(self, self.on_paper(), item) if blank.piped else blank

    def piping(self, answers: Answers) -> Say:
        """How to say texts to a person who answered this. The untranslated keep their own language."""

        def say(text: str, original: str) -> Words:
            words = self.voice.say(text, original)
            source = self.original if words.language else self.translated
            return replace(words, text=piping.piped(text, source, answers)) if "{" in text else words

        return say

    def on_paper(self) -> Say:
        """How to say texts on paper: the words written for no answer stand in for earlier answers."""

        def say(text: str, original: str) -> Words:
            words = self.voice.say(text, original)
            return replace(words, text=piping.PIPE.sub(_unanswered, text)) if "{" in text else words

        return say


def _unanswered(match: re.Match[str]) -> str:
    return match[2] or _("what you answered")


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

    @property
    def problems(self) -> list[tuple[str, str, Words]]:
        """What is wrong, for the summary at the top: where to go, what to do, which question."""
        return [(f"#{each.target}", each.error, each.words) for each in self.questions if each.error]


def section_page(
    asking: Asking,
    section: Section,
    items: Iterable[Item],
    answers: Answers,
    *,
    typed: Values | None = None,
    errors: Mapping[str, str] | None = None,
    keep: Mapping[str, str] | None = None,
    confirmed: Collection[str] = (),
    seed: str = "",
) -> SectionPage:
    """A page of a section. `typed` (form values by control name) is shown in place of what is stored.

    `errors` and `keep` are by item code: what is wrong, and the value of `confirm` that keeps an answer that
    is only in doubt; `confirmed` are such values given before. `seed` decides the order of options shown in
    a random one: the same for the same person.
    """
    original = asking.original.section(section.code)
    say = asking.piping(answers)
    errors, keep = errors or {}, keep or {}
    questions = []
    for item in items:
        question = asking.question(item, answers)
        if typed is None and item.code not in answers and item.code not in errors and not item.order:
            questions.append(question)
            continue
        values = form_values(item, answers) if typed is None else typed
        questions.append(
            replace(
                question,
                choices=_shown(question.choices, item, seed) if item.order else question.choices,
                values=values,
                marks=values.get(item.code, ()),
                stored=not isinstance(answers.get(item.code, Missing.NOT_ANSWERED), Missing),
                error=errors.get(item.code, ""),
                keep=keep.get(item.code, ""),
                kept=_kept(item, keep.get(item.code, ""), confirmed) if confirmed else (),
            )
        )
    return SectionPage(
        code=section.code,
        title=say(section.title, original.title),
        intro=say(section.intro, original.intro),
        questions=_in_grids(questions),
    )


def _kept(item: Item, keep: str, confirmed: Collection[str]) -> tuple[str, ...]:
    own = {answering.confirmation(item.code, number) for number in range(1, len(item.checks) + 1)}
    return tuple(sorted(own.intersection(confirmed) - {keep}))


def _in_grids(questions: list[Question]) -> tuple[Question, ...]:
    """The first and last row of each run of rows know that they are."""
    if not any(each.heading for each in questions):
        return tuple(questions)
    over = [each.heading.code if each.heading else "" for each in questions]
    return tuple(
        replace(each, opens=code != before, closes=code != after) if code else each
        for each, code, before, after in zip(questions, over, ["", *over[:-1]], [*over[1:], ""], strict=True)
    )


def _shown(choices: tuple[Choice, ...], item: Item, seed: str) -> tuple[Choice, ...]:
    by_value = {choice.value: choice for choice in choices}
    return tuple(by_value[str(code)] for code in ordering.shown(item, seed))


def _blank(asking: Asking, say: Say, item: Item) -> Question:
    original = asking.original.item(item.code)
    scale, written = item.scale, original.scale
    return Question(
        code=item.code,
        id=f"q-{item.code}",
        kind=item.kind,
        words=say(item.text, original.text),
        hint=say(item.hint, original.hint),
        choices=_choices(say, item, original),
        declinable=item.prefer_not_to_say,
        releasable=not item.required and not item.prefer_not_to_say,
        unit=say(item.unit, original.unit),
        maximum=item.maximum,
        low_label=say(scale.low_label, written.low_label) if scale and written else Words(""),
        high_label=say(scale.high_label, written.high_label) if scale and written else Words(""),
        help=say(item.help, original.help),
        terms=_terms(asking, item.define),
        media=_media(asking, say, item.code, item.media, original.media),
        symbol=item.symbol,
        agreement=item.agreement.version if item.agreement else "",
        heading=_heading(asking, say, item.grid, original.grid),
        note=_("We keep this apart from your answers.") if KINDS[item.kind].contact else "",
        piped=any("{" in text for text in piping.texts(original)),
    )


def _choices(say: Say, item: Item, original: Item) -> tuple[Choice, ...]:
    if item.scale is not None:
        codes = range(item.scale.low, item.scale.high + 1)
        return tuple(Choice(str(code), Words(str(code))) for code in codes)
    return tuple(
        Choice(
            str(option.code),
            say(option.text, written.text),
            apart=option.exclusive,
            says_what=option.say_what,
            group=say(option.group, written.group),
        )
        for option, written in zip(item.options, original.options, strict=True)
    )


def _terms(asking: Asking, codes: tuple[str, ...]) -> tuple[Explained, ...]:
    pairs = [(asking.translated.term(code), asking.original.term(code)) for code in codes]
    say = asking.voice.say
    return tuple(Explained(say(said.term, as_.term), say(said.text, as_.text)) for said, as_ in pairs)


def _media(
    asking: Asking, say: Say, code: str, media: tuple[Media, ...], original: tuple[Media, ...]
) -> tuple[Shown, ...]:
    version = {"questionnaire_id": asking.original.id, "version": asking.original.version}
    return tuple(
        Shown(
            str(each.kind),
            {**version, "name": each.file},
            say(each.alt, written.alt),
            f"{code}-media-{number}",
        )
        for number, (each, written) in enumerate(zip(media, original, strict=True), 1)
    )


def _heading(asking: Asking, say: Say, grid: Grid | None, original: Grid | None) -> Heading | None:
    if grid is None or original is None:
        return None
    return Heading(
        code=grid.code,
        words=say(grid.text, original.text),
        hint=say(grid.hint, original.hint),
        help=say(grid.help, original.help),
        terms=_terms(asking, grid.define),
        media=_media(asking, say, grid.code, grid.media, original.media),
    )
