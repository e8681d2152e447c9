"""The life of a release after it was published: shown, superseded by the next, or withdrawn with a reason."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from analysis.difference import Difference, difference
from analysis.release import Release, from_json
from analysis.standing import repeated
from analysis.themes import Exact
from survey_app.services import audit, comment_release
from survey_app.services.comment_release import QuoteGoneError
from survey_app.store import releases as store
from survey_app.store import waves
from survey_app.store.releases import ReleaseRow
from survey_app.tables import PublishedRelease, Wave

SHORTEST_REASON, LONGEST_REASON = 10, 300


class State(StrEnum):
    CURRENT = "current"  # what readers see
    SUPERSEDED = "superseded"  # a later one is shown
    WITHDRAWN = "withdrawn"


class NoReleaseError(LookupError):
    """The wave has no release of this number."""


class ReleaseDamagedError(Exception):
    """A stored release is not what was published: its digest differs. Restore it from a backup."""


class WithdrawalRefusedError(Exception):
    """A release cannot be withdrawn like this; `reasons` says every reason and what to do."""

    def __init__(self, reasons: Sequence[str]):
        super().__init__("; ".join(reasons))
        self.reasons = tuple(reasons)


class MeanwhileError(Exception):
    """Since this release was begun another was published, or one withdrawn, or a comment taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A release ready to be stored. document, bases, comment_counts: as analysis.build made them."""

    number: int
    digest: str
    document: str
    bases: str
    created: str  # ISO 8601, UTC
    comment_counts: Mapping[str, Exact] = field(default_factory=dict)

    @classmethod
    def of(cls, release: Release, bases: str, comment_counts: Mapping[str, Exact]) -> Publication:
        return cls(
            number=release.number,
            digest=release.digest,
            document=release.to_json(),
            bases=bases,
            created=release.created,
            comment_counts=comment_release.as_json(comment_counts),
        )


@dataclass(frozen=True, slots=True)
class Published:
    """A release and what became of it, without its content."""

    wave: str
    number: int
    state: State
    superseded_by: int | None  # the next release that readers were shown in its place
    digest: str
    published_by: str
    published_at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: str | None
    because: str | None

    def as_dict(self) -> dict[str, Any]:
        document = asdict(self)
        for name in ("published_at", "withdrawn_at"):
            moment: datetime | None = document[name]
            document[name] = moment.isoformat() if moment else None
        return document


def keep(session: Session, wave: Wave, made: Publication, *, actor: str) -> PublishedRelease:
    """Store a release for good. Raises MeanwhileError."""
    wave_id = wave.id or 0
    waves.lock(session, wave_id)
    begun = datetime.fromisoformat(made.created)
    for number, withdrawal in store.withdrawn(session, wave_id).items():
        if withdrawal.withdrawn_at >= begun:
            raise MeanwhileError(f"Release {number} of {wave.slug} was withdrawn meanwhile. Publish again.")
    if store.by_number(session, wave.slug, made.number) is not None:
        raise MeanwhileError(_taken(wave, made))
    try:
        stored = store.add(
            session,
            wave_id=wave_id,
            number=made.number,
            digest=made.digest,
            document=made.document,
            bases=made.bases,
            published_by=actor,
        )
        comment_release.keep(
            session, wave, made.number, from_json(made.document).comments, made.comment_counts
        )
    except IntegrityError as error:
        raise MeanwhileError(_taken(wave, made)) from error
    except QuoteGoneError as error:
        raise MeanwhileError(
            f"A comment that release {made.number} of {wave.slug} quotes was taken back, or decided about "
            "anew, meanwhile. Publish again."
        ) from error
    audit.record(
        session, actor, "release.publish", f"wave:{wave.slug}", number=made.number, digest=made.digest
    )
    return stored


def _taken(wave: Wave, made: Publication) -> str:
    return f"Release {made.number} of {wave.slug} was published meanwhile. Publish again."


def history(session: Session, slug: str = "") -> list[Published]:
    """What became of every release, of one wave or of all: the latest wave's first, its newest first."""
    by_wave: dict[str, list[ReleaseRow]] = {}
    for row in store.all_releases(session):
        by_wave.setdefault(row.wave, []).append(row)
    order = [wave.slug for wave in waves.all_waves(session)]
    return [
        published
        for wave in order
        if wave in by_wave and slug in ("", wave)
        for published in _of_wave(sorted(by_wave[wave], key=lambda row: -row.number))
    ]


