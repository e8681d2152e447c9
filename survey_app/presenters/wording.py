"""A release's own words in the reader's language, where its framework and questionnaire are translated.

A release never changes and is in one language. A translation stands in for its words only where the file it
translates still says exactly what the release says; everything else is shown as released, and marked so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from markupsafe import Markup, escape

from analysis.release import Figure, ReleasedIndicator, TreeNode
from questionnaires import catalogue
from survey_app.presenters import phrases
from survey_app.presenters.words import Voice, Words
from survey_app.services.results import Texts

VALUE = "{value}"  # where a sentence of a framework has its number


class Wording:
    """What to call the parts of one release on pages in one language."""

    def __init__(self, texts: Texts | None = None):
        texts = texts or Texts("en")
        self._voice = Voice(texts.language, "en")
        self._framework = _paired(texts.framework)
        self._questions = _paired(texts.questionnaire)
        asked = texts.questionnaire[0].language if texts.questionnaire else "en"
        self._questionnaire_voice = Voice(texts.language, asked)

    def branch(self, node: TreeNode) -> Words:
        """The title of a headline, domain or sub-domain."""
        return self._framed(f"{node.kind}.{node.code}", node.title)

    def title(self, indicator: ReleasedIndicator) -> Words:
        return self._framed(f"indicator.{indicator.code}.title", indicator.title)

    def note(self, indicator: ReleasedIndicator) -> Words:
        return self._framed(f"indicator.{indicator.code}.note", indicator.note)

    def question(self, indicator: ReleasedIndicator) -> Words:
        """The question as asked; for a score made of several questions, its title."""
        written, said = self._questions.get(f"{indicator.item}.text", ("", ""))
        if written == indicator.question:
            return self._questionnaire_voice.say(said, written)
        if indicator.question == indicator.title:
            return self.title(indicator)
        return self._questionnaire_voice.quote(indicator.question)

    def asked(self, item: str, released: str) -> Words:
        """The text of a question, as it was released."""
        written, said = self._questions.get(f"{item}.text", ("", ""))
        if written == released:
            return self._questionnaire_voice.say(said, written)
        return self._questionnaire_voice.quote(released)

    def option(self, item: str, code: int, released: str) -> Words:
        """An option of an item, as it was released."""
        written, said = self._questions.get(f"{item}.options.{code}", ("", ""))
        if written == released:
            return self._questionnaire_voice.say(said, written)
        return self._questionnaire_voice.quote(released)

    def with_unit(self, indicator: ReleasedIndicator) -> ReleasedIndicator:
        """The indicator with its unit in the page's language, unless the interface has words for it."""
        if indicator.unit in phrases.UNITS:
            return indicator
        return replace(indicator, unit=self._framed(f"indicator.{indicator.code}.unit", indicator.unit).text)

    def sentence(self, indicator: ReleasedIndicator, figure: Figure) -> Markup:
        """A shown figure as a sentence: "38% of people feel safe ... That is about 4 in 10."

        Empty where the framework has no sentence, or not in the page's language.
        """
        title, _said = self._framework.get(f"indicator.{indicator.code}.title", ("", ""))
        written, said = self._framework.get(f"indicator.{indicator.code}.sentence", ("", ""))
        if indicator.made_by:
            title, written, said = indicator.title, indicator.sentence, indicator.sentence
        words = self._voice.say(said, written)
        if figure.value is None or title != indicator.title or VALUE not in words.text or words.language:
            return Markup()
        before, _value, after = words.text.partition(VALUE)
        value = phrases.measured(self.with_unit(indicator), figure.value)
        told = Markup("{}<bdi>{}</bdi>{}").format(before, value, after)
        if indicator.unit != "%":
            return told
        return told + " " + escape(phrases.that_is(figure.value))

    def _framed(self, context: str, released: str) -> Words:
        written, said = self._framework.get(context, ("", ""))
        return self._voice.say(said, written) if written == released else self._voice.quote(released)


def _paired(pair: Iterable[catalogue.Source] | None) -> dict[str, tuple[str, str]]:
    """(as written, as said on the page) of every text, by its context."""
    if pair is None:
        return {}
    written, said = ({m.context: m.text for m in catalogue.source_messages(one)} for one in pair)
    return {context: (text, said.get(context, text)) for context, text in written.items()}
