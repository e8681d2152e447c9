"""Links into a wave: of posters, and one-time links by the hash of their token."""

from __future__ import annotations

from sqlalchemy import func, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from survey_app.store import bulk
from survey_app.tables import LinkBatch, OneTimeLink, PlaceLink, Response

UNUSED, USED, REVOKED = "unused", "used", "revoked"


def add_place(session: Session, link: PlaceLink) -> PlaceLink:
    session.add(link)
    session.flush()
    return link


def places(session: Session, wave_id: int) -> list[PlaceLink]:
    """The place links of a wave, those last made first."""
    query = select(PlaceLink).where(PlaceLink.wave_id == wave_id)
    return list(session.exec(query.order_by(col(PlaceLink.id).desc())))


def place(session: Session, link_id: int) -> PlaceLink | None:
    return session.get(PlaceLink, link_id)


def place_by_slug(session: Session, slug: str) -> PlaceLink | None:
    return session.exec(select(PlaceLink).where(PlaceLink.slug == slug)).first()


def answers_by_channel(session: Session, wave_id: int) -> dict[str, int]:
    """How many counted responses of the wave came through each channel."""
    query = select(Response.channel, func.count()).where(
        Response.wave_id == wave_id, Response.status == "submitted"
    )
    return dict(session.exec(query.group_by(Response.channel)).all())


def add_batch(session: Session, batch: LinkBatch, token_hashes: list[str]) -> LinkBatch:
    """Store a batch and its links."""
    session.add(batch)
    session.flush()
    bulk.add(
        session,
        OneTimeLink,
        [{"batch_id": batch.id, "token_hash": each, "state": UNUSED} for each in token_hashes],
    )
    return batch


def batches(session: Session, wave_id: int) -> list[LinkBatch]:
    """The batches of a wave, those last made first."""
    query = select(LinkBatch).where(LinkBatch.wave_id == wave_id)
    return list(session.exec(query.order_by(col(LinkBatch.id).desc())))


def batch(session: Session, batch_id: int) -> LinkBatch | None:
    return session.get(LinkBatch, batch_id)


def states(session: Session, wave_id: int) -> dict[tuple[int, str], int]:
    """How many links of each batch of a wave are in each state."""
    query = (
        select(OneTimeLink.batch_id, OneTimeLink.state, func.count())
        .join(LinkBatch, col(LinkBatch.id) == OneTimeLink.batch_id)
        .where(LinkBatch.wave_id == wave_id)
        .group_by(OneTimeLink.batch_id, OneTimeLink.state)
    )
    return {(batch_id, state): number for batch_id, state, number in session.exec(query)}


def one_time(session: Session, token_hash: str) -> tuple[OneTimeLink, LinkBatch] | None:
    """The link whose token has this hash, and its batch."""
    query = select(OneTimeLink, LinkBatch).join(LinkBatch, col(LinkBatch.id) == OneTimeLink.batch_id)
    return session.exec(query.where(OneTimeLink.token_hash == token_hash)).first()


def claim(session: Session, token_hash: str, draft_id: str) -> bool:
    """Take an unused link for a draft, unless a draft that still exists has it. One statement: no race.

    A draft that was begun with another link keeps that one: it brings one submission, so it uses up one.
    """
    drafts = select(Response.id).where(Response.status == "draft")
    holder = col(OneTimeLink.draft_id)
    other = aliased(OneTimeLink)
    held = select(other.id).where(col(other.draft_id) == draft_id, col(other.token_hash) != token_hash)
    statement = (
        update(OneTimeLink)
        .where(
            col(OneTimeLink.token_hash) == token_hash,
            col(OneTimeLink.state) == UNUSED,
            or_(holder.is_(None), holder == draft_id, holder.not_in(drafts)),
            ~held.exists(),
        )
        .values(draft_id=draft_id)
        .execution_options(synchronize_session=False)
    )
    return int(session.connection().execute(statement).rowcount) == 1


def use(session: Session, draft_id: str) -> bool:
    """Mark the link that a draft was begun with as used, and forget the draft. Whether there was one."""
    statement = (
        update(OneTimeLink)
        .where(col(OneTimeLink.draft_id) == draft_id)
        .values(state=USED, draft_id=None)
        .execution_options(synchronize_session=False)
    )
    return int(session.connection().execute(statement).rowcount) == 1


def revoke_batch(session: Session, batch_id: int) -> int:
    """Withdraw every unused link of a batch. Returns how many there were."""
    return _revoke(session, col(OneTimeLink.batch_id) == batch_id)


def revoke_one(session: Session, token_hash: str) -> bool:
    """Withdraw one unused link. Whether there was one."""
    return _revoke(session, col(OneTimeLink.token_hash) == token_hash) == 1


def _revoke(session: Session, which: object) -> int:
    statement = (
        update(OneTimeLink)
        .where(which, col(OneTimeLink.state) == UNUSED)
        .values(state=REVOKED, draft_id=None)
        .execution_options(synchronize_session=False)
    )
    return int(session.connection().execute(statement).rowcount)
