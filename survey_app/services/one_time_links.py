"""One-time links: made in batches, each good for one submission, never tied to the answers.

While answers are being given the link knows the draft begun with it, so that it cannot be begun twice. The
transaction that submits them marks the link used and forgets the draft: after that nothing says which
answers came through which link, only that the link brought some.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlmodel import Session

from survey_app.services import audit, receipts
from survey_app.services.keyed_hash import keyed_hash
from survey_app.store import links as store
from survey_app.store import responses, waves
from survey_app.tables import LinkBatch, Response, Wave

__all__ = ["LinkBatch", "Made", "Standing", "batches", "claim", "make", "revoke_batch", "revoke_one", "used"]

MOST = 5_000
LONGEST_LABEL = 80
CHANNEL = "invitation"


class Standing(StrEnum):
    """What a one-time link can still do."""

    USABLE = "usable"
    BEGUN = "begun"  # a draft that another browser holds was begun with it
    USED = "used"
    OVER = "over"  # unknown, withdrawn, or its wave has ended


class BatchRefusedError(Exception):
    """The batch cannot be made so; `problems` names the fields at fault: "label", "count", "wave"."""

    def __init__(self, *problems: str):
        self.problems = problems
        super().__init__(", ".join(problems))


@dataclass(frozen=True, slots=True)
class Made:
    """A new batch with its tokens, which are not kept: this is the only time they are known."""

    batch: LinkBatch
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch and what became of its links."""

    batch: LinkBatch
    unused: int
    used: int
    revoked: int


def make(
    session: Session, wave: Wave, *, label: str, count: int, secret: str, today: date, actor: str
) -> Made:
    """Make `count` one-time links, good until the wave ends. Raises BatchRefusedError."""
    name = " ".join(label.split())
    problems = [
        field
        for field, wrong in (
            ("label", not name.isprintable() or not 0 < len(name) <= LONGEST_LABEL),
            ("count", not 1 <= count <= MOST),
            ("wave", wave.status == "closed" or wave.closes_on < today),
        )
        if wrong
    ]
    if problems or wave.id is None:
        raise BatchRefusedError(*problems)
    tokens = tuple(receipts.new_code() for _ in range(count))
    hashes = [fingerprint(token, secret) for token in tokens]
    batch = store.add_batch(session, LinkBatch(wave_id=wave.id, label=name, made_by=actor), hashes)
    audit.record(session, actor, "one-time-links.make", f"wave:{wave.slug}", batch=batch.id, count=count)
    return Made(batch, tokens)


def batches(session: Session, wave: Wave) -> list[Batch]:
    """The batches of a wave with what became of their links, those last made first."""
    states = store.states(session, wave.id or 0)
    return [
        Batch(
            each,
            *(states.get((each.id or 0, state), 0) for state in (store.UNUSED, store.USED, store.REVOKED)),
        )
        for each in store.batches(session, wave.id or 0)
    ]


def standing(
    session: Session, token: str, secret: str, *, today: date, mine: str | None = None
) -> tuple[Standing, Wave | None]:
    """What this link can do, and the wave it leads to. `mine`: the draft this browser holds, if any."""
    code = receipts.read(token)
    found = None if code is None else store.one_time(session, fingerprint(code, secret))
    wave = None if found is None else waves.by_id(session, found[1].wave_id)
    if found is None or wave is None:
        return Standing.OVER, None
    link = found[0]
    if link.state == store.USED:
        return Standing.USED, wave
    if link.state == store.REVOKED or wave.status == "closed" or wave.closes_on < today:
        return Standing.OVER, wave
    if link.draft_id not in (None, mine) and _is_draft(responses.get(session, link.draft_id or "")):
        return Standing.BEGUN, wave
    return Standing.USABLE, wave


def wave_of(session: Session, token: str, secret: str) -> Wave | None:
    """The wave this link was made for, whatever became of the link."""
    code = receipts.read(token)
    found = None if code is None else store.one_time(session, fingerprint(code, secret))
    return None if found is None else waves.by_id(session, found[1].wave_id)


def claim(session: Session, response: Response, token: str, secret: str) -> bool:
    """Take the link for this draft, for good once it is submitted. False when it is used, begun or withdrawn.

    One UPDATE decides, so of two browsers that open a link at once, one gets it.
    """
    code = receipts.read(token)
    if code is None or not _is_draft(response):
        return False
    taken = store.claim(session, fingerprint(code, secret), response.id)
    if taken:
        response.channel = CHANNEL
        session.add(response)
        session.flush()
    return taken


def used(session: Session, response: Response) -> None:
    """Mark the link this response was begun with, if any, as used, in the transaction that submits it."""
    store.use(session, response.id)


def revoke_batch(session: Session, wave: Wave, batch_id: int, *, actor: str) -> int:
    """Withdraw the unused links of a batch; returns how many. Answers begun with one can still be sent.

    Raises LookupError when the wave has no such batch.
    """
    batch = store.batch(session, batch_id)
    if batch is None or batch.wave_id != wave.id:
        raise LookupError(batch_id)
    revoked = store.revoke_batch(session, batch_id)
    if revoked:
        audit.record(
            session, actor, "one-time-links.revoke", f"wave:{wave.slug}", batch=batch_id, count=revoked
        )
    return revoked


def revoke_one(session: Session, wave: Wave, token: str, secret: str, *, actor: str) -> bool:
    """Withdraw one link by its code. False when the wave has no unused link with it."""
    code = receipts.read(token)
    found = None if code is None else store.one_time(session, fingerprint(code, secret))
    if code is None or found is None or found[1].wave_id != wave.id:
        return False
    done = store.revoke_one(session, fingerprint(code, secret))
    if done:
        audit.record(session, actor, "one-time-links.revoke", f"wave:{wave.slug}", batch=found[1].id, count=1)
    return done


def fingerprint(token: str, secret: str) -> str:
    """What is stored instead of a token: HMAC-SHA256 under a key made from the installation's secret."""
    return keyed_hash("one-time link", token, secret)


def _is_draft(response: Response | None) -> bool:
    return response is not None and response.status == "draft"
