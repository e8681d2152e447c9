"""Writing the files of `survey-app waves invite-links`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from survey_app.config import Config
from survey_app.presenters.link_files import addresses, table
from survey_app.tables import Wave


def write_csv(path: Path, base_url: str, tokens: Sequence[str], wave: Wave) -> None:
    """The links as CSV, readable only by its owner."""
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(table(addresses(base_url, tokens), wave.closes_on.isoformat()), encoding="utf-8")


def write_sheet(
    path: Path, settings: Config, wave: Wave, base_url: str, tokens: Sequence[str], language: str
) -> None:
    """The links as one HTML file to print, readable only by its owner."""
    from survey_app.app import create_app
    from survey_app.views.posters import draw_sheet

    path.touch(mode=0o600, exist_ok=False)
    with create_app(settings).test_request_context(base_url=base_url):
        page = draw_sheet(wave, language, addresses(base_url, tokens))
    path.write_text(page, encoding="utf-8")
