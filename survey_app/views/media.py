"""Pictures, recordings and sign language videos of a questionnaire, from the `media` folder beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path, PurePosixPath

from flask import Blueprint, abort, send_file, url_for
from flask.typing import ResponseReturnValue

from questionnaires.model import Questionnaire
from questionnaires.problems import FileRefusedError
from survey_app.extensions import limiter, settings
from survey_app.services import questionnaire

media = Blueprint("media", __name__)

ONE_DAY = 24 * 3600

TYPES: Mapping[str, str] = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".wav": "audio/wav",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".vtt": "text/vtt",
}
"""What may be served, and as what. Captions lie beside a video under its name, ending in .vtt."""


@media.get("/media/<questionnaire_id>/<version>/<path:name>")
@limiter.exempt
def file(questionnaire_id: str, version: str, name: str) -> ResponseReturnValue:
    """A file that the questionnaire names, whole or in the parts a player asks for; 404 for any other."""
    config = settings()
    try:
        found = questionnaire.version(config.library, config.frameworks, questionnaire_id, version)
    except (LookupError, FileRefusedError):
        abort(404)
    if name not in _named(found):  # before anything is done with a name that anyone can write
        abort(404)
    folder = config.library / questionnaire_id / version / "media"
    path = (folder / name).resolve()
    kind = TYPES.get(path.suffix.lower())
    if kind is None or not path.is_relative_to(folder.resolve()):
        abort(404)
    try:
        stat = path.stat()
    except OSError:
        abort(404)
    return send_file(
        path,
        mimetype=kind,
        conditional=True,  # answers range requests, and "have I got this already"
        etag=_digest(path, stat.st_mtime_ns),
        max_age=ONE_DAY,
    )


@media.app_template_global()
def captions(place: Mapping[str, str]) -> str:
    """The address of the captions of a video: a .vtt file beside it; "" where there is none."""
    name = str(PurePosixPath(place["name"]).with_suffix(".vtt"))
    folder = settings().library / place["questionnaire_id"] / place["version"] / "media"
    return url_for("media.file", **{**place, "name": name}) if (folder / name).is_file() else ""


def _named(found: Questionnaire) -> frozenset[str]:
    """Every file the questionnaire speaks of, and the captions of those that can have some."""
    files = {
        each.file for item in found.items() for each in (*item.media, *(item.grid.media if item.grid else ()))
    }
    return frozenset(files | {str(PurePosixPath(name).with_suffix(".vtt")) for name in files})


@cache
def _digest(path: Path, _changed: int) -> str:
    """SHA-256 of the file as it was when last changed."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
