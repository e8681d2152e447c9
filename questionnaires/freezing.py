"""Freezing a questionnaire version: a lock beside its file, so that a change to it is refused, not asked.

A wave keeps the digest of what it opened with as well (ADR 0003). The lock holds the same digest where
a check without a database finds it, and those of the pictures and recordings that belong to the version.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from questionnaires.problems import FileRefusedError, Problem, ProblemCode

LOCK = "frozen.json"
MEDIA = "media"
FORMAT = 1


def is_frozen(path: Path) -> bool:
    """Whether the questionnaire file has a lock beside it."""
    return (path.parent / LOCK).is_file()


def freeze(path: Path, digest: str) -> bool:
    """Write the lock of a questionnaire file whose text has this digest; False when it was there already.

    Raises FileRefusedError when the version was frozen and has changed since.
    """
    refuse_changes(path, digest)
    if is_frozen(path):
        return False
    lock = {"format": FORMAT, "questionnaire": digest, "media": _media(path)}
    temporary = path.parent / f"{LOCK}.new"
    temporary.write_text(json.dumps(lock, indent=2) + "\n", encoding="utf-8")
    temporary.replace(path.parent / LOCK)
    return True


def refuse_changes(path: Path, digest: str) -> None:
    """Raise FileRefusedError with everything that has changed since the version was frozen, if it was."""
    found = list(_problems(path, digest))
    if found:
        raise FileRefusedError(found)


def _problems(path: Path, digest: str) -> Iterator[Problem]:
    lock = path.parent / LOCK
    if not lock.is_file():
        return
    try:
        held = json.loads(lock.read_text(encoding="utf-8"))
        frozen, media = str(held["questionnaire"]), dict(held["media"])
    except (ValueError, KeyError, TypeError):
        yield Problem(
            ProblemCode.FROZEN,
            str(lock),
            1,
            "file",
            "The lock cannot be read.",
            "Put it back as it was, from a copy.",
        )
        return
    if frozen != digest:
        yield _changed(path, "The file has changed since this version was frozen.")
    now = _media(path)
    for name in sorted(media.keys() | now.keys()):
        if media.get(name) != now.get(name):
            what = "is new" if name not in media else "is gone" if name not in now else "has changed"
            yield _changed(path, f"{MEDIA}/{name} {what} since this version was frozen.")


def _changed(path: Path, cause: str) -> Problem:
    id, version = path.parent.parent.name, path.parent.name
    remedy = (
        "Put the old one back, and change a copy under the next version: "
        f"survey-app questionnaires new --from {id} {version}."
    )
    return Problem(ProblemCode.FROZEN, str(path), 1, "version", cause, remedy)


def _media(path: Path) -> dict[str, str]:
    """SHA-256 of each file in the version's media folder, by its path in there."""
    folder = path.parent / MEDIA
    found = {}
    for each in sorted(folder.rglob("*")):
        if each.is_file():
            with each.open("rb") as stream:
                found[each.relative_to(folder).as_posix()] = hashlib.file_digest(stream, "sha256").hexdigest()
    return found