def _of_wave(rows: Sequence[ReleaseRow]) -> list[Published]:
    """Newest first. The next in place of a release is the one after it, also when that was withdrawn."""
    current = next((row.number for row in rows if row.withdrawn_at is None), None)
    found = []
    for row in rows:
        state = State.SUPERSEDED
        if row.withdrawn_at is not None:
            state = State.WITHDRAWN
        elif row.number == current:
            state = State.CURRENT
        later = [r.number for r in rows if r.number > row.number and r.withdrawn_at is None]
        found.append(
            Published(
                wave=row.wave,
                number=row.number,
                state=state,
                superseded_by=min(later) if later and state is State.SUPERSEDED else None,
                digest=row.digest,
                published_by=row.published_by,
                published_at=row.published_at,
                withdrawn_at=row.withdrawn_at,
                withdrawn_by=row.withdrawn_by,
                because=row.because,
            )
        )
    return found


def one(session: Session, slug: str, number: int) -> Published:
    """What became of one release. Raises NoReleaseError."""
    for published in history(session, slug):
        if published.number == number:
            return published
    raise NoReleaseError(f"{slug} has no release {number}.")


def document(session: Session, slug: str, number: int) -> Release:
    """A release as stored, withdrawn or not: for those who look after the wave.

    Raises NoReleaseError and ReleaseDamagedError.
    """
    row = store.by_number(session, slug, number)
    if row is None:
        raise NoReleaseError(f"{slug} has no release {number}.")
    return from_json(intact(row, slug))


def intact(row: PublishedRelease, slug: str) -> str:
    """The document of a stored release. Raises ReleaseDamagedError when it is not what was published."""
    if hashlib.sha256(row.document.encode()).hexdigest() != row.digest:
        raise ReleaseDamagedError(f"release {row.number} of wave {slug} does not match its digest")
    return row.document


def differing(session: Session, slug: str, before: int, after: int) -> Difference:
    """What moved between two releases of a wave. Raises NoReleaseError and ReleaseDamagedError."""
    return difference(document(session, slug, before), document(session, slug, after))


def withdraw(
    session: Session, wave: Wave, number: int, because: str, *, actor: str, with_later: bool = False
) -> list[int]:
    """Show a release no more, for a reason that readers see; returns the numbers withdrawn.

    A later release that repeats any of it falls with it, if `with_later` says so; else that is a reason to
    refuse. Nothing is deleted: later releases are still checked against it. Raises WithdrawalRefusedError
    with every reason, NoReleaseError.
    """
    wave_id = wave.id or 0
    waves.lock(session, wave_id)
    held = store.of_wave(session, wave_id)
    gone = set(store.withdrawn(session, wave_id))
    because = " ".join(because.split())
    reasons = _against(because)
    if number not in {row.number for row in held}:
        raise NoReleaseError(f"{wave.slug} has no release {number}.")
    if number in gone:
        reasons.append(f"Release {number} of {wave.slug} has been withdrawn already.")
    falling = [number]
    for row, words in _resting_on(held, number, gone):
        if not with_later:
            reasons.append(
                f"Release {row.number} shows {words} as they were: it must be withdrawn at the same time."
            )
        falling.append(row.number)
    if reasons:
        raise WithdrawalRefusedError(reasons)
    for row in held:
        if row.number in falling:
            store.withdraw(session, row, because, by=actor)
            audit.record(
                session,
                actor,
                "release.withdraw",
                f"wave:{wave.slug}",
                number=row.number,
                digest=row.digest,
                instead_of=None if row.number == number else number,
            )
    return falling


def resting_on(session: Session, wave: Wave, number: int) -> list[tuple[int, str]]:
    """Later releases, not withdrawn, that repeat something of this one, and what."""
    held = store.of_wave(session, wave.id or 0)
    gone = set(store.withdrawn(session, wave.id or 0))
    return [(row.number, words) for row, words in _resting_on(held, number, gone)]


def _resting_on(
    held: Sequence[PublishedRelease], number: int, gone: set[int]
) -> list[tuple[PublishedRelease, str]]:
    """Also what repeats one that falls: a release of which any is taken back is taken back whole."""
    falling: list[_Stored] = []
    found = []
    for row in held:
        if row.number < number or (row.number in gone and row.number != number):
            continue
        this = _Stored(from_json(row.document), row.bases)
        repeats = [what for what in (repeated(this, earlier) for earlier in falling) if what]
        if repeats:
            found.append((row, repeats[0].words()))
        if repeats or row.number == number:
            falling.append(this)
    return found


@dataclass(frozen=True, slots=True)
class _Stored:
    """As analysis.earlier.Earlier, which would bring numpy into the web process."""

    release: Release
    bases: str
    withdrawn: bool = False


def _against(because: str) -> list[str]:
    """What is wrong with the reason given."""
    if len(because) < SHORTEST_REASON:
        return ["Say why it is withdrawn, in a sentence: readers see it."]
    if len(because) > LONGEST_REASON:
        return [f"Say why in at most {LONGEST_REASON} characters: readers see it."]
    if "@" in because:
        return ["Leave addresses out of the reason: readers see it."]
    return []
