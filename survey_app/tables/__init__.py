"""Tables. Importing this package registers every one of them with the metadata."""

from survey_app.tables.account import Grant, Invitation, Organisation, User
from survey_app.tables.area import Area, AreaParent, AreaShape, Postcode
from survey_app.tables.audit import AuditEvent
from survey_app.tables.base import metadata
from survey_app.tables.comment import CommentCoding, CommentCount, CommentReview, CommentTheme
from survey_app.tables.contact import ContactDetail
from survey_app.tables.indicator import IndicatorVersion
from survey_app.tables.link import LinkBatch, OneTimeLink, PlaceLink
from survey_app.tables.paper import Batch, PaperForm
from survey_app.tables.reference import NationalValue, NationalYardstick, PopulationMargin
from survey_app.tables.release import PublishedRelease, ReleaseWithdrawal
from survey_app.tables.response import Response
from survey_app.tables.review import RecentMark, Review, Signal
from survey_app.tables.translation import TranslationEdit
from survey_app.tables.wave import Wave

__all__ = [
    "Area",
    "AreaParent",
    "AreaShape",
    "AuditEvent",
    "Batch",
    "CommentCoding",
    "CommentCount",
    "CommentReview",
    "CommentTheme",
    "ContactDetail",
    "Grant",
    "IndicatorVersion",
    "Invitation",
    "LinkBatch",
    "NationalValue",
    "NationalYardstick",
    "OneTimeLink",
    "Organisation",
    "PaperForm",
    "PlaceLink",
    "PopulationMargin",
    "Postcode",
    "PublishedRelease",
    "RecentMark",
    "ReleaseWithdrawal",
    "Response",
    "Review",
    "Signal",
    "TranslationEdit",
    "User",
    "Wave",
    "metadata",
]
