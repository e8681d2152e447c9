"""The audit trail in words. An action without words here is shown by its code, never hidden."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l

from survey_app.presenters.roles import ROLE_WORDS
from survey_app.services.audit import Event

ACTORS: dict[str, object] = {
    "resident": _l("A resident"),
    "visitor": _l("Someone not signed in"),
    "command-line": _l("The command line"),
}

ACTIONS: dict[str, object] = {
    "sign-in.done": _l("Signed in"),
    "sign-in.fail": _l("Wrong e-mail address or password"),
    "sign-in.refuse": _l("Tried to sign in during a wait"),
    "sign-in.lock": _l("Sign-in made to wait"),
    "sign-out.done": _l("Signed out"),
    "sign-out.everywhere": _l("Signed out everywhere"),
    "password.change": _l("Changed a password"),
    "password.refuse": _l("Gave a wrong password when changing it"),
    "password.link": _l("Made a link for a new password"),
    "invitation.make": _l("Invited someone"),
    "invitation.revoke": _l("Withdrew an invitation"),
    "invitation.accept": _l("Accepted an invitation"),
    "role.give": _l("Role given"),
    "role.remove": _l("Role taken away"),
    "person.deactivate": _l("Deactivated a person"),
    "person.reactivate": _l("Reactivated a person"),
    "organisation.add": _l("Added an organisation"),
    "organisation.deactivate": _l("Deactivated an organisation"),
    "organisation.reactivate": _l("Reactivated an organisation"),
    "wave.policy": _l("Chose a wave's disclosure policy"),
    "audit.read": _l("Read the audit trail"),
    "results.read": _l("Read results"),
    "review.read": _l("Looked at answers to review"),
    "waves.read": _l("Looked at how waves are going"),
    "quality.read": _l("Looked at how well a wave is answered"),
    "response.submit": _l("Submitted answers"),
    "response.withdraw": _l("Withdrew answers"),
    "batch.open": _l("Opened a batch of paper forms"),
    "batch.close": _l("Closed a batch of paper forms"),
    "form.key": _l("Keyed a paper form"),
    "wave.create": _l("Made a wave"),
    "wave.open": _l("Opened a wave"),
    "wave.extend": _l("Moved the last day of a wave"),
    "wave.close": _l("Closed a wave"),
    "wave.plan-results": _l("Planned a day for results"),
    "translation.edit": _l("Changed a translation"),
    "release.publish": _l("Published results"),
    "release.withdraw": _l("Withdrew published results"),
    "indicators.read": _l("Looked at an indicator"),
    "indicator.save": _l("Saved an indicator"),
    "indicator.remove": _l("Removed an indicator"),
    "publishing.read": _l("Looked at what would be published"),
    "place-link.make": _l("Made a poster"),
    "place-link.revoke": _l("Withdrew a poster’s link"),
    "one-time-links.make": _l("Made one-time links"),
    "one-time-links.revoke": _l("Withdrew one-time links"),
    "contacts.read": _l("Downloaded contact details"),
    "contacts.delete": _l("Deleted contact details"),
    "response.review": _l("Decided whether answers count"),
    "comments.read": _l("Looked at comments to review"),
    "comment.review": _l("Decided what a comment may be used for"),
    "theme.add": _l("Added a theme"),
    "theme.rename": _l("Changed a theme’s title"),
    "theme.remove": _l("Removed a theme"),
}

KINDS: dict[str, object] = {
    "user": _l("Person"),
    "organisation": _l("Organisation"),
    "invitation": _l("Invitation"),
    "wave": _l("Wave"),
    "area": _l("Area"),
    "batch": _l("Batch"),
    "form": _l("Paper form"),
    "response": _l("Response"),
    "indicator": _l("Indicator"),
    "release": _l("Release"),
    "role": _l("Role"),
    "translation": _l("Translation"),
    "language": _l("Language"),
    "message": _l("Text"),
    "state": _l("State"),
    "minutes": _l("Minutes"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One event as a row of the table."""

    at: datetime
    who: object
    what: object
    about: tuple[tuple[object, object], ...]  # label and value: what it was done to, and details


def lines(events: Iterable[Event]) -> list[Line]:
    """Events as rows, in words."""
    return [
        Line(
            at=event.at,
            who=ACTORS.get(event.actor, event.actor),
            what=action_words(event.action),
            about=tuple((KINDS.get(name, name), _value(name, value)) for name, value in _facts(event)),
        )
        for event in events
    ]


def action_words(action: str) -> object:
    """An action in words, or its code."""
    return ACTIONS.get(action, action)


def _facts(event: Event) -> Iterable[tuple[str, str]]:
    if event.subject_kind:
        yield event.subject_kind, event.subject
    yield from event.detail


def _value(name: str, value: str) -> object:
    if name == "role":
        return next((words.name for role, words in ROLE_WORDS.items() if role == value), value)
    return value
