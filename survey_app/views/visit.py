"""A resident's visit to a wave: what every page of the journey needs to know, found once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from questionnaires import routing
from questionnaires.answers import Answer, Missing
from questionnaires.model import Item, Section
from survey_app import i18n
from survey_app.extensions import session, settings
from survey_app.presenters import dates
from survey_app.presenters.questions import Asking, asking
from survey_app.presenters.words import Voice, Words
from survey_app.services import fieldwork, questionnaire, response
from survey_app.services.fieldwork import Fieldwork, Wave
from survey_app.services.response import Response, Ticket
from survey_app.views import tickets

FROM_CHECK = {"from": "check"}


@dataclass(frozen=True, slots=True)
class Step:
    """A section on this person's way, with the items they are asked. `number` counts from 1."""

    section: Section
    items: list[Item]
    number: int

    @property
    def postcode(self) -> Item | None:
        return next((item for item in self.items if item.kind == response.POSTCODE), None)


@dataclass(frozen=True, slots=True)
class Visit:
    """Who is here (a ticket, a response or neither), and the way through the questionnaire as it stands."""

    wave: Wave
    asking: Asking
    ticket: Ticket | None
    response: Response | None
    answers: dict[str, Answer | Missing]
    steps: tuple[Step, ...]

    @property
    def sent(self) -> bool:
        return self.response is not None and self.response.status != "draft"

    def step(self, code: str) -> Step | None:
        return next((step for step in self.steps if step.section.code == code), None)

    def beside(self, step: Step, by: int) -> Step | None:
        """The step before (-1) or after (+1)."""
        index = step.number - 1 + by
        return self.steps[index] if 0 <= index < len(self.steps) else None

    def place_step(self) -> Step | None:
        return next((step for step in self.steps if step.postcode is not None), None)

    def unseen(self) -> Step | None:
        """The first step with an item that has never been answered nor left blank."""
        return next(
            (step for step in self.steps if any(item.code not in self.answers for item in step.items)), None
        )

    def address(self, endpoint: str, **values: str) -> str:
        return url_for(endpoint, slug=self.wave.slug, **values)

    def closing_day(self) -> str:
        """The last day answers can be sent, in words."""
        return dates.day(self.wave.closes_on, self.asking.voice.page, "full")

    def onward(self) -> str:
        """Where someone coming back carries on: the first page not seen yet, else the check."""
        step = self.unseen()
        if step is None:
            return self.address("sending.check")
        return self.address("resident.section", code=step.section.code)


def visit_to(wave: Wave, ticket: Ticket | None, found: Response | None) -> Visit:
    """The visit as it stands with this response, which may have changed since the page was asked for."""
    config, page = settings(), i18n.current_language().code
    original = questionnaire.for_wave(config.library, config.frameworks, wave)
    translated = questionnaire.for_wave(config.library, config.frameworks, wave, page)
    answers = response.answers_of(original, found)
    reached = [(section, items) for section, items in routing.walk(translated, answers) if items]
    return Visit(
        wave=wave,
        asking=asking(translated, original, page),
        ticket=ticket,
        response=found,
        answers=answers,
        steps=tuple(Step(section, items, number) for number, (section, items) in enumerate(reached, 1)),
    )


def visiting(*, open_only: bool = True) -> Callable[..., Callable[..., ResponseReturnValue]]:
    """Give a view the Visit for the wave in its address, or answer for it.

    A wave that takes no answers says so; a response already sent leads to its receipt, so that nothing is
    done twice and no error is shown. Neither for pages with `open_only` off, such as the receipt itself.
    """

    def mark(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
        @wraps(view)
        def wrapper(slug: str, **values: str) -> ResponseReturnValue:
            i18n.remember()
            if not slug.isprintable():
                abort(404)
            ticket = tickets.held(slug)
            locked = request.method == "POST"  # so that another tab's page, saved meanwhile, is seen and kept
            wave, found = response.find(session(), slug, ticket, locked=locked)
            if wave is None:
                abort(404)
            i18n.answers_in(wave.languages)
            state = fieldwork.of(wave, fieldwork.today())
            visit = visit_to(wave, ticket, found) if found is not None or state is Fieldwork.OPEN else None
            if visit is not None and visit.sent and open_only:
                return receipt_or_start(visit)
            if visit is None or (open_only and state is not Fieldwork.OPEN):
                return not_open(wave, state, found)
            return view(visit, **values)

        return wrapper

    return mark


def draw(visit: Visit, template: str, back_to: str | None = None, **context: object) -> str:
    """Render a page of the journey. `back_to`: what the language switch reloads if not this page."""
    languages = [code for code in visit.wave.languages if i18n.speaks(code)]

    here = request.path if back_to is None else back_to
    kept = "from=check&" if back_to is None and from_check() else ""

    def switched(code: str) -> str:
        return f"{here}?{kept}lang={code}"

    return render_template(
        template,
        slug=visit.wave.slug,
        ticket=visit.ticket,
        # Said in full: a form without it would carry a "#..." of this page on to the next.
        action=f"{request.path}?from=check" if from_check() else request.path,
        switch_languages=[i18n.language(code) for code in languages],
        switch_address=switched,
        **context,
    )


def message(
    title: str,
    *paragraphs: str,
    links: tuple[tuple[str, str], ...] = (),
    wave_title: Words | None = None,
) -> str:
    """A page that says one thing, and where to go from it."""
    return render_template(
        "resident/message.html",
        title=title,
        paragraphs=[paragraph for paragraph in paragraphs if paragraph],
        links=links,
        wave_title=wave_title,
        switch_languages=(),
    )


def from_check() -> bool:
    """Whether this page was opened from the check, and leads back to it."""
    return request.args.get("from") == "check"


def receipt_or_start(visit: Visit) -> ResponseReturnValue:
    """Where a page sent again, or out of turn, leads: nothing is done twice and no error is shown."""
    return redirect(visit.address("sending.receipt" if visit.sent else "resident.start"))


def not_open(wave: Wave, state: Fieldwork, found: Response | None) -> ResponseReturnValue:
    """Say why a wave takes no answers, and what becomes of those not sent."""
    status = 200 if request.method == "GET" else 409
    page = i18n.current_language().code
    title = Voice(page, "en").quote(wave.title)
    home = ((url_for("site.index"), _("See which surveys are open")),)
    if state is Fieldwork.NOT_YET:
        when = _("It opens on %(day)s. Please come back then.", day=dates.day(wave.opens_on, page, "full"))
        return message(_("This survey is not open yet"), when, links=home, wave_title=title), status
    unsent = ""
    if found is not None and found.status == "draft":
        unsent = _("Your answers had not been sent, so they are not counted.")
    closed = _("It took answers until %(day)s.", day=dates.day(wave.closes_on, page, "full"))
    thanks = _("Results are shown for each area where enough people took part.")
    return message(_("This survey has closed"), closed, unsent, thanks, links=home, wave_title=title), status
