"""The links of a wave, for its manager: posters, one-time links, withdrawing them."""

from __future__ import annotations

import io
import zipfile

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from survey_app import i18n
from survey_app.extensions import session, settings, writes
from survey_app.forms.accounts import refuse
from survey_app.forms.links import BatchForm, PosterForm, RevokeForm, batch_words, poster_words
from survey_app.presenters import dates, link_files
from survey_app.services import fieldwork, one_time_links, place_links, places
from survey_app.services.keying import Wave
from survey_app.services.one_time_links import BatchRefusedError
from survey_app.services.place_links import PlaceRefusedError
from survey_app.store import areas
from survey_app.views import posters
from survey_app.views.managed import managed_wave

wave_links = Blueprint("wave_links", __name__, url_prefix="/waves")

UNPROCESSABLE = 422
ID = "int(max=2147483647)"


@wave_links.get("/<slug>/links")
def index(slug: str) -> ResponseReturnValue:
    return _page(managed_wave(slug))


@wave_links.post("/<slug>/links/posters")
@writes
def make_poster(slug: str) -> ResponseReturnValue:
    wave = managed_wave(slug)
    form = PosterForm()
    try:
        made = place_links.make(
            session(),
            wave,
            place=form.place.data or "",
            area_code=form.area.data or "",
            language=form.language.data or "",
            actor=current_user.user_id,
        )
    except PlaceRefusedError as error:
        for field in error.problems:
            refuse(form[field], poster_words(field))
        return _page(wave, poster=form), UNPROCESSABLE
    flash(_("The poster for %(place)s is ready to print.", place=made.place), "good")
    return redirect(url_for("wave_links.index", slug=slug))


@wave_links.get(f"/<slug>/links/posters/<{ID}:link_id>")
def poster(slug: str, link_id: int) -> ResponseReturnValue:
    """The poster to print: ?size=a5 for half a page."""
    wave = managed_wave(slug)
    size = request.args.get("size", posters.SIZES[0])
    try:
        link = place_links.of_wave(session(), wave, link_id)
    except LookupError:
        abort(404)
    return posters.draw_poster(wave, link, size) if size in posters.SIZES else abort(404)


@wave_links.post(f"/<slug>/links/posters/<{ID}:link_id>/revoke")
@writes
def revoke_poster(slug: str, link_id: int) -> ResponseReturnValue:
    wave = managed_wave(slug)
    try:
        place_links.revoke(session(), wave, link_id, actor=current_user.user_id)
    except LookupError:
        abort(404)
    flash(_("The link is withdrawn. Take the poster down: its code leads nowhere now."), "good")
    return redirect(url_for("wave_links.index", slug=slug))


@wave_links.post("/<slug>/links/batches")
@writes
def make_batch(slug: str) -> ResponseReturnValue:
    """The links come back as a file, once: afterwards only their hashes are here."""
    wave = managed_wave(slug)
    form = BatchForm()
    try:
        made = one_time_links.make(
            session(),
            wave,
            label=form.label.data or "",
            count=form.number(),
            secret=settings().secret_key,
            today=fieldwork.today(),
            actor=current_user.user_id,
        )
    except BatchRefusedError as error:
        for field in error.problems:
            refuse(form.label if field == "wave" else form[field], batch_words(field))
        return _page(wave, batch=form), UNPROCESSABLE
    language = form.sheet_language.data if form.sheet_language.data in wave.languages else wave.languages[0]
    links = link_files.addresses(request.url_root, made.tokens)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("links.csv", link_files.table(links, wave.closes_on.isoformat()))
        archive.writestr("qr-sheet.html", posters.draw_sheet(wave, language, links))
    name = f"one-time-links-{wave.slug}-{made.batch.id}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(packed.getvalue(), mimetype="application/zip", headers=headers)


@wave_links.post(f"/<slug>/links/batches/<{ID}:batch_id>/revoke")
@writes
def revoke_batch(slug: str, batch_id: int) -> ResponseReturnValue:
    wave = managed_wave(slug)
    try:
        count = one_time_links.revoke_batch(session(), wave, batch_id, actor=current_user.user_id)
    except LookupError:
        abort(404)
    flash(ngettext("%(num)d unused link is withdrawn.", "%(num)d unused links are withdrawn.", count), "good")
    return redirect(url_for("wave_links.index", slug=slug))


@wave_links.post("/<slug>/links/revoke")
@writes
def revoke_one(slug: str) -> ResponseReturnValue:
    wave = managed_wave(slug)
    form = RevokeForm()
    done = one_time_links.revoke_one(
        session(), wave, form.code.data or "", settings().secret_key, actor=current_user.user_id
    )
    if not done:
        refuse(form.code, _("No unused link of this wave has that code. Check it on the letter or the list"))
        return _page(wave, revoking=form), UNPROCESSABLE
    flash(_("The link is withdrawn."), "good")
    return redirect(url_for("wave_links.index", slug=slug))


def _page(
    wave: Wave,
    poster: PosterForm | None = None,
    batch: BatchForm | None = None,
    revoking: RevokeForm | None = None,
) -> str:
    """The page of a wave's links; a form that was refused is given, the others are empty."""
    languages = [(code, i18n.language(code).english_name) for code in wave.languages]
    poster = poster or PosterForm(formdata=None)
    batch = batch or BatchForm(formdata=None)
    poster.offer(languages)
    batch.offer(languages)
    listed = place_links.listed(session(), wave)
    named = areas.by_codes(session(), [each.link.area_code for each in listed if each.link.area_code])
    page = i18n.current_language().code
    return render_template(
        "waves/links.html",
        wave=wave,
        posters=listed,
        area_names={code: area.name for code, area in named.items()},
        batches=one_time_links.batches(session(), wave),
        districts=places.choices(session(), wave),
        poster_form=poster,
        batch_form=batch,
        revoke_form=revoking or RevokeForm(formdata=None),
        named=i18n.language,
        until=dates.day(wave.closes_on, page),
        over=wave.status == "closed" or wave.closes_on < fieldwork.today(),
    )
