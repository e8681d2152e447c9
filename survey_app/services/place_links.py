"""Place links: one for each poster, carrying the place it hangs at, an area to offer, and a language."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlmodel import Session

from survey_app.services import audit, places, receipts
from survey_app.store import links as store
from survey_app.tables import PlaceLink, Wave
from survey_app.tables.base import now

__all__ = ["PlaceLink", "Poster", "UnusableLinkError", "listed", "make", "opened", "revoke"]

LONGEST_PLACE = 80
LENGTH = 6  # a poster's address is public: it only must be short, and not another's
CHANNEL = "poster"


class PlaceRefusedError(Exception):
    """The link cannot be made so; `problems` maps a field to what is wrong: "place", "area", "language"."""

    def __init__(self, problems: dict[str, str]):
        self.problems = problems
        super().__init__(", ".join(problems))


class UnusableLinkError(Exception):
    """There is no such link, or it was withdrawn."""


@dataclass(frozen=True, slots=True)
class Poster:
    """A place link and how many counted answers came through it."""

    link: PlaceLink
    answers: int


def make(session: Session, wave: Wave, *, place: str, area_code: str, language: str, actor: str) -> PlaceLink:
    """Make the link of a poster. Raises PlaceRefusedError naming every field that cannot be."""
    name = " ".join(place.split())
    problems = {}
    if not name.isprintable() or not 0 < len(name) <= LONGEST_PLACE:
        problems["place"] = "length"
    if area_code and places.chosen(session, wave, area_code) is None:
        problems["area"] = "unknown"
    if language not in wave.languages:
        problems["language"] = "unknown"
    if problems or wave.id is None:
        raise PlaceRefusedError(problems)
    made = store.add_place(
        session,
        PlaceLink(
            wave_id=wave.id,
            slug=_new_slug(session),
            place=name,
            area_code=area_code or None,
            language=language,
            made_by=actor,
        ),
    )
    audit.record(session, actor, "place-link.make", f"wave:{wave.slug}", poster=made.id, language=language)
    return made


def _new_slug(session: Session) -> str:
    while True:
        slug = "".join(secrets.choice(receipts.ALPHABET) for _ in range(LENGTH)).lower()
        if store.place_by_slug(session, slug) is None:
            return slug


def listed(session: Session, wave: Wave) -> list[Poster]:
    """The wave's place links with the answers each brought, those last made first."""
    brought = store.answers_by_channel(session, wave.id or 0)
    return [Poster(link, brought.get(channel(link), 0)) for link in store.places(session, wave.id or 0)]


def channel(link: PlaceLink) -> str:
    """How a response says that it came through this link."""
    return f"{CHANNEL}:{link.id}"


def opened(session: Session, slug: str) -> PlaceLink:
    """The link at this address. Raises UnusableLinkError."""
    link = store.place_by_slug(session, slug.lower()) if slug.isprintable() else None
    if link is None or link.revoked_at is not None:
        raise UnusableLinkError(slug)
    return link


def revoke(session: Session, wave: Wave, link_id: int, *, actor: str) -> None:
    """Withdraw a link; again, nothing changes. Raises LookupError when the wave has no such link."""
    link = of_wave(session, wave, link_id)
    if link.revoked_at is None:
        link.revoked_at = now()
        session.add(link)
        audit.record(session, actor, "place-link.revoke", f"wave:{wave.slug}", poster=link.id)
        session.flush()


def of_wave(session: Session, wave: Wave, link_id: int) -> PlaceLink:
    """A link of the wave. Raises LookupError."""
    link = store.place(session, link_id)
    if link is None or link.wave_id != wave.id:
        raise LookupError(link_id)
    return link
