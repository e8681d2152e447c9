"""Every text of a questionnaire or framework that a reader sees, under a context that names its place.

In a questionnaire `title`, `introduction`, `section.<code>.title`, `section.<code>.intro`, `<item>.text`,
`<item>.hint`, `<item>.unit`, `<item>.options.<option code>`, `<item>.scale.low`, `<item>.scale.high`.
In a framework `title`, `headline.<code>`, `domain.<code>`, `subdomain.<code>`, `indicator.<code>.title`,
`indicator.<code>.sentence`, `indicator.<code>.unit`, `indicator.<code>.note`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from questionnaires.framework import Domain, Framework, Headline, Indicator, SubDomain
from questionnaires.model import Item, Questionnaire, Section

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
    for item in section.items:
        yield from _of_item(item, section)


def _of_item(item: Item, section: Section) -> Iterator[Message]:
    about = f"A question on the page: {section.title}. Kind: {item.kind.replace('_', ' ')}."
    if item.source:
        about += f" Source: {item.source.text}. If the source publishes a translation, use its words."
    if item.note:
        about += f" Note: {item.note}"
    yield Message(f"{item.code}.text", item.text, about)
    asked = f"To the question: {item.text}"
    yield Message(f"{item.code}.hint", item.hint, f"Help shown under the question. {asked}")
    yield Message(f"{item.code}.unit", item.unit, f"The unit of the number answered. {asked}")
    if item.scale:
        low, high = f"The lowest answer ({item.scale.low}).", f"The highest answer ({item.scale.high})."
        yield Message(f"{item.code}.scale.low", item.scale.low_label, f"{low} {asked}")
        yield Message(f"{item.code}.scale.high", item.scale.high_label, f"{high} {asked}")
    for option in item.options:
        yield Message(f"{item.code}.options.{option.code}", option.text, f"An answer. {asked}")


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
    return replace(
        item,
        text=word(f"{item.code}.text", item.text),
        hint=word(f"{item.code}.hint", item.hint),
        unit=word(f"{item.code}.unit", item.unit),
        scale=scale,
        options=tuple(
            replace(option, text=word(f"{item.code}.options.{option.code}", option.text))
            for option in item.options
        ),
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
