"""Checking a release long after: is it still what was published, and does it come out the same again?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from analysis import composites, provenance
from analysis import snapshot as columns
from analysis.build import (
    Built,
    Earlier,
    EarlierWave,
    Policy,
    PublicationRefusedError,
    Reference,
    build_release,
)
from analysis.comments import PublishedComments
from analysis.difference import LAYER, RELEASE, changed_inputs, difference
from analysis.earlier import BasesUnreadableError, read_bases
from analysis.release import Release, from_json
from analysis.snapshot import SnapshotError
from questionnaires.framework import Framework
from questionnaires.model import Questionnaire
from survey_app.services import comment_release, earlier_waves, indicators, publish
from survey_app.services.earlier_waves import NotHeldError, Versions
from survey_app.services.publish import Measures
from survey_app.services.released import NoReleaseError, ReleaseDamagedError, intact
from survey_app.store import comments as comment_store
from survey_app.store import releases as store
from survey_app.tables import PublishedRelease, Wave

CODE, SNAPSHOT, POLICY, COMMENTS = "code", "snapshot", "policy", "comments"
AGAIN, NOT_AGAIN = "again", "So it cannot be made again here."


@dataclass(frozen=True, slots=True)
class Check:
    """One thing checked. `holds` is None where it cannot be told, and `words` says why."""

    name: str
    holds: bool | None
    words: str


@dataclass(frozen=True)
class Held:
    """What the installation holds now, to make releases from."""

    wave: Wave
    questionnaire: Questionnaire
    measures: Measures
    reference: Reference
    folder: Path  # of the snapshot: it is read as it is, and nothing is added
    earlier_wave: EarlierWave | None = None  # as the release was compared with it

    @property
    def snapshot(self) -> str | None:
        try:
            return columns.digest(self.folder)
        except SnapshotError:
            return None

    def digests(self) -> dict[str, str]:
        found = {
            "questionnaire": provenance.of_questionnaire(self.questionnaire),
            "framework": provenance.of_framework(self.measures.framework),
            "areas": provenance.of_areas(self.reference.areas),
            "margins": provenance.of_margins(self.reference.margins),
            CODE: provenance.code_version(),
        }
        found |= {f"{LAYER}{layer.id}": provenance.of_layer(layer) for layer in self.reference.national}
        found |= provenance.of_indicators(self.measures.framework)
        snapshot = self.snapshot
        return found if snapshot is None else found | {SNAPSHOT: snapshot}


def verify(
    session: Session,
    wave: Wave,
    number: int,
    questionnaire: Questionnaire,
    framework: Framework,
    data_folder: Path,
    versions: Versions | None = None,
) -> list[Check]:
    """Check one release: its document, what is kept beside it, its inputs; then make it again.

    `versions` finds what an earlier wave that it was compared with was asked.

    It is made again only where everything it was made from is still held, by digest; with another version of
    the program it is made all the same, and compared without naming the program. Raises NoReleaseError, and
    PublicationRefusedError when the areas held contradict each other.
    """
    row = store.by_number(session, wave.slug, number)
    if row is None:
        raise NoReleaseError(f"{wave.slug} has no release {number}.")
    try:
        release = from_json(intact(row, wave.slug))
    except ReleaseDamagedError:
        words = "It is not the document that was published: its digest differs. Restore it from a backup."
        return [Check("document", False, words)]
    moment = datetime.fromisoformat(release.created)
    before = [each for each in publish.earlier(session, wave, at=moment) if each.release.number < number]
    used = indicators.as_used(session, release.provenance.items())
    held = Held(
        wave=wave,
        questionnaire=questionnaire,
        measures=Measures.of(session, framework, questionnaire, used, before),
        reference=publish.reference(session, wave, framework.periods),
        folder=publish.snapshot_folder(data_folder, wave),
    )
    try:
        held = replace(held, earlier_wave=earlier_waves.compared_with(session, release, versions))
    except NotHeldError as error:
        rest = [Check("compared", None, str(error)), Check(AGAIN, None, NOT_AGAIN)]
    else:
        rest = [*_compared(release), *_again(session, release, row, held, before)]
    return [
        Check("document", True, f"It is the document that was published ({row.digest[:12]})."),
        _kept(row),
        _checked_against(release, before),
        *rest,
    ]


def _kept(row: PublishedRelease) -> Check:
    try:
        same = read_bases(row.bases).number == row.number
    except BasesUnreadableError as error:
        return Check("bases", False, str(error))
    if same:
        return Check("bases", True, "What later releases are checked against is there.")
    return Check("bases", False, "The bases kept beside it belong to another release: restore from a backup.")


def _checked_against(release: Release, before: list[Earlier]) -> Check:
    named = {k: v for k, v in release.provenance.items() if k.startswith(RELEASE)}
    held = {f"{RELEASE}{each.release.number}": each.release.digest for each in before}
    if named != held:
        return Check("earlier", False, "The earlier releases held are not those it was checked against.")
    return Check("earlier", True, f"The {len(held)} earlier releases it was checked against are there.")


def _compared(release: Release) -> list[Check]:
    if release.changes is None:
        return []
    words = (
        f"Release {release.changes.number} of {release.changes.wave}, which it was compared with, is there."
    )
    return [Check("compared", True, words)]


def _again(
    session: Session, release: Release, row: PublishedRelease, held: Held, before: list[Earlier]
) -> Iterator[Check]:
    now = held.digests()
    if provenance.of_value(release.policy) == release.provenance.get(POLICY):
        now[POLICY] = release.provenance[POLICY]  # it is in the document itself
    missing = [c for c in changed_inputs(release.provenance, now) if c.name not in (CODE, COMMENTS)]
    if missing:
        told = "; ".join(f"{change.words} {_how(change.name, change.how, held)}" for change in missing)
        yield Check("inputs", None, f"Not all that it was made from is held any more: {told}.")
        yield Check(AGAIN, None, NOT_AGAIN)
        return
    yield Check("inputs", True, "Everything it was made from is held, digest by digest.")
    try:
        said, check = _comments(session, release, held, before)
    except PublicationRefusedError as error:
        yield Check("again", False, f"It cannot be made again: {error}")
        return
    if check is not None:
        yield check
    other_code = now[CODE] != release.provenance.get(CODE)
    yield _made_again(release, row, held, before, said, other_code=other_code)


def _comments(
    session: Session, release: Release, held: Held, before: list[Earlier]
) -> tuple[PublishedComments, Check | None]:
    """The comments to make the release again with, and what is to be said of them.

    Review goes on after a release, and comments are taken back: then what was said of them is taken from the
    release itself, so that everything else can still be checked.
    """
    kept = comment_store.counts(session, held.wave.id or 0).get(release.number, {})
    digest = release.provenance.get(COMMENTS, "")
    published = PublishedComments(items=release.comments, exact=kept, digest=digest)
    if not digest and not kept:
        return published, None  # from before there were any, or before they were published
    made = publish.comments(
        session,
        held.wave,
        held.questionnaire,
        held.reference,
        Policy(**release.policy),
        release.number,
        before,
    )
    if made.digest != digest:
        words = (
            "The reviewed comments are no longer those it was made from: more were reviewed, one was decided "
            "about anew, or one was taken back. What it says of them is taken as published."
        )
        return published, Check(COMMENTS, None, words)
    if comment_release.as_json(made.exact) != kept:
        words = (
            "The counts of comments kept beside it are not those of these comments: restore from a backup."
        )
        return made, Check(COMMENTS, False, words)
    return made, Check(COMMENTS, True, "The reviewed comments are those it was made from.")


def _how(name: str, how: str, held: Held) -> str:
    if name == SNAPSHOT:
        if held.snapshot is None:
            return "no longer there"
        return "have grown or changed since"
    return {"changed": "changed since", "gone": "no longer there", "added": "added since"}[how]


def _made_again(
    release: Release,
    row: PublishedRelease,
    held: Held,
    before: list[Earlier],
    said: PublishedComments,
    *,
    other_code: bool,
) -> Check:
    try:
        made = _make(release, held, before, said)
    except (PublicationRefusedError, SnapshotError, TypeError) as error:
        return Check(AGAIN, False, f"It cannot be made again: {error}")
    if not other_code:
        if made.release.digest == row.digest and made.bases == row.bases:
            return Check(AGAIN, True, "Made again from the same inputs, it is the same to the last byte.")
        return Check(AGAIN, False, "Made again from the same inputs, it is another document.")
    known = replace(made.release, provenance=_without_code(made.release.provenance))
    if known == replace(release, provenance=_without_code(release.provenance)):
        return Check(AGAIN, True, "Made again by another version of the program, every figure is the same.")
    found = difference(release, made.release)
    return Check(
        AGAIN,
        None,
        f"Another version of the program makes another document of it: {len(found.moved)} figures moved, "
        f"{len(found.appeared)} appeared, {len(found.hidden)} hidden. To check it, use the version it was "
        f"made with: {release.provenance.get(CODE, 'not known')}.",
    )


def _make(release: Release, held: Held, before: list[Earlier], said: PublishedComments) -> Built:
    facts = publish.facts(held.wave, columns.digest(held.folder))
    return build_release(
        composites.tally(held.folder, held.measures.columns, held.questionnaire),
        held.questionnaire,
        held.measures.framework,
        held.reference,
        Policy(**release.policy),
        # A wave may have been extended or renamed since.
        wave=replace(facts, title=release.wave_title, opened=release.opened, closed=release.closed),
        number=release.number,
        created=datetime.fromisoformat(release.created),
        earlier=before,
        of_mode=publish.of_mode(held.folder),
        comments=said,
        former=held.measures.former,
        earlier_wave=held.earlier_wave,
    )


def _without_code(found: Mapping[str, str]) -> dict[str, str]:
    return {name: digest for name, digest in found.items() if name != CODE}
