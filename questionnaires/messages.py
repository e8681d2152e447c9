"""Every text of a questionnaire or framework that a reader sees, under a context that names its place.

In a questionnaire `title`, `introduction`, `next`, `support.<number>.name`, `support.<number>.contact`,
`glossary.<term>.term`, `glossary.<term>.text`, `section.<code>.title`, `section.<code>.intro`; of an item
`<item>.text`, `<item>.hint`, `<item>.help`, `<item>.unit`, `<item>.options.<option code>`,
`<item>.options.<option code>.group`, `<item>.scale.low`, `<item>.scale.high`, `<item>.checks.<number>` and
`<item>.media.<number>`. What the rows of a grid share stands under the grid's code: `<grid>.text`,
`<grid>.hint`, `<grid>.help`, `<grid>.options.<option code>`, `<grid>.media.<number>`.
In a framework `title`, `headline.<code>`, `domain.<code>`, `subdomain.<code>`, `indicator.<code>.title`,
`indicator.<code>.sentence`, `indicator.<code>.unit`, `indicator.<code>.note`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from questionnaires.framework import Domain, Framework, Headline, Indicator, SubDomain
from questionnaires.model import Grid, Item, Media, Questionnaire, Section

Word = Callable[[str, str], str]
"""The text to show for a context and a source text."""


@dataclass(frozen=True, slots=True)
class Message:
    """A text to translate, where it stands, and what a translator should know about it."""

    context: str
    text: str
    comment: str = ""


def of_questionnaire(questionnaire: Questionnaire) -> list[Message]:
    """Every text a resident reads, in the order read."""
    found = [
        Message("title", questionnaire.title, "The name of the survey."),
        Message("introduction", questionnaire.introduction, "Shown before the first question."),
    ]
    for section in questionnaire.sections:
        found += _of_section(section)
    found.append(Message("next", questionnaire.next, "What happens next, on the page of thanks."))
    for number, support in enumerate(questionnaire.support, 1):
        about = "Someone to turn to, beside questions that may distress."
        found.append(Message(f"support.{number}.name", support.name, about))
        found.append(Message(f"support.{number}.contact", support.contact, f"How to reach {support.name}."))
    for term in questionnaire.glossary:
        found.append(Message(f"glossary.{term.code}.term", term.term, "A word explained to residents."))
        found.append(Message(f"glossary.{term.code}.text", term.text, f"What this means: {term.term}."))
    return [message for message in found if message.text]


def of_framework(framework: Framework) -> list[Message]:
    """Every text of a framework that a scorecard shows, in the order of the tree."""
    found = [Message("title", framework.title, "The name of the framework.")]
    for headline in framework.headlines:
        found.append(
            Message(f"headline.{headline.code}", headline.title, "One of the framework's headlines.")
        )
        for domain in headline.domains:
            found.append(Message(f"domain.{domain.code}", domain.title, f"A domain of: {headline.title}."))
            for subdomain in domain.subdomains:
                found.append(
                    Message(
                        f"subdomain.{subdomain.code}", subdomain.title, f"A sub-domain of: {domain.title}."
                    )
                )
                for indicator in subdomain.indicators:
                    found += _of_indicator(indicator, subdomain)
    return [message for message in found if message.text]


def word_questionnaire(questionnaire: Questionnaire, language: str, word: Word) -> Questionnaire:
    """A copy in another language: every text replaced by what `word` gives for its context."""
    return replace(
        questionnaire,
        language=language,
        title=word("title", questionnaire.title),
        introduction=word("introduction", questionnaire.introduction),
        next=word("next", questionnaire.next),
        support=tuple(
            replace(
                support,
                name=word(f"support.{number}.name", support.name),
                contact=word(f"support.{number}.contact", support.contact),
            )
            for number, support in enumerate(questionnaire.support, 1)
        ),
        glossary=tuple(
            replace(
                term,
                term=word(f"glossary.{term.code}.term", term.term),
                text=word(f"glossary.{term.code}.text", term.text),
            )
            for term in questionnaire.glossary
        ),
        sections=tuple(
            replace(
                section,
                title=word(f"section.{section.code}.title", section.title),
                intro=word(f"section.{section.code}.intro", section.intro),
                items=tuple(_word_item(item, word) for item in section.items),
            )
            for section in questionnaire.sections
        ),
    )


def word_framework(framework: Framework, word: Word) -> Framework:
    """A copy in another language: every text replaced by what `word` gives for its context."""
    return replace(
        framework,
        title=word("title", framework.title),
        headlines=tuple(_word_headline(headline, word) for headline in framework.headlines),
    )


def _of_section(section: Section) -> Iterator[Message]:
    prefix = f"section.{section.code}"
    yield Message(f"{prefix}.title", section.title, "The heading of a page of questions.")
    yield Message(f"{prefix}.intro", section.intro, f"Shown under the heading: {section.title}.")
    grid = None
    for item in section.items:
        if item.grid is not None and item.grid != grid:
            yield from _of_grid(item.grid, item)
        grid = item.grid
        yield from _of_item(item, section)


def _of_grid(grid: Grid, row: Item) -> Iterator[Message]:
    """What the rows of a grid share, once."""
    yield Message(f"{grid.code}.text", grid.text, "What is asked of every row of a table of statements.")
    asked = f"To the question: {grid.text}"
    yield Message(f"{grid.code}.hint", grid.hint, f"Help shown under the question. {asked}")
    yield Message(f"{grid.code}.help", grid.help, f"Longer help, opened on request. {asked}")
    for option in row.options:
        yield Message(f"{grid.code}.options.{option.code}", option.text, f"An answer. {asked}")
    yield from _of_media(grid.code, grid.media, asked)


def _of_media(code: str, media: tuple[Media, ...], asked: str) -> Iterator[Message]:
    for number, one in enumerate(media, 1):
        yield Message(f"{code}.media.{number}", one.alt, f"Said in place of the {one.kind.value}. {asked}")


def _of_item(item: Item, section: Section) -> Iterator[Message]:
    about = f"A question on the page: {section.title}. Kind: {item.kind.replace('_', ' ')}."
    if item.source:
        about += f" Source: {item.source.text}. If the source publishes a translation, use its words."
    if item.note:
        about += f" Note: {item.note}"
    yield Message(f"{item.code}.text", item.text, about)
    asked = f"To the question: {item.text}"
    yield Message(f"{item.code}.hint", item.hint, f"Help shown under the question. {asked}")
    yield Message(f"{item.code}.help", item.help, f"Longer help, opened on request. {asked}")
    yield Message(f"{item.code}.unit", item.unit, f"The unit of the number answered. {asked}")
    if item.scale:
        low, high = f"The lowest answer ({item.scale.low}).", f"The highest answer ({item.scale.high})."
        yield Message(f"{item.code}.scale.low", item.scale.low_label, f"{low} {asked}")
        yield Message(f"{item.code}.scale.high", item.scale.high_label, f"{high} {asked}")
    for option in item.options if item.grid is None else ():
        yield Message(f"{item.code}.options.{option.code}", option.text, f"An answer. {asked}")
        yield Message(f"{item.code}.options.{option.code}.group", option.group, f"Heads a group. {asked}")
    for number, check in enumerate(item.checks, 1):
        yield Message(f"{item.code}.checks.{number}", check.text, f"Queries an answer. {asked}")
    yield from _of_media(item.code, item.media, asked)


def _of_indicator(indicator: Indicator, subdomain: SubDomain) -> Iterator[Message]:
    prefix = f"indicator.{indicator.code}"
    yield Message(f"{prefix}.title", indicator.title, f"An indicator under: {subdomain.title}.")
    yield Message(f"{prefix}.sentence", indicator.sentence, "Keep {value}: it becomes a number.")
    yield Message(f"{prefix}.unit", indicator.unit, f"The unit of the indicator: {indicator.title}.")
    if indicator.benchmark:
        yield Message(f"{prefix}.note", indicator.benchmark.note, f"A note under: {indicator.title}.")


def _word_item(item: Item, word: Word) -> Item:
    scale = item.scale and replace(
        item.scale,
        low_label=word(f"{item.code}.scale.low", item.scale.low_label),
        high_label=word(f"{item.code}.scale.high", item.scale.high_label),
    )
    shared = item.code if item.grid is None else item.grid.code
    return replace(
        item,
        text=word(f"{item.code}.text", item.text),
        hint=word(f"{item.code}.hint", item.hint),
        help=word(f"{item.code}.help", item.help),
        unit=word(f"{item.code}.unit", item.unit),
        scale=scale,
        options=tuple(
            replace(
                option,
                text=word(f"{shared}.options.{option.code}", option.text),
                group=word(f"{shared}.options.{option.code}.group", option.group),
            )
            for option in item.options
        ),
        checks=tuple(
            replace(check, text=word(f"{item.code}.checks.{number}", check.text))
            for number, check in enumerate(item.checks, 1)
        ),
        media=_word_media(item.code, item.media, word),
        grid=item.grid and _word_grid(item.grid, word),
    )


def _word_grid(grid: Grid, word: Word) -> Grid:
    return replace(
        grid,
        text=word(f"{grid.code}.text", grid.text),
        hint=word(f"{grid.code}.hint", grid.hint),
        help=word(f"{grid.code}.help", grid.help),
        media=_word_media(grid.code, grid.media, word),
    )


def _word_media(code: str, media: tuple[Media, ...], word: Word) -> tuple[Media, ...]:
    return tuple(
        replace(one, alt=word(f"{code}.media.{number}", one.alt)) for number, one in enumerate(media, 1)
    )


def _word_headline(headline: Headline, word: Word) -> Headline:
    return replace(
        headline,
        title=word(f"headline.{headline.code}", headline.title),
        domains=tuple(_word_domain(domain, word) for domain in headline.domains),
    )


def _word_domain(domain: Domain, word: Word) -> Domain:
    return replace(
        domain,
        title=word(f"domain.{domain.code}", domain.title),
        subdomains=tuple(
            replace(
                subdomain,
                title=word(f"subdomain.{subdomain.code}", subdomain.title),
                indicators=tuple(_word_indicator(indicator, word) for indicator in subdomain.indicators),
            )
            for subdomain in domain.subdomains
        ),
    )


def _word_indicator(indicator: Indicator, word: Word) -> Indicator:
    prefix = f"indicator.{indicator.code}"
    benchmark = indicator.benchmark and replace(
        indicator.benchmark, note=word(f"{prefix}.note", indicator.benchmark.note)
    )
    return replace(
        indicator,
        title=word(f"{prefix}.title", indicator.title),
        sentence=word(f"{prefix}.sentence", indicator.sentence),
        unit=word(f"{prefix}.unit", indicator.unit),
        benchmark=benchmark,
    )
