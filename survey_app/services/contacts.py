"""Contact details: kept apart from answers when they are sent, downloaded, deleted.

Nothing leads from a contact detail to a response: it has a random id, the day and what it was given for.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from questionnaires import answering
from questionnaires.answers import Answers
from questionnaires.model import Questionnaire
from survey_app.services import audit, fieldwork
from survey_app.store import contacts as store
from survey_app.tables import ContactDetail, Wave

KINDS = frozenset({"email", "phone"})


@dataclass(frozen=True, slots=True)
class Purpose:
    """An item that asks for contact details, and how many were given under it."""

    item: str
    text: str
    count: int


def keep(
    session: Session, wave: Wave, questionnaire: Questionnaire, answers: Answers, *, language: str = ""
) -> int:
    """Store the contact details among the answers, in the transaction that submits them; returns how many.

    Only of items that routing reaches. Call it before `answering.finish`, which forgets them.
    """
    given = answering.contact_details(questionnaire, answers)
    for purpose, value in given.items():
        detail = ContactDetail(
            wave_id=_id(wave),
            purpose=purpose,
            value=written(value),
            language=language or questionnaire.language,
            received_on=fieldwork.today(),
        )
        store.add(session, detail)
    return len(given)


def written(value: str) -> str:
    """An address in small letters, or a number without spaces and marks: as it is stored and looked for.

    Empty for what can be neither.
    """
    text = value.strip()
    if not text.isprintable():
        return ""
    return text.lower() if "@" in text else "".join(each for each in text if each.isdecimal() or each == "+")


def asked_for(questionnaire: Questionnaire) -> bool:
    """Whether the questionnaire asks for contact details at all."""
    return any(item.kind in KINDS for item in questionnaire.items())


def purposes(session: Session, wave: Wave, questionnaire: Questionnaire) -> list[Purpose]:
    """What contact details were asked for, in the order asked, and how many there are."""
    held = store.counts(session, _id(wave))
    return [
        Purpose(item.code, item.text, held.get(item.code, 0))
        for item in questionnaire.items()
        if item.kind in KINDS
    ]


def rows(session: Session, wave: Wave, *, actor: str) -> list[tuple[str, str, str, str]]:
    """(purpose, value, language, day) of every contact detail, for a download that is audited."""
    held = store.of_wave(session, _id(wave))
    _record(session, actor, "contacts.read", wave, count=len(held))
    return [(each.purpose, each.value, each.language, each.received_on.isoformat()) for each in held]


def forget(session: Session, wave: Wave, value: str, *, actor: str) -> int:
    """Delete an address or number from a wave; returns how often it was held. The trail does not name it."""
    sought = written(value)
    deleted = store.delete_value(session, _id(wave), sought) if sought else 0
    if deleted:
        _record(session, actor, "contacts.delete", wave, count=deleted)
    return deleted


def forget_all(session: Session, wave: Wave, *, actor: str) -> int:
    """Delete every contact detail of a wave; returns how many there were."""
    deleted = store.delete_of_wave(session, _id(wave))
    _record(session, actor, "contacts.delete", wave, count=deleted)
    return deleted


def _record(session: Session, actor: str, action: str, wave: Wave, **detail: int) -> None:
    audit.record(session, actor, action, f"wave:{wave.slug}", **detail)


def _id(wave: Wave) -> int:
    if wave.id is None:
        raise ValueError("the wave has not been stored")
    return wave.id
