"""The translators' pages: English beside the translation, saved message by message."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from questionnaires.catalogue import State
from questionnaires.exchange.sheet import Entry, Misfit, Sheet
from survey_app import edited_words, i18n
from survey_app.extensions import session, settings, writes
from survey_app.presenters import translating as presenter
from survey_app.services.translations import completeness, editing, sources
from survey_app.services.translations.editing import ChangedMeanwhileError, NotFittingError
from survey_app.services.translations.sources import Source

translating = Blueprint("translating", __name__, url_prefix="/translations")

LONGEST = 10_000  # characters of one text


@translating.get("/")
def index() -> ResponseReturnValue:
    config = settings()
    rows = completeness.rows(config, sources.languages(), editing.load(session()))
    return render_template(
        "translating/index.html",
        languages=presenter.table(rows, config.languages),
        sources=[(source.id, presenter.source_name(source)) for source in sources.usable(config)],
        named=i18n.language,
    )


@translating.get("/<language>/<source_id>")
def messages(language: str, source_id: str) -> ResponseReturnValue:
    source, _shipped = _found(language, source_id)
    show, search = request.args.get("show", "all"), request.args.get("q", "")
    sheet = sources.read(source, language, editing.load(session()))
    return render_template(
        "translating/messages.html",
        source=source,
        source_name=presenter.source_name(source),
        target=i18n.language(language),
        target_name=presenter.name_of(language),
        listing=presenter.listing(
            source, sheet, show=show, search=search, page=request.args.get("page", 1, type=int)
        ),
        filters={name: words for name, (words, _test) in presenter.FILTERS.items()},
        states=presenter.STATES,
        show=show,
        search=search,
    )


@translating.route("/<language>/<source_id>/<message>", methods=["GET", "POST"])
@writes
def message(language: str, source_id: str, message: str) -> ResponseReturnValue:
    source, shipped = _found(language, source_id)
    entry = shipped.by_id(message)
    if entry is None:
        abort(404)
    if request.method == "GET":
        held = sources.read(source, language, editing.load(session())).by_id(message)
        return _page(source, shipped, held or entry)
    texts = tuple(
        request.form.get(f"text-{n}", "").replace("\r\n", "\n")[:LONGEST]
        for n in range(shipped.forms if entry.plural else 1)
    )
    state = State(request.form["state"]) if request.form.get("state") in list(State) else State.DRAFT
    try:
        editing.save(
            session(),
            shipped,
            message,
            texts=texts,
            state=state,
            seen=request.form.get("seen", ""),
            actor=current_user.user_id,
        )
    except NotFittingError as error:
        return _page(source, shipped, entry, texts=texts, state=state, faults=error.faults), 422
    except ChangedMeanwhileError as error:
        return _page(source, shipped, error.entry, texts=texts, state=state, theirs=error.entry), 409
    edited_words.look_again()
    flash(_("Saved. It is on the pages within a few seconds."), "good")
    return redirect(
        url_for(
            "translating.messages",
            language=language,
            source_id=source_id,
            show=request.form.get("show") or None,
            q=request.form.get("q") or None,
            page=request.form.get("page") or None,
            _anchor=f"m-{message}",
        )
    )


def _page(
    source: Source,
    shipped: Sheet,
    entry: Entry,
    *,
    texts: tuple[str, ...] | None = None,
    state: State | None = None,
    faults: list[Misfit] | None = None,
    theirs: Entry | None = None,
) -> str:
    """One message by itself: after a fault with what was typed, after someone else's change with both."""
    seen = request.form.get("seen")
    return render_template(
        "translating/message.html",
        source=source,
        source_name=presenter.source_name(source),
        target=i18n.language(shipped.language),
        target_name=presenter.name_of(shipped.language),
        card=presenter.card(source, shipped, entry, texts=texts, state=state),
        seen=seen if faults else editing.seal(entry),
        states=presenter.STATES,
        faults=[presenter.misfit_words(fault) for fault in faults or []],
        theirs=theirs,
        back={name: request.form.get(name, "") for name in ("show", "q", "page")},
    )


def _found(language: str, source_id: str) -> tuple[Source, Sheet]:
    """The source and its sheet as the files have it; no such page where there is none."""
    if language not in sources.languages():
        abort(404)
    try:
        source = sources.by_id(settings(), source_id)
        return source, sources.read(source, language)
    except LookupError:
        abort(404)
