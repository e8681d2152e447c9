"""Questionnaires as those who run surveys look at them: every text with its code, and why it is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from questionnaires import effort
from questionnaires.comparison import Change, Compared, Verdict
from questionnaires.conditions import items_read
from questionnaires.framework import Framework
from questionnaires.model import Condition, Item, Option, Purpose, Questionnaire, Section
from survey_app.presenters.print_form import item_numbers
from survey_app.presenters.questions import Asking
from survey_app.presenters.routing_words import condition_words
from survey_app.presenters.words import Words

KINDS: Mapping[str, object] = {
    "single_choice": _l("one answer"),
    "multiple_choice": _l("any number of answers"),
    "yes_no": _l("yes or no"),
    "grid": _l("a row of a grid"),
    "scale": _l("a scale"),
    "likert": _l("how far people agree"),
    "integer": _l("a whole number"),
    "decimal": _l("a number"),
    "year": _l("a year"),
    "month": _l("a month"),
    "date": _l("a date"),
    "ranking": _l("an order of preference"),
    "place": _l("one of a long list"),
    "short_text": _l("a line of words"),
    "long_text": _l("words"),
    "postcode": _l("a postcode"),
    "email": _l("an e-mail address"),
    "phone": _l("a phone number"),
    "consent": _l("agreement"),
    "information": _l("nothing: it is only read"),
    "computed": _l("nothing: it is worked out"),
}
"""What each kind of item asks for."""

PURPOSES: Mapping[Purpose, object] = {
    Purpose.FRAMEWORK: _l("feeds the framework"),
    Purpose.WEIGHTING: _l("weighting"),
    Purpose.EQUALITY: _l("how groups fare"),
    Purpose.PLACE: _l("place"),
    Purpose.CONSENT: _l("agreement"),
    Purpose.CONTEXT: _l("context"),
}

VERDICTS: Mapping[Verdict, object] = {
    Verdict.COMPARABLE: _l("comparable"),
    Verdict.CARE: _l("comparable with care"),
    Verdict.NOT: _l("not comparable"),
    Verdict.ONE_ONLY: _l("in one version only"),
}

FIELDS: Mapping[str, object] = {
    "text": _l("the question"),
    "hint": _l("the hint"),
    "help": _l("the help"),
    "kind": _l("the kind of answer"),
    "scale": _l("the scale"),
    "minimum": _l("the lowest number"),
    "maximum": _l("the highest number"),
    "unit": _l("the unit"),
    "required": _l("whether it must be answered"),
    "prefer_not_to_say": _l("whether “prefer not to say” is offered"),
    "options": _l("an option"),
    "option-order": _l("the order of the options"),
    "order": _l("the order in which it is shown"),
    "when": _l("who is asked"),
    "asked-after": _l("an answer that decides who is asked"),
    "checks": _l("the doubts raised about an answer"),
    "grid": _l("what stands over the grid"),
    "compute": _l("how it is worked out"),
    "score": _l("how it is made"),
    "subdomains": _l("the sub-domains it feeds"),
    "source": _l("the source"),
    "note": _l("the note"),
    "margins": _l("the weighting margins"),
}
"""What a change is in; a field that is not here goes by its name in the file."""


@dataclass(frozen=True, slots=True)
class OptionRow:
    code: int
    words: Words
    notes: str


@dataclass(frozen=True, slots=True)
class CheckRow:
    words: Words
    hard: bool
    condition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """One item, all that is known of it."""

    code: str
    number: str
    words: Words
    hint: Words
    kind: object
    purpose: object
    subdomains: tuple[str, ...]
    condition: str
    options: tuple[OptionRow, ...]
    checks: tuple[CheckRow, ...]
    facts: tuple[str, ...]
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class SectionRow:
    code: str
    title: Words
    intro: Words
    condition: str
    items: tuple[ItemRow, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """An item or a section that not everyone is asked, for the list beside the map."""

    code: str
    number: str
    words: str
    condition: str
    reads: tuple[str, ...]


def sections(asking: Asking, framework: Framework) -> list[SectionRow]:
    """Every section and item, in the language the asking speaks."""
    numbers = item_numbers(asking.original)
    titles = {subdomain.code: subdomain.title for _headline, _domain, subdomain in framework.subdomains()}
    return [_section(asking, section, numbers, titles) for section in asking.translated.sections]


def routes(questionnaire: Questionnaire) -> list[Route]:
    """What not everyone is asked, in the order asked."""
    numbers, found = item_numbers(questionnaire), []
    for section in questionnaire.sections:
        parts: list[tuple[str, str, str, Condition | None]] = [
            (section.code, "", section.title, section.when),
            *((item.code, str(numbers.get(item.code, "")), item.text, item.when) for item in section.items),
        ]
        for code, number, words, when in parts:
            if when is not None:
                read = tuple(dict.fromkeys(items_read(when)))
                found.append(Route(code, number, words, condition_words(when, questionnaire, numbers), read))
    return found


def minutes(questionnaire: Questionnaire) -> str:
    """How long answering takes, in words."""
    shortest, longest = effort.minutes(questionnaire)
    if shortest == longest:
        return _("about %(minutes)d minutes", minutes=longest)
    return _(
        "about %(shortest)d to %(longest)d minutes, as more or less is asked",
        shortest=shortest,
        longest=longest,
    )


@dataclass(frozen=True, slots=True)
class ChangeRow:
    what: object
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class ComparedRow:
    code: str
    score: bool
    verdict: object
    css: str
    changes: tuple[ChangeRow, ...]


def compared(found: Sequence[Compared]) -> list[ComparedRow]:
    """What became of each item and score: the worst first, what did not change left out."""
    order = list(Verdict)[::-1]
    changed = sorted((each for each in found if each.changes), key=lambda each: order.index(each.verdict))
    return [
        ComparedRow(
            each.code,
            each.what == "score",
            _presence(each) or VERDICTS[each.verdict],
            "short" if each.verdict is Verdict.NOT else "",
            tuple(_change(change) for change in each.changes if change.field != "presence"),
        )
        for each in changed
    ]


def tally(found: Sequence[Compared]) -> list[tuple[object, int]]:
    """How many items and scores there are of each verdict."""
    return [(words, sum(each.verdict is verdict for each in found)) for verdict, words in VERDICTS.items()]


def _presence(each: Compared) -> str:
    if each.verdict is not Verdict.ONE_ONLY:
        return ""
    return _("removed") if each.changes[0].after is None else _("added")


def _change(change: Change) -> ChangeRow:
    return ChangeRow(FIELDS.get(change.field, change.field or change.detail), change.before, change.after)


def _section(
    asking: Asking, section: Section, numbers: Mapping[str, int], titles: Mapping[str, str]
) -> SectionRow:
    original = asking.original.section(section.code)
    return SectionRow(
        section.code,
        asking.voice.say(section.title, original.title),
        asking.voice.say(section.intro, original.intro),
        condition_words(section.when, asking.translated, numbers) if section.when else "",
        tuple(_item(asking, item, numbers, titles) for item in section.items),
    )


def _item(asking: Asking, item: Item, numbers: Mapping[str, int], titles: Mapping[str, str]) -> ItemRow:
    original, say = asking.original.item(item.code), asking.voice.say
    source = original.source
    return ItemRow(
        code=item.code,
        number=str(numbers.get(item.code, "")),
        words=say(item.text, original.text),
        hint=say(item.hint, original.hint),
        kind=KINDS[item.kind],
        purpose=PURPOSES[item.purpose],
        subdomains=tuple(titles.get(code, code) for code in item.subdomains),
        condition=condition_words(item.when, asking.translated, numbers) if item.when else "",
        options=tuple(
            OptionRow(option.code, say(option.text, written.text), ", ".join(_of_option(option)))
            for option, written in zip(item.options, original.options, strict=True)
        ),
        checks=tuple(
            CheckRow(
                say(check.text, written.text),
                check.hard,
                condition_words(check.when, asking.translated, numbers),
            )
            for check, written in zip(item.checks, original.checks, strict=True)
        ),
        facts=tuple(_facts(item)),
        source="" if source is None else f"{source.text} ({source.licence})",
        note=original.note,
    )


def _facts(item: Item) -> list[str]:
    facts = []
    if item.required:
        facts.append(_("must be answered"))
    if item.prefer_not_to_say:
        facts.append(_("offers “prefer not to say”"))
    if item.sensitive:
        facts.append(_("sensitive"))
    if item.order:
        facts.append(_("options in a random order"))
    if item.minimum is not None and item.maximum is not None:
        facts.append(_("from %(low)s to %(high)s", low=item.minimum, high=item.maximum))
    if item.scale is not None:
        scale = item.scale
        facts.append(f"{scale.low} {scale.low_label} – {scale.high} {scale.high_label}")
    if item.margin:
        facts.append(_("weighting margin: %(name)s", name=item.margin))
    return facts


def _of_option(option: Option) -> list[str]:
    notes = []
    if option.exclusive:
        notes.append(_("stands alone"))
    if not option.substantive:
        notes.append(_("counted, but not in the base"))
    if option.say_what:
        notes.append(_("asks to say what"))
    if option.level:
        notes.append(_("level %(level)s", level=option.level))
    return notes
