"""Numbers and names in words, in the page's language.

Digits are Western in every language: they must match the questionnaire, the paper and the download.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime

from babel import Locale
from babel.dates import format_interval
from babel.lists import format_list
from flask_babel import format_decimal, format_percent, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape

from analysis.release import Figure, NationalFigure, ReleasedIndicator
from analysis.released_models import ModelledFigure
from survey_app.presenters.words import Words

SHARES: tuple[tuple[int, int], ...] = (
    *(
        (1, 100),
        (1, 50),
        (1, 30),
        (1, 20),
        (1, 10),
        (3, 20),
        (1, 5),
        (1, 4),
        (3, 10),
        (1, 3),
        (4, 10),
        (1, 2),
    ),
    *((6, 10), (2, 3), (7, 10), (3, 4), (4, 5), (17, 20), (9, 10), (19, 20)),
)
"""Shares people can picture, as (so many, in so many)."""

LEVELS: dict[str, tuple[object, object]] = {
    "icb": (_l("Whole area"), _l("Whole area")),
    "alliance": (_l("Alliance"), _l("Alliances")),
    "utla": (_l("County or unitary"), _l("Counties and unitaries")),
    "lad": (_l("District"), _l("Districts")),
    "subicb": (_l("NHS place"), _l("NHS places")),
    "pcn": (_l("Primary care network"), _l("Primary care networks")),
    "neighbourhood": (_l("Neighbourhood"), _l("Neighbourhoods")),
    "ward": (_l("Ward"), _l("Wards")),
    "msoa": (_l("Neighbourhood (MSOA)"), _l("Neighbourhoods (MSOA)")),
    "lsoa": (_l("Small neighbourhood (LSOA)"), _l("Small neighbourhoods (LSOA)")),
}

UNITS: dict[str, Callable[[str], str]] = {
    "%": lambda number: number,  # the sign is part of the number
    "out of 10": lambda number: _("%(number)s out of 10", number=number),
    "years": lambda number: _("%(number)s years", number=number),
    "minutes": lambda number: _("%(number)s minutes", number=number),
    "£": lambda number: f"£{number}",
    "per 100,000 people": lambda number: _("%(number)s per 100,000 people", number=number),
    "": lambda number: number,
}


def level(code: str, *, many: bool = False) -> str:
    """What a level of areas is called; a level we have no word for keeps its own."""
    names = LEVELS.get(code)
    return str(names[many]) if names else code[:1].upper() + code[1:]


def decimal(value: float, places: int = 1) -> str:
    """A number with exactly so many decimals: 7 is written 7.0 beside 7.4."""
    return format_decimal(value, format="#,##0." + "0" * places if places else "#,##0")


def whole(value: float) -> str:
    return decimal(value, 0)


def percent(value: float, places: int = 0) -> str:
    """38.0 as "38%", where the page's language puts the sign."""
    pattern = Locale.parse(page_locale()).percent_formats[None].pattern
    return format_percent(
        value / 100, format=pattern.replace("##0", "##0." + "0" * places) if places else pattern
    )


def share(value: float) -> str:
    """A percentage as a share people can picture: "about 4 in 10"."""
    if value < 1:
        return _("hardly anyone")
    if value > 98:
        return _("nearly everyone")
    part, total = min(SHARES, key=lambda pair: abs(100 * pair[0] / pair[1] - value))
    if (part, total) == (1, 2):
        return _("about half")
    return _("about %(part)s in %(total)s", part=whole(part), total=whole(total))


def that_is(value: float) -> str:
    """A sentence after one with a percentage, with the share to picture."""
    return _("That is %(share)s.", share=share(value))


def measured(indicator: ReleasedIndicator, value: float, *, national: bool = False) -> str:
    """A value with its unit: "38%", "7.4 out of 10". National percentages keep a decimal."""
    number = percent(value, 1 if national else 0) if indicator.unit == "%" else decimal(value)
    unit = UNITS.get(indicator.unit)
    return unit(number) if unit else f"{number} {indicator.unit}"


def value_and_interval(indicator: ReleasedIndicator, figure: Figure | ModelledFigure) -> str:
    """ "38% (31 to 46)": the value, and between what it very likely lies. The figure must be shown."""
    if figure.value is None or figure.lower is None or figure.upper is None:
        raise ValueError(f"{figure.indicator} in {figure.area} is not shown")
    end = whole if indicator.unit == "%" else decimal
    return _(
        "%(value)s (%(lower)s to %(upper)s)",
        value=measured(indicator, figure.value),
        lower=end(figure.lower),
        upper=end(figure.upper),
    )


def value_in_words(indicator: ReleasedIndicator, figure: Figure) -> str:
    """The value as one would say it: a share for percentages, the plain value otherwise."""
    if figure.value is None:
        raise ValueError(f"{figure.indicator} in {figure.area} is not shown")
    return share(figure.value) if indicator.unit == "%" else measured(indicator, figure.value)


def difference(indicator: ReleasedIndicator, value: float) -> str:
    """A difference with its sign, in the indicator's unit: "+0.32", "-2.1 percentage points"."""
    share = indicator.unit == "%"
    number = format_decimal(value, format="+#,##0.0;-#,##0.0" if share else "+#,##0.00;-#,##0.00")
    return _("%(number)s percentage points", number=number) if share else number


def score_and_interval(figure: Figure) -> str:
    """ "6.2 (5.1 to 7.3)". The figure must have a score."""
    if figure.score is None or figure.score_lower is None or figure.score_upper is None:
        raise ValueError(f"{figure.indicator} in {figure.area} has no score")
    return _(
        "%(value)s (%(lower)s to %(upper)s)",
        value=decimal(figure.score),
        lower=decimal(figure.score_lower),
        upper=decimal(figure.score_upper),
    )


def national_value(indicator: ReleasedIndicator, figure: NationalFigure) -> str:
    return measured(indicator, figure.value, national=True)


def as_published(value: float) -> str:
    """A number of someone else's, with the decimals it has, at least one and at most two."""
    return format_decimal(value, format="#,##0.0#")


def base(count: int | None) -> str:
    """A base, which is rounded to 5 and says so."""
    return "" if count is None else _("about %(count)s", count=whole(count))


def listed(names: Iterable[object]) -> Markup:
    """Names in a sentence, joined as the page's language joins them; each escaped unless already safe."""
    texts = [str(escape(name)) for name in names]
    return Markup(format_list(texts, locale=page_locale()) if texts else "")  # noqa: S704  (escaped above)


def said(text: str) -> Markup:
    """A name out of the release, marked as English on a page in another language, to be read as such."""
    if page_locale().startswith("en"):
        return escape(text)
    return Markup('<bdi lang="en">%s</bdi>') % text


def quoted(title: Words) -> Markup:
    """A title inside a sentence: whatever its grammar, the sentence around it holds."""
    return sentence(_("“%(words)s”"), words=title)


def sentence(text: str, **parts: object) -> Markup:
    """A translated sentence with its parts escaped, unless they are already safe."""
    return escape(text) % parts


def period(opened: str, closed: str) -> str:
    """When answers were given, to the month: "March – May 2026". Takes ISO dates."""
    start, end = _day(opened), _day(closed)
    return format_interval(start, end, "yMMMM", locale=page_locale())


def page_locale() -> str:
    """The page's language for Babel. English outside a request, as in a unit test."""
    code = str(get_locale() or "en")
    return "en_GB" if code == "en" else code


def _day(text: str) -> date:
    return datetime.fromisoformat(text).date()
