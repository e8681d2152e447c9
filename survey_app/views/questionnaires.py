"""The questionnaires of the library, for survey managers: what is in each, trying it out, what changed."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from questionnaires import answering, catalogue, comparison, effort, loading
from questionnaires.faults import Fault
from questionnaires.model import Purpose, Questionnaire
from questionnaires.problems import FileRefusedError
from survey_app import i18n
from survey_app.extensions import session, settings
from survey_app.forms.items import draw_field, error_words, keepable
from survey_app.presenters import questionnaires as presenter
from survey_app.presenters import trying
from survey_app.presenters.questions import Asking, asking, section_page
from survey_app.presenters.routing_map import routing_map
from survey_app.presenters.summary import summary
from survey_app.services import questionnaire as service
from survey_app.services.questionnaire import Held
from survey_app.store import waves
from survey_app.views.printing import draw_version

questionnaires = Blueprint("questionnaires", __name__)

UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class Version:
    """A version being looked at, in one of its languages."""

    original: Questionnaire
    translated: Questionnaire
    language: str

    @property
    def asking(self) -> Asking:
        return asking(self.translated, self.original, self.language)

    @property
    def place(self) -> dict[str, str]:
        """What its address is made of."""
        return {"id": self.original.id, "number": self.original.version}

    @property
    def link(self) -> dict[str, str]:
        """Its address in the language it is looked at in."""
        return self.place if self.language == self.original.language else {**self.place, "in": self.language}

    @property
    def languages(self) -> tuple[str, ...]:
        return _offered(self.original)


@questionnaires.get("/questionnaires/")
def index() -> ResponseReturnValue:
    config = settings()
    asked: dict[tuple[str, str], list[object]] = {}
    for wave in waves.all_waves(session()):
        asked.setdefault((wave.questionnaire_id, wave.questionnaire_version), []).append(wave)
    return render_template(
        "questionnaires/index.html",
        held=service.held(config.library, config.frameworks),
        asked=asked,
        minutes=presenter.minutes,
        named=i18n.language,
        languages=_offered,
    )


@questionnaires.get("/questionnaires/<id>/<number>/")
def version(id: str, number: str) -> ResponseReturnValue:
    found = _version(id, number)
    if isinstance(found, Held):
        return _unusable(found)
    config = settings()
    framework = service.framework(config.frameworks, found.original.framework)
    return render_template(
        "questionnaires/version.html",
        version=found,
        sections=presenter.sections(found.asking, framework),
        minutes=presenter.minutes(found.original),
        hard=effort.hard_texts(found.original),
        oldest=effort.OLDEST,
        others=_others(found),
        named=i18n.language,
    )


@questionnaires.get("/questionnaires/<id>/<number>/routing")
def routing(id: str, number: str) -> ResponseReturnValue:
    found = _version(id, number)
    if isinstance(found, Held):
        return _unusable(found)
    return render_template(
        "questionnaires/routing.html",
        version=found,
        map=routing_map(found.original),
        routes=presenter.routes(found.original),
    )


@questionnaires.get("/questionnaires/<id>/<number>/compare/<other>")
def compare(id: str, number: str, other: str) -> ResponseReturnValue:
    """What changed from the version `other` to `number`."""
    new, old = _version(id, number), _version(id, other)
    if isinstance(new, Held):
        return _unusable(new)
    if isinstance(old, Held):
        return _unusable(old)
    verdicts = comparison.verdicts(old.original, new.original)
    return render_template(
        "questionnaires/compare.html",
        old=old,
        new=new,
        rows=presenter.compared(verdicts),
        tally=presenter.tally(verdicts),
        whole=[c for c in comparison.changes(old.original, new.original) if c.what == "questionnaire"],
        fields=presenter.FIELDS,
    )


@questionnaires.get("/questionnaires/<id>/<number>/print")
def print_view(id: str, number: str) -> ResponseReturnValue:
    found = _version(id, number)
    if isinstance(found, Held):
        return _unusable(found)
    return draw_version(found.original, found.translated, found.language)


@questionnaires.route("/questionnaires/<id>/<number>/walk", methods=["GET", "POST"])
def walk(id: str, number: str) -> ResponseReturnValue:
    """Answer as a resident would. Each page carries the answers so far, so that nothing is kept here."""
    found = _version(id, number)
    if isinstance(found, Held):
        return _unusable(found)
    asked, secret = found.translated, settings().secret_key
    trial = trying.opened(request.form.get("trial", ""), secret, asked) or trying.begun(asked)
    if request.method == "GET" or request.form.get("action") == "language":
        return _walk_page(found, trial)
    if request.form.get("action") == "back":
        return _walk_page(found, trying.before(asked, trial))
    _page, items, _place = trying.here(asked, trial)
    raw = {name: request.form.getlist(name) for item in items for name in answering.field_names(item)}
    outcome = trying.answered(asked, trial, raw, request.form.getlist("confirm"))
    if outcome.done:
        return _walk_end(found, outcome.trial)
    if outcome.faults:
        return _walk_page(found, outcome.trial, raw, outcome.faults), UNPROCESSABLE
    return _walk_page(found, outcome.trial)


def _walk_page(
    found: Version,
    trial: trying.Trial,
    typed: dict[str, list[str]] | None = None,
    faults: tuple[Fault, ...] = (),
) -> str:
    page, items, place = trying.here(found.translated, trial)
    with _spoken(found):
        drawn = section_page(
            found.asking,
            page.section,
            items,
            trial.answers,
            typed=typed,
            errors=error_words(faults),
            keep=keepable(faults),
            confirmed=request.form.getlist("confirm"),
            seed=trial.seed,
        )
        return render_template(
            "questionnaires/walk.html",
            version=found,
            page=drawn,
            place=place,
            field=draw_field,
            codes=[item.code for item in items],
            trial=trial.sealed(settings().secret_key, found.original),
            consenting=all(item.purpose is Purpose.CONSENT for item in items),
            problems=drawn.problems,
            switch_languages=(),
            named=i18n.language,
        )


def _walk_end(found: Version, trial: trying.Trial) -> str:
    kept = answering.finish(found.translated, trial.answers)
    with _spoken(found):
        said = summary(found.asking, trying.sections(found.translated, trial), trial.answers)
        return render_template(
            "questionnaires/walked.html",
            version=found,
            sections=said,
            kept=sorted(answering.snapshot_row(found.translated, kept).items()),
            trial=trial.sealed(settings().secret_key, found.original),
            switch_languages=(),
        )


def _spoken(found: Version) -> AbstractContextManager[None]:
    """The whole page in the questionnaire's language, as residents have it."""
    return i18n.force_locale(found.language.replace("-", "_"))


def _version(id: str, number: str) -> Version | Held:
    """The version at this address in the language asked for by ?in=, or what is wrong with its file."""
    config = settings()
    try:
        original = service.current(config.library, config.frameworks, id, number)
    except LookupError:
        abort(404)
    except FileRefusedError as error:
        return Held(id, number, None, tuple(str(problem) for problem in error.problems), frozen=False)
    asked = request.values.get("in", "")
    language = asked if asked in _offered(original) else original.language
    return Version(original, catalogue.translated(original, language), language)


def _unusable(found: Held) -> ResponseReturnValue:
    return render_template("questionnaires/unusable.html", held=found), 409


def _offered(original: Questionnaire) -> tuple[str, ...]:
    return presenter.offered(original, settings().languages)


def _others(found: Version) -> list[str]:
    """The other versions of the same questionnaire."""
    config = settings()
    versions = [entry.version for entry in loading.library(config.library) if entry.id == found.original.id]
    return [number for number in versions if number != found.original.version]
