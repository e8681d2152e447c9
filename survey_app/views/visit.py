"""A resident's visit to a wave: what every page of the journey needs to know, found once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from questionnaires import routing
from questionnaires.answers import Answer, Missing
from questionnaires.model import Item, Section
from questionnaires.progress import Progress, progress
from questionnaires.variants import VARIANTS
from survey_app import i18n
from survey_app.extensions import session, settings
from survey_app.presenters import dates
from survey_app.presenters.questions import Asking, asking
from survey_app.presenters.support import Contact, contacts, next_steps
from survey_app.presenters.words import Voice, Words
from survey_app.services import fieldwork, questionnaire, response
from survey_app.services.fieldwork import Fieldwork, Wave
from survey_app.services.response import Response, Ticket
from survey_app.views import tickets

FROM_CHECK = {"from": "check"}
KEPT = frozenset({"draft", "submitted", "left-out"})


@dataclass(frozen=True, slots=True)
class Step:
    """A page on this person's way, with the items they are asked. `number` counts from 1."""

    code: str
    section: Section
    items: list[Item]
    number: int

    @property
    def consenting(self) -> bool:
        """Whether the page asks for an agreement, and so offers to go no further."""
        return any(item.kind == "consent" for item in self.items)

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
    answers: Mapping[str, Answer | Missing]
    steps: tuple[Step, ...]

    @property
    def sent(self) -> bool:
        return self.response is not None and self.response.status != "draft"

    def step(self, code: str) -> Step | None:
        return next((step for step in self.steps if step.code == code), None)

    def beside(self, step: Step, by: int) -> Step | None:
        """The step before (-1) or after (+1)."""
        index = step.number - 1 + by
        return self.steps[index] if 0 <= index < len(self.steps) else None

    def place_step(self) -> Step | None:
        return next((step for step in self.steps if step.postcode is not None), None)

    def progress(self, step: Step) -> Progress:
        """How far along a page is, in parts."""
        pages = [each.code for each in self.steps if each.section is step.section]
        return progress(
            self.asking.translated,
            self.answers,
            {each.section.code for each in self.steps},
            step.section.code,
            (pages.index(step.code), len(pages)),
        )

    def offers_exit(self) -> bool:
        """Whether any page of the questionnaire has a way out at once, so that the start can say so."""
        return any(section.offers_exit for section in self.asking.original.sections)

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """Who to turn to, for pages that show it."""
        return contacts(self.asking)

    @property
    def next_steps(self) -> tuple[Words, ...]:
        return next_steps(self.asking)

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

    def results_day(self) -> str:
        """The day results are planned for, in words; empty when none is."""
        planned = self.wave.results_on
        return dates.day(planned, self.asking.voice.page, "full") if planned else ""

    @property
    def by_parts(self) -> bool:
        """Whether this person goes by the list of parts, where the questionnaire has one: once they began."""
        return self.asking.original.hub and self.response is not None

    def asks(self, item: str) -> bool:
        """Whether an item is asked on this person's way."""
        return any(each.code == item for step in self.steps for each in step.items)

    def page_of(self, item: str) -> str:
        """The code of the page that asks an item on this person's way; the first page for any other item."""
        asked = (step.code for step in self.steps if any(each.code == item for each in step.items))
        return next(asked, self.steps[0].code)

    def sections(self) -> list[tuple[Section, list[Item]]]:
        """The sections on this person's way with the items asked in them, whatever pages they are on."""
        found: list[tuple[Section, list[Item]]] = []
        for step in self.steps:
            if not found or found[-1][0] is not step.section:
                found.append((step.section, []))
            found[-1][1].extend(step.items)
        return found

    def onward(self) -> str:
        """Where someone coming back carries on: the parts, the first page not seen yet, or the check."""
        if self.by_parts:
            return self.address("parts.show")
        step = self.unseen()
        if step is None:
            return self.address("sending.check")
        return self.address("resident.section", code=step.code)


def visit_to(wave: Wave, ticket: Ticket | None, found: Response | None) -> Visit:
    """The visit as it stands with this response, which may have changed since the page was asked for."""
    config, page = settings(), i18n.current_language().code
    original = questionnaire.for_wave(config.library, config.frameworks, wave)
    translated = questionnaire.for_wave(config.library, config.frameworks, wave, page)
    stored = response.answers_of(original, found)
    path = routing.follow(translated, stored)
    reached = routing.pages_of(translated, path)
    return Visit(
        wave=wave,
        asking=asking(translated, original, page),
        ticket=ticket,
        response=found,
        # What has not been seen is not in it: that is how far this person has come.
        answers={
            code: answer
            for code, answer in path.answers.items()
            if code in stored or answer is not Missing.NOT_ANSWERED
        },
        steps=tuple(
            Step(page.code, page.section, items, number) for number, (page, items) in enumerate(reached, 1)
        ),
    )


def visiting(*, open_only: bool = True) -> Callable[..., Callable[..., ResponseReturnValue]]:
    """Give a view the Visit for the wave in its address, or answer for it.

    A wave that takes no answers says so; a response already sent leads to its receipt, so that nothing is
    done twice and no error is shown. Neither for pages with `open_only` off, such as the receipt itself.
    A device that has rested shows nothing any more, but what its page sends is still saved.
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
            if visit is None or (open_only and state is not Fieldwork.OPEN and not visit.sent):
                return not_open(wave, state, found)
            if found is not None and found.status in KEPT and not locked:
                if tickets.rested(slug):
                    return rested(wave, found)
                tickets.use(slug)
            if visit.sent and open_only:
                return receipt_or_start(visit)
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
        visit=visit,
        ticket=visit.ticket,
        action=_action(visit),
        switch_languages=[i18n.language(code) for code in languages],
        switch_address=switched,
        **context,
    )


def _action(visit: Visit) -> str:
    """Where this page's form goes, said in full: without it a "#..." of this page would go on to the next.

    Where a variant divides the questionnaire into other pages, the form says which it was drawn in, so that
    all of it is read, whatever another tab has changed to since.
    """
    divided = any(code in VARIANTS and VARIANTS[code].one_per for code in visit.wave.languages)
    said = [
        *(["from=check"] if from_check() else []),
        *([f"lang={visit.asking.voice.page}"] if divided else []),
    ]
    return f"{request.path}?{'&'.join(said)}" if said else request.path


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


def trapped() -> bool:
    """Whether the field that no person sees was filled in. It is noted, and stops nobody."""
    return bool(request.form.get("home-page"))


def receipt_or_start(visit: Visit) -> ResponseReturnValue:
    """Where a page sent again, or out of turn, leads: nothing is done twice and no error is shown."""
    return redirect(visit.address("sending.receipt" if visit.sent else "resident.start"))


def rested(wave: Wave, found: Response) -> ResponseReturnValue:
    """Said to whoever comes back to a device that was left: the answers are safe, and opened by their code.

    The ticket stays, rested: a page still open in another tab can be sent, and is saved.
    """
    page = i18n.current_language().code
    return render_template(
        "resident/rested.html",
        slug=wave.slug,
        sent=found.status != "draft",
        closes_on=dates.day(wave.closes_on, page, "full"),
        wave_title=Voice(page, "en").quote(wave.title),
        switch_languages=(),
    )


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
