"""What readers see: places, a place's scorecard, and the map. Only ever from releases."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import cast

from flask import Blueprint, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from survey_app import i18n
from survey_app.access import READERS
from survey_app.extensions import session, settings
from survey_app.presenters import (
    about_results,
    breakdowns,
    changes_page,
    histories,
    modes,
    place_list,
    voices,
)
from survey_app.presenters import map as maps
from survey_app.presenters import models as fitted
from survey_app.presenters import scorecard as scorecards
from survey_app.presenters.wording import Wording
from survey_app.reading_trail import note_read
from survey_app.services import results as service
from survey_app.services.released import Published
from survey_app.services.results import PublishedWave, ReleaseIndex
from survey_app.services.roles import Principal
from survey_app.store import areas

results = Blueprint("results", __name__)

DRAWINGS_KEPT = 32  # levels, and parts of them for readers of one area
_lock = Lock()


@results.get("/results/")
def places() -> ResponseReturnValue:
    waves, wave = _chosen_wave()
    if wave is None:
        return _nothing()
    index, reach = _in_reach(wave)
    if not reach:
        return render_template("results/nothing.html", wave=wave)
    query = request.args.get("name", "").strip()[:80]
    page = place_list.build(
        index,
        reach,
        found=service.named(session(), index, query, reach),
        level=request.args.get("level", ""),
        within=request.args.get("within", ""),
    )
    note_read("results.read", f"wave:{wave.slug}")
    return render_template(
        "results/places.html",
        page=page,
        about=_about(index, reach),
        waves=waves,
        wave=wave,
        query=query,
        link=_kept_wave(waves, wave),
        withdrawn=_taken_back(wave.withdrawn),
    )


@results.get("/results/changes")
def changes() -> ResponseReturnValue:
    """What moved where since the wave before, at one level."""
    waves, wave = _chosen_wave()
    if wave is None:
        return _nothing()
    index, reach = _in_reach(wave)
    since = service.since(session(), index.release)
    level = request.args.get("level", "")
    page = None
    if since is not None and reach:
        page = changes_page.build(index, since, reach, level=level, wording=_wording(index))
    note_read("results.read", f"wave:{wave.slug}")
    return render_template(
        "results/changes.html",
        page=page,
        about=_about(index, reach),
        waves=waves,
        wave=wave,
        link=_kept_wave(waves, wave),
    )


@results.get("/results/releases")
def releases() -> ResponseReturnValue:
    """What was published of each wave, what took its place, and what was withdrawn and why."""
    language = i18n.current_language().code
    waves, wave = _chosen_wave()
    note_read("results.read")
    return render_template(
        "results/releases.html",
        waves=histories.waves(service.histories(session()), language),
        about=_about(*_in_reach(wave)) if wave else (),
        link=_kept_wave(waves, wave) if wave else None,
    )


@results.get("/results/ways")
def ways() -> ResponseReturnValue:
    """What people told who answered online, on paper or with help, in the whole survey area."""
    waves, wave = _chosen_wave()
    if wave is None:
        return _nothing()
    index, reach = _in_reach(wave)
    if not modes.roots(index) <= reach:
        abort(404)
    note_read("results.read", f"wave:{wave.slug}")
    return render_template(
        "results/ways.html",
        page=modes.build(index, _wording(index)),
        about=_about(index, reach),
        release=index.release,
        link=_kept_wave(waves, wave),
    )


@results.get("/results/comments")
def comments() -> ResponseReturnValue:
    """What people said in their own words, as it was reviewed: of the whole survey, or of one district."""
    waves, wave = _chosen_wave()
    if wave is None:
        return _nothing()
    index, reach = _in_reach(wave)
    if not reach:
        return render_template("results/nothing.html", wave=wave)
    number = request.args.get("page", "")
    try:
        page = voices.build(
            index,
            reach,
            _wording(index),
            place=request.args.get("place", ""),
            item=request.args.get("item", ""),
            number=int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1,
            # Someone may have taken a comment back since: only the newest release is known to be without it.
            without_quotes=bool(wave.withdrawn),
        )
    except KeyError:
        abort(404)
    note_read("results.read", f"wave:{wave.slug}")
    return render_template(
        "results/comments.html",
        page=page,
        about=_about(index, reach),
        release=index.release,
        waves=waves,
        wave=wave,
        link=_kept_wave(waves, wave),
        withdrawn=_taken_back(wave.withdrawn),
    )


@results.get("/results/models")
def models() -> ResponseReturnValue:
    """How figures of small places were modelled, for readers who want to judge that."""
    waves, wave = _chosen_wave()
    if wave is None:
        return _nothing()
    index, reach = _in_reach(wave)
    if not reach:
        return render_template("results/nothing.html", wave=wave)
    asked, level = request.args.get("indicator", ""), request.args.get("level", "")
    page = fitted.build(index, reach, _wording(index), indicator=asked, level=level)
    note_read("results.read", f"wave:{wave.slug}")
    return render_template(
        "results/models.html",
        page=page,
        about=_about(index, reach),
        waves=waves,
        wave=wave,
        link=_kept_wave(waves, wave),
    )


@results.get("/results/<area_code>")
def scorecard(area_code: str) -> ResponseReturnValue:
    waves, wave = _chosen_wave()
    if wave is None:
        return _nothing()
    index, reach = _in_reach(wave)
    if area_code not in reach:
        abort(404)
    since = service.since(session(), index.release)
    card = scorecards.build(index, area_code, reach, _wording(index), since)
    note_read("results.read", f"area:{area_code}")
    return render_template(
        "results/scorecard.html",
        card=card,
        about=_about(index, reach, district=voices.district(index, area_code)),
        release=index.release,
        waves=waves,
        wave=wave,
        link=_kept_wave(waves, wave),
        withdrawn=_taken_back(wave.withdrawn),
    )


@results.get("/results/<area_code>/<indicator>")
def answers(area_code: str, indicator: str) -> ResponseReturnValue:
    waves, wave = _chosen_wave()
    if wave is None:
        return _nothing()
    index, reach = _in_reach(wave)
    if area_code not in reach or indicator not in index.indicators:
        abort(404)
    page = breakdowns.build(index, area_code, indicator, _wording(index))
    note_read("results.read", f"area:{area_code}")
    return render_template(
        "results/answers.html",
        page=page,
        about=_about(index, reach, district=voices.district(index, area_code)),
        release=index.release,
        link=_kept_wave(waves, wave),
    )


@results.get("/map", endpoint="map")
def draw_map() -> ResponseReturnValue:
    waves, wave = _chosen_wave()
    if wave is None:
        return _nothing()
    index, reach = _in_reach(wave)
    levels = [level for level in index.levels() if any(a.code in reach for a in index.at_level(level))]
    indicator = maps.choose_indicator(index, request.args.get("indicator", ""))
    if not levels or not indicator:
        return render_template("results/nothing.html", wave=wave)
    level = request.args.get("level", "")
    level = level if level in levels else place_list.default_level(index, reach)
    page = maps.build(index, reach, indicator=indicator, level=level, wording=_wording(index))
    note_read("results.read", f"wave:{wave.slug}")
    return render_template(
        "results/map.html",
        page=page,
        drawing=_drawing(level, [row.code for row in page.rows]),
        by_code={row.code: row for row in page.rows},
        about=_about(index, reach),
        waves=waves,
        wave=wave,
        link=_kept_wave(waves, wave),
    )


def _chosen_wave() -> tuple[list[PublishedWave], PublishedWave | None]:
    """Waves with results and the one asked for (?wave=), else the latest.

    None when all of it was withdrawn, or nothing is published; 404 for a wave that never had a release.
    """
    waves = service.published(session())
    asked = request.args.get("wave", "")
    if not asked:
        return waves, waves[0] if waves else None
    for wave in waves:
        if wave.slug == asked:
            return waves, wave
    if any(wave.slug == asked for wave in service.withdrawn(session())):
        return waves, None
    abort(404)


def _nothing() -> ResponseReturnValue:
    """No release to show: none yet, or the one asked for, or all of them, were withdrawn."""
    gone = [wave for wave in service.withdrawn(session()) if request.args.get("wave", "") in ("", wave.slug)]
    told = [(wave.title, row) for wave in gone for row in _taken_back(wave.withdrawn)]
    return render_template("results/nothing.html", withdrawn=told)


def _taken_back(held: Sequence[Published]) -> list[histories.Row]:
    return histories.rows(held, i18n.current_language().code)


def _kept_wave(waves: list[PublishedWave], wave: PublishedWave) -> str | None:
    """What links carry to stay in an earlier wave; nothing in the latest."""
    return None if wave == waves[0] else wave.slug


def _in_reach(wave: PublishedWave) -> tuple[ReleaseIndex, frozenset[str]]:
    index = service.read(session(), wave)
    reader = cast(Principal, current_user)
    return index, service.in_reach(session(), index, reader.area_codes(*READERS))


def _about(
    index: ReleaseIndex, reach: frozenset[str], *, district: str = ""
) -> tuple[about_results.Page, ...]:
    return about_results.pages(index, reach, service.since(session(), index.release), district=district)


def _wording(index: ReleaseIndex) -> Wording:
    """The release's words in the language of the page."""
    config, page = settings(), i18n.current_language().base
    return Wording(service.texts(index.release, config.library, config.frameworks, page))


def _drawing(level: str, codes: list[str]) -> maps.Drawing | None:
    """The outlines of these areas, drawn once per process. None when no boundary or layout is held.

    Kept under every area's code and vintage: new boundaries come under a new vintage.
    """
    wanted = set(codes)
    held = {area.code: area for area in areas.by_level(session(), level) if area.code in wanted}
    key = tuple(sorted((area.code, area.vintage) for area in held.values()))
    kept: OrderedDict[object, maps.Drawing] = current_app.extensions.setdefault("drawings", OrderedDict())
    with _lock:
        if key in kept:
            kept.move_to_end(key)
            return kept[key]
    shapes = {c: s for c, s in areas.shapes(session(), level).items() if c in wanted}
    layout = {
        code: (area.tile_column, area.tile_row)
        for code, area in held.items()
        if area.tile_column is not None and area.tile_row is not None
    }
    if shapes:
        drawing = maps.draw(shapes)
    elif layout:
        drawing = maps.tiles(layout, {code: area.name for code, area in held.items()})
    else:
        return None
    with _lock:
        kept[key] = drawing
        while len(kept) > DRAWINGS_KEPT:
            kept.popitem(last=False)
    return drawing
