"""Who to turn to, and what happens next, as a questionnaire says it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from survey_app.presenters.questions import Asking
from survey_app.presenters.words import Words

PARAGRAPH = "\n\n"


@dataclass(frozen=True, slots=True)
class Contact:
    """Someone to turn to. `site` is the address as it is read, without what a machine needs."""

    name: Words
    contact: Words
    url: str
    site: str


def contacts(asking: Asking) -> tuple[Contact, ...]:
    """In the order written: the first is the one to call first."""
    pairs = zip(asking.translated.support, asking.original.support, strict=True)
    return tuple(
        Contact(
            asking.voice.say(said.name, written.name),
            asking.voice.say(said.contact, written.contact),
            written.url,
            urlsplit(written.url).netloc.removeprefix("www."),
        )
        for said, written in pairs
    )


def next_steps(asking: Asking) -> tuple[Words, ...]:
    """What happens next, a paragraph at a time."""
    said, written = asking.translated.next, asking.original.next
    pairs = zip(said.split(PARAGRAPH), written.split(PARAGRAPH), strict=False)
    return tuple(asking.voice.say(text.strip(), source.strip()) for text, source in pairs if text.strip())
