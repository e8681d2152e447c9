"""`survey-app paper`: print forms without the web pages."""

from __future__ import annotations

from pathlib import Path

import click

from survey_app.cli.session import config, read_session, refuse
from survey_app.config import with_secret
from survey_app.services.questionnaire import QuestionnaireChangedError
from survey_app.store import waves as store


@click.group()
def paper() -> None:
    """Paper forms."""


@paper.command("print")
@click.argument("slug")
@click.option("--lang", required=True, help="Language of the form, such as ur.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="HTML file.")
@click.option("--large", is_flag=True, help="Large print, 18 point.")
@click.option("--base-url", default="http://localhost:8000", show_default=True, help="Where the site is.")
def print_(slug: str, lang: str, out: Path, large: bool, base_url: str) -> None:
    """Write the form of the wave SLUG as one HTML file, to print from any browser on A4."""
    from survey_app.app import create_app
    from survey_app.views.printing import draw

    with read_session() as session:
        wave = store.by_slug(session, slug)
        if wave is None:
            known = ", ".join(each.slug for each in store.all_waves(session)) or "none"
            refuse(f"There is no wave {slug!r}. Waves: {known}.")
        if lang not in wave.languages:
            refuse(f"{slug} is not asked in {lang!r}, only in {', '.join(wave.languages)}.")
        app = create_app(with_secret(config()))
        with app.test_request_context(base_url=base_url):
            try:
                address = f"{base_url.rstrip('/')}/s/{slug}"
                page = draw(wave, lang, address, standalone=True, large=large)
            except (QuestionnaireChangedError, LookupError) as error:
                refuse(str(error))
    out.write_text(page, encoding="utf-8")
    click.echo(f"Wrote {out}. Open it in a browser and print it on A4, at 100%.")
