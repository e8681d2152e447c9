"""Comments to review: a manager takes out names and places, and says what may be quoted or counted."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from questionnaires.model import Item
from survey_app.extensions import session, settings, writes
from survey_app.presenters import comments as presenter
from survey_app.presenters.comments import Sent
from survey_app.reading_trail import note_read
from survey_app.services import comments
from survey_app.services.comments import ChangedError, Decision, GoneError, RefusedError, Verdict
from survey_app.services.keying import Wave
from survey_app.store import comments as store
from survey_app.views.managed import managed_wave
from survey_app.views.waves import asked

commenting = Blueprint("commenting", __name__, url_prefix="/waves")

UNPROCESSABLE = 422


@commenting.get("/<slug>/comments")
def index(slug: str) -> ResponseReturnValue:
    """A few comments on one item: those that wait, or with ?show=decided the others."""
    wave = managed_wave(slug)
    listed = _items(wave)
    note_read("comments.read", f"wave:{wave.slug}")
    if not listed:
        return render_template("comments/none.html", wave=wave)
    return _page(wave, listed, _chosen(listed, request.args.get("item")))


@commenting.post("/<slug>/comments")
@writes
def decide(slug: str) -> ResponseReturnValue:
    """Keep what was decided about one comment."""
    wave = managed_wave(slug)
    listed = _items(wave)
    if not listed:
        abort(404)
    item = _chosen(listed, request.form.get("item"))
    sent = Sent(
        key=request.form.get("comment", ""),
        decision=request.form.get("decision", ""),
        text=request.form.get("text", ""),
        themes=frozenset(request.form.getlist("theme")),
        problems=(),
    )
    if sent.decision not in set(Decision):
        return _page(wave, listed, item, sent, _("Choose what the comment may be used for.")), UNPROCESSABLE
    try:
        verdict = Verdict(Decision(sent.decision), sent.text, sent.themes, _number(request.form.get("seen")))
        comments.decide(
            session(),
            wave,
            item.code,
            sent.key,
            verdict,
            actor=current_user.user_id,
            secret=settings().secret_key,
        )
    except RefusedError as refused:
        again = Sent(sent.key, sent.decision, sent.text, sent.themes, refused.problems)
        return _page(wave, listed, item, again), UNPROCESSABLE
    except GoneError:
        return _page(wave, listed, item, problem=_("This comment is no longer there.")), UNPROCESSABLE
    except ChangedError:
        words = _("Someone else has decided about this comment since you opened the page. Look again.")
        return _page(wave, listed, item, problem=words), UNPROCESSABLE
    flash(_("What you decided is kept."), "good")
    return redirect(
        url_for("commenting.index", slug=slug, item=item.code, show=_show(), page=request.form.get("page"))
    )


@commenting.get("/<slug>/comments/themes")
def frame(slug: str) -> ResponseReturnValue:
    """The themes of one item."""
    wave = managed_wave(slug)
    listed = _items(wave)
    if not listed:
        abort(404)
    return _frame(wave, _chosen(listed, request.args.get("item")))


@commenting.post("/<slug>/comments/themes")
@writes
def change_frame(slug: str) -> ResponseReturnValue:
    """Add a theme, give one another title, or take one away."""
    wave = managed_wave(slug)
    listed = _items(wave)
    changes = {"add": _add, "rename": _rename, "remove": _remove}
    change = changes.get(request.form.get("change", ""))
    if not listed or change is None:
        abort(404)
    item = _chosen(listed, request.form.get("item"))
    try:
        change(wave, item.code)
    except RefusedError as refused:
        return _frame(wave, item, refused), UNPROCESSABLE
    flash(_("The list of themes is changed."), "good")
    return redirect(url_for("commenting.frame", slug=slug, item=item.code))


def _add(wave: Wave, item: str) -> None:
    code, title = request.form.get("code", ""), request.form.get("title", "")
    comments.add_theme(session(), wave, item, code, title, actor=current_user.user_id)


def _rename(wave: Wave, item: str) -> None:
    code, title = request.form.get("theme", ""), request.form.get("title", "")
    comments.rename_theme(session(), wave, item, code, title, actor=current_user.user_id)


def _remove(wave: Wave, item: str) -> None:
    comments.remove_theme(session(), wave, item, request.form.get("theme", ""), actor=current_user.user_id)


def _items(wave: Wave) -> list[Item]:
    questionnaire = asked(wave)
    if questionnaire is None:
        abort(404)
    return comments.items(questionnaire)


def _chosen(listed: list[Item], code: str | None) -> Item:
    """The item asked for; without one, the last, which is where people say anything else."""
    if not code:
        return listed[-1]
    return next((item for item in listed if item.code == code), None) or abort(404)


def _show() -> str:
    return "decided" if request.values.get("show") == "decided" else "waiting"


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _page(wave: Wave, listed: list[Item], item: Item, sent: Sent | None = None, problem: str = "") -> str:
    found = comments.queue(
        session(),
        wave,
        item.code,
        settings().secret_key,
        decided=_show() == "decided",
        page=_number(request.values.get("page")),
    )
    cards = presenter.cards(found.cases, sent)
    problems = [each for card in cards for each in card.problems]
    if problem:
        wrong = next((f"{card.id}-decision" for card in cards if sent and card.key == sent.key), "list")
        problems.append((wrong, problem))
    return render_template(
        "comments/index.html",
        wave=wave,
        items=listed,
        item=item,
        show=_show(),
        queue=found,
        cards=cards,
        themes=store.themes(session(), wave.id or 0, item.code),
        decisions=presenter.DECISIONS,
        problems=problems,
    )


def _frame(wave: Wave, item: Item, refused: RefusedError | None = None) -> str:
    adding = refused is not None and request.form.get("change") == "add"
    found = presenter.theme_problems(refused.problems) if refused else []
    at = request.form.get("theme", "")
    return render_template(
        "comments/themes.html",
        wave=wave,
        item=item,
        themes=store.themes(session(), wave.id or 0, item.code),
        uses=store.uses(session(), wave.id or 0, item.code),
        problems=found if adding else [(f"title-{at}", message) for _field, message in found],
        typed=request.form if refused else {},
        adding=adding,
    )
