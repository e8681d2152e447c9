"""Residents' words that the walk through the core questionnaire does not meet."""

from __future__ import annotations

KINDS = {
    "“%(value)s” is not a number. Write a number such as 3 or 3.5, or leave it blank.",
    "Write at most %(num)d digit after the point, such as %(example)s.",
    "“%(value)s” is not a date we can read. Use numbers, with all four digits of the year.",
    "Write the day too, or leave all of the date blank.",
    "Write the month too, or leave all of the date blank.",
    "Write the year too, or leave all of the date blank.",
    "Check the date. It cannot be before %(earliest)s.",
    "Check the date. It cannot be after %(latest)s.",
    "Choose a number from 1 to %(maximum)d from each list, or “Not ranked”.",
    "You used %(rank)d more than once. Give each number to one only.",
    "You left out %(rank)d. Start at 1 and use each number in turn.",
    "“%(value)s” is not an email address. Write it like name@example.org, or leave it blank.",
    "“%(value)s” is not a full phone number. Write it like 01632 960 001, or leave it blank.",
    "Version %(version)s of these words",
    "Choose one answer for each.",
    "Keep my answer as it is",
    "Help with this question",
    "Choose from the list",
    "Choose 1 for the one you put first, 2 for the next, and so on. You do not have to rank them all.",
    "Write %(num)d in the box beside the one you put first.",
}
"""Words of kinds of question that the core questionnaire does not ask; tests/browser/test_kinds.py draws them."""

FEATURES = {
    "You can take them back until the end of %(day)s. Everything you answered is then deleted and not counted.",
    "Why not, and whom to ask",
    "We have sent the code. If it does not come in a few minutes, look among unwanted mail.",
    "Have the code sent to you",
    "We use it for this one message and do not keep it.",
    "Send me the code",
    "Parts of this survey",
    "You have done %(num)d of %(count)d part.",
    "Answer them in any order. What you save stays saved.",
    "A part that cannot start yet depends on your answers in another part.",
    "Check your answers and send them",
    "Results are planned for %(day)s. Until the end of that day you can take your answers back.",
    "This page was closed because nobody used it",
    "The answers had been sent, and are safe with us.",
    "What was saved is safe until the end of %(day)s.",
    "To open the answers again, type the code that goes with them.",
    "There is no British Sign Language video here yet for every question. The questions are in English too.",
    "You get a code at the end. With it you can see your answers, and take them back until the end of %(day)s. Results are planned to come out then.",
    "An email address or phone number you gave us (optional)",
    "We keep it apart from your answers, so we cannot tell that it is yours. Type it here and we delete it too.",
    "Look at this answer again before you send your answers.",
    "Enter an email address in full, such as name@example.org.",
    "You asked us to send you this code:",
    "To carry on, open this link, or go to the address and type the code:",
    "We have not kept your email address.",
    "We could not send the email. Check the address, or write the code down instead.",
}
"""A list of parts, rest, sign language, mail and a planned day of results: no part of the walk."""
