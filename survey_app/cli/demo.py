"""`survey-app seed-demo`: the demonstration's data and sign-ins."""

from __future__ import annotations

import json
import sys

import click

from survey_app.cli.session import config, read_session, refuse, write_session


@click.command("seed-demo")
@click.option("--where", default="http://127.0.0.1:8000", show_default=True, help="Address to print.")
@click.option("--quiet", is_flag=True, help="Do not print where to go.")
@click.option("--json", "as_json", is_flag=True, help="Print the sign-ins as one JSON document.")
def seed_demo(where: str, quiet: bool, as_json: bool) -> None:
    """Fill an empty database with the demonstration, publish its first wave, and print the sign-ins.

    Real places and national figures, 12,000 made-up answers. Run again, it only prints.
    """
    from survey_app import seeds

    settings = config()
    if not settings.demo:
        refuse(
            "The demonstration has sign-ins printed for all to see, so it only goes into an installation "
            "of its own. Set HEREABOUTS_DEMO=yes and a separate data folder, or run: make demo"
        )
    with read_session() as session:
        seeded, published = seeds.is_seeded(session), seeds.is_published(session)
    if not published:
        from analysis.snapshot import SnapshotError

        with click.progressbar(length=seeds.STEPS, label="Seeding the demonstration", file=sys.stderr) as bar:

            def step(_what: str) -> None:
                bar.update(1)

            if not seeded:
                with write_session() as session:
                    seeds.seed(session, settings, step)
            try:
                seeds.publish_first_wave(settings, step)
            except SnapshotError as error:
                refuse(str(error))
    sign_ins = seeds.sign_ins(settings.data_folder)
    if as_json:
        click.echo(json.dumps({"base": where, "sign_ins": sign_ins}))
    elif not quiet:
        click.echo(_where_to_go(where, sign_ins))


def _where_to_go(where: str, sign_ins: list[dict[str, str]]) -> str:
    from survey_app import seeds

    open_wave = next(wave for wave in seeds.WAVES if wave.still_open)
    lines = [
        "",
        f"  A resident answers        {where}/s/{open_wave.slug}   (in Urdu: ?lang=ur)",
        f"  with a postcode such as   {seeds.SAMPLE_POSTCODE}",
        "",
        f"  Everyone else signs in at {where}/sign-in",
        "",
    ]
    width = max(len(each["email"]) for each in sign_ins)
    lines += [
        f"  {each['role']:<16} {each['email']:<{width}}  {each['password']}  then {where}{each['start']}"
        for each in sign_ins
    ]
    lines += [
        "",
        f"  Publish the open wave:    make demo-publish   (survey-app publish {open_wave.slug})",
        "",
    ]
    return "\n".join(lines)
