"""The kinds an item can be. Adding one is one module and one line here."""

from __future__ import annotations

from collections.abc import Mapping

from questionnaires.kinds.base import PREFER_NOT_TO_SAY, UNREADABLE, Kind, PaperCode, Raw
from questionnaires.kinds.computed import Computed
from questionnaires.kinds.consent import Consent
from questionnaires.kinds.contact import Email, Phone
from questionnaires.kinds.dates import DateKind, MonthKind, YearKind
from questionnaires.kinds.decimal import DecimalNumber
from questionnaires.kinds.grid import GridRow
from questionnaires.kinds.information import Information
from questionnaires.kinds.integer import Integer
from questionnaires.kinds.likert import Likert
from questionnaires.kinds.multiple_choice import MultipleChoice
from questionnaires.kinds.place import Place
from questionnaires.kinds.postcode import Postcode
from questionnaires.kinds.ranking import Ranking
from questionnaires.kinds.scale import ScaleKind
from questionnaires.kinds.single_choice import SingleChoice
from questionnaires.kinds.text import LongText, ShortText
from questionnaires.kinds.yes_no import YesNo

KINDS: Mapping[str, Kind] = {
    "single_choice": SingleChoice(),
    "multiple_choice": MultipleChoice(),
    "scale": ScaleKind(),
    "likert": Likert(),
    "integer": Integer(),
    "short_text": ShortText(),
    "long_text": LongText(),
    "postcode": Postcode(),
    "consent": Consent(),
    "yes_no": YesNo(),
    "grid": GridRow(),
    "decimal": DecimalNumber(),
    "date": DateKind(),
    "month": MonthKind(),
    "year": YearKind(),
    "ranking": Ranking(),
    "place": Place(),
    "email": Email(),
    "phone": Phone(),
    "information": Information(),
    "computed": Computed(),
}

__all__ = ["KINDS", "PREFER_NOT_TO_SAY", "UNREADABLE", "Kind", "PaperCode", "Raw"]
