"""What readers see: places, a place's scorecard, and the map. Only ever from releases."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, cast

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
from survey_app.services.results import Changes, PublishedWave, ReleaseIndex
from survey_app.services.roles import Principal
from survey_app.store import areas

results = Blueprint("results", __name__)

DRAWINGS_KEPT = 32  # levels, and parts of them for readers of one area
_lock = Lock()


@dataclass(frozen=True, slots=True)
class _Reading:
    """A wave's release, as it is read by someone who may see the areas in `reach`."""

    waves: list[PublishedWave]
    wave: PublishedWave
    index: ReleaseIndex
    reach: frozenset[str]
    since: Changes | None  # what changed since the wave before

    def page(self, template: str, *, area: str = "", **given: Any) -> str:
        """The page, with what every page of results has; that it was read is noted.

        area: code of the one that it is about; otherwise it is about the whole release.
        """
        note_read("results.read", f"area:{area}" if area else f"wave:{self.wave.slug}")
        district = voices.district(self.index, area) if area else ""
        return render_template(
            template,
            about=about_results.pages(self.index, self.reach, self.since, district=district),
            release=self.index.release,
            waves=self.waves,
            wave=self.wave,
            link=_kept_wave(self.waves, self.wave),
            withdrawn=_taken_back(self.wave.withdrawn),
            **given,
        )


@results.get("/results/")
def places() -> ResponseReturnValue:
    reading = _reading()
    if reading is None:
        return _nothing()
    if not reading.reach:
        return render_template("results/nothing.html", wave=reading.wave)
    query = request.args.get("name", "").strip()[:80]
    page = place_list.build(
        reading.index,
        reading.reach,
        found=service.named(session(), reading.index, query, reading.reach),
        level=request.args.get("level", ""),
        within=request.args.get("within", ""),
    )
    return reading.page("results/places.html", page=page, query=query)


@results.get("/results/changes")
def changes() -> ResponseReturnValue:
    """What moved where since the wave before, at one level."""
    reading = _reading()
    if reading is None:
        return _nothing()
    page = None
    if reading.since is not None and reading.reach:
        page = changes_page.build(
            reading.index,
            reading.since,
            reading.reach,
            level=request.args.get("level", ""),
            wording=_wording(reading.index),
        )
    return reading.page("results/changes.html", page=page)


@results.get("/results/releases")
def releases() -> ResponseReturnValue:
    """What was published of each wave, what took its place, and what was withdrawn and why."""
    language = i18n.current_language().code
    reading = _reading()
    note_read("results.read")
    return render_template(
        "results/releases.html",
        waves=histories.waves(service.histories(session()), language),
        about=about_results.pages(reading.index, reading.reach, reading.since) if reading else (),
        link=_kept_wave(reading.waves, reading.wave) if reading else None,
    )


@results.get("/results/ways")
def ways() -> ResponseReturnValue:
    """What people told who answered online, on paper or with help, in the whole survey area."""
    reading = _reading()
    if reading is None:
        return _nothing()
    if not modes.roots(reading.index) <= reading.reach:
        abort(404)
    return reading.page("results/ways.html", page=modes.build(reading.index, _wording(reading.index)))


@results.get("/results/comments")
def comments() -> ResponseReturnValue:
    """What people said in their own words, as it was reviewed: of the whole survey, or of one district."""
    reading = _reading()
    if reading is None:
        return _nothing()
    if not reading.reach:
        return render_template("results/nothing.html", wave=reading.wave)
    number = request.args.get("page", "")
    try:
        page = voices.build(
            reading.index,
            reading.reach,
            _wording(reading.index),
            place=request.args.get("place", ""),
            item=request.args.get("item", ""),
            number=int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1,
            # Someone may have taken a comment back since: only the newest release is known to be without it.
            without_quotes=bool(reading.wave.withdrawn),
        )
    except KeyError:
        abort(404)
    return reading.page("results/comments.html", page=page)


@results.get("/results/models")
def models() -> ResponseReturnValue:
    """How figures of small places were modelled, for readers who want to judge that."""
    reading = _reading()
    if reading is None:
        return _nothing()
    if not reading.reach:
        return render_template("results/nothing.html", wave=reading.wave)
    page = fitted.build(
        reading.index,
        reading.reach,
        _wording(reading.index),
        indicator=request.args.get("indicator", ""),
        level=request.args.get("level", ""),
    )
    return reading.page("results/models.html", page=page)


@results.get("/results/<area_code>")
def scorecard(area_code: str) -> ResponseReturnValue:
    reading = _reading()
    if reading is None:
        return _nothing()
    if area_code not in reading.reach:
        abort(404)
    card = scorecards.build(reading.index, area_code, reading.reach, _wording(reading.index), reading.since)
    return reading.page("results/scorecard.html", area=area_code, card=card)


@results.get("/results/<area_code>/<indicator>")
def answers(area_code: str, indicator: str) -> ResponseReturnValue:
    reading = _reading()
    if reading is None:
        return _nothing()
    if area_code not in reading.reach or indicator not in reading.index.indicators:
        abort(404)
    page = breakdowns.build(reading.index, area_code, indicator, _wording(reading.index))
    return reading.page("results/answers.html", area=area_code, page=page)


@results.get("/map", endpoint="map")
def draw_map() -> ResponseReturnValue:
    reading = _reading()
    if reading is None:
        return _nothing()
    index, reach = reading.index, reading.reach
    levels = [level for level in index.levels() if any(a.code in reach for a in index.at_level(level))]
    indicator = maps.choose_indicator(index, request.args.get("indicator", ""))
    if not levels or not indicator:
        return render_template("results/nothing.html", wave=reading.wave)
    level = request.args.get("level", "")
    level = level if level in levels else place_list.default_level(index, reach)
    page = maps.build(index, reach, indicator=indicator, level=level, wording=_wording(index))
    return reading.page(
        "results/map.html",
        page=page,
        drawing=_drawing(level, [row.code for row in page.rows]),
        by_code={row.code: row for row in page.rows},
    )


def _reading() -> _Reading | None:
    """What is asked for (see `_chosen_wave`). None when there is no release to show."""
    waves, wave = _chosen_wave()
    if wave is None:
        return None
    index = service.read(session(), wave)
    reader = cast(Principal, current_user)
    reach = service.in_reach(session(), index, reader.area_codes(*READERS))
    return _Reading(waves, wave, index, reach, service.since(session(), index.release))


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
