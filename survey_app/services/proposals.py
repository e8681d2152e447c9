"""Proposals: a release worked out for a manager to look at, kept on disk until it is published or replaced.

What is published is what was looked at, to the last byte. Working it out needs numpy and pandas, 150 MB and
more, so another process does it and ends: web workers stay small.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session

from survey_app.config import Config
from survey_app.services import released
from survey_app.services.released import Publication
from survey_app.store import responses
from survey_app.tables import Wave

MOST_RESPONSES = 100_000  # more take longer than a browser waits, and memory a web server may not have
LONGEST_WAIT = 300  # seconds
REFUSED = 3  # how the process ends when there are reasons against a release: 1 is a fault
GOOD_FOR = timedelta(hours=2)  # a proposal is of the answers there were: older, work it out again


class ProposalRefusedError(Exception):
    """There is no release to propose or to publish; `reasons` says every reason."""

    def __init__(self, reasons: Sequence[str]):
        super().__init__("; ".join(reasons))
        self.reasons = tuple(reasons)


class BusyError(Exception):
    """Another release is being worked out just now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A release that could be published.

    report: of analysis.manager_report. since: of analysis.difference; None when readers see no release.
    """

    wave: str
    publication: Publication
    report: dict[str, Any]
    since: dict[str, Any] | None
    sentences: tuple[str, ...]  # the difference in words

    @property
    def created(self) -> datetime:
        return datetime.fromisoformat(self.publication.created)

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def from_json(text: str) -> Proposal:
    """The inverse of `Proposal.to_json`. Raises ValueError, KeyError or TypeError for anything else."""
    raw = json.loads(text)
    raw["publication"] = Publication(**raw["publication"])
    raw["sentences"] = tuple(raw["sentences"])
    return Proposal(**raw)


def too_large(session: Session, wave: Wave) -> bool:
    """Whether the wave has more responses than a web server should work out a release of."""
    return sum(responses.counts(session, wave.id or 0).values()) > MOST_RESPONSES


def work_out(config: Config, slug: str) -> Proposal:
    """Have a process of its own work out the wave's next release, and keep it as the proposal.

    Raises BusyError, and ProposalRefusedError with every reason against a release.
    """
    answer = run_apart(config, {"wave": slug})
    proposal = from_json(answer)
    _write(_path(config.data_folder, slug), answer)
    return proposal


def run_apart(config: Config, asked: dict[str, Any]) -> str:
    """What the process of its own answers to a request. Raises as `work_out`."""
    with _alone(config.data_folder):
        request = {
            **asked,
            "database_url": config.database_url,
            "data_folder": str(config.data_folder),
            "library": str(config.library),
            "frameworks": str(config.frameworks),
        }
        try:
            done = subprocess.run(
                [sys.executable, "-m", "survey_app.proposing"],
                input=json.dumps(request),  # not as an argument: others on the machine can read those
                capture_output=True,
                text=True,
                timeout=LONGEST_WAIT,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise ProposalRefusedError(
                [f"It took longer than {LONGEST_WAIT // 60} minutes. Publish on the command line."]
            ) from error
        if done.returncode == REFUSED:
            raise ProposalRefusedError(json.loads(done.stdout)["reasons"])
        if done.returncode != 0:
            raise ProposalProcessError(done.stderr[-2_000:])
        return done.stdout


class ProposalProcessError(Exception):
    """The process that works a release out broke off: what it wrote on standard error."""


def current(data_folder: Path, slug: str) -> Proposal | None:
    """The wave's proposal, unless there is none or it is too old to be published."""
    try:
        proposal = from_json(_path(data_folder, slug).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    return proposal if datetime.now(UTC) - proposal.created < GOOD_FOR else None


def publish(session: Session, wave: Wave, digest: str, data_folder: Path, *, actor: str) -> int:
    """Store the proposal that was looked at; returns its number.

    digest: of the release shown on the page. Raises ProposalRefusedError when another has taken its place,
    released.MeanwhileError when a release was published or withdrawn since.
    """
    proposal = current(data_folder, wave.slug)
    if proposal is None or proposal.publication.digest != digest:
        raise ProposalRefusedError(["This is not the newest proposal any more. Look at the one here."])
    return released.keep(session, wave, proposal.publication, actor=actor).number


def discard(data_folder: Path, slug: str) -> None:
    """Forget the wave's proposal: it was published, or what it was checked against was withdrawn."""
    _path(data_folder, slug).unlink(missing_ok=True)


def _path(data_folder: Path, slug: str) -> Path:
    return data_folder / "proposals" / f"{slug}.json"


def _write(path: Path, text: str) -> None:
    """For the service's own eyes: it holds exact bases, like the database."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    new.replace(path)


@contextlib.contextmanager
def _alone(data_folder: Path) -> Iterator[None]:
    """One at a time on this machine, or memory for several would be needed. Raises BusyError."""
    data_folder.mkdir(parents=True, exist_ok=True)
    with (data_folder / ".proposing").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BusyError from error
        yield
