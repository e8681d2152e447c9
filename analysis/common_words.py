"""English words that help to tell names and streets from other words in a comment.

Short lists, written for this: what they miss, a person who reviews sees.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MONTHS = _words(
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sept sep oct nov dec"
)

CAPITALISED = MONTHS | _words(
    "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays "
    "fridays saturdays sundays christmas easter ramadan eid diwali halloween covid lockdown brexit "
    "i'm i’m i've i’ve i'd i’d i'll i’ll nhs gp gps english british england britain uk essex europe european "
    "london polish romanian bengali urdu arabic welsh scottish irish muslim christian council parliament "
    "government police church facebook high street road school station library surgery hospital university "
    # Words that stand where a name could, after "ask for" or "my neighbour".
    "college "
    "the a an and or but who whom that which this these those it its he she they we you me him her them "
    "us is was are were be been has have had does did do will would can could should may might must not no "
    "in on at to of for from with by as so if when where while because than then there here up down out off "
    "over into about after before again always never often very too also just only even still all any "
    "both each every some more most much many few other another one two three next my your his our their "
    "ask tell see call ring write visit thanks thank please dear hello hi "
    "help less better something anything nothing someone anyone people lives lived living said says "
    "told came comes goes went gets got let lets keeps kept makes made opposite upstairs downstairs"
)
"""Words that have a capital anywhere, or that are no name wherever they stand."""

TITLES = _words("mr mrs ms miss mx dr doctor cllr councillor prof professor rev reverend sir lady lord")

NEAR_A_NAME = _words(
    "neighbour neighbor son daughter husband wife partner mother father mum dad brother sister aunt uncle "
    "nan friend called named landlord landlady carer nurse teacher manager headteacher"
) | {"ask for", "thank you", "thanks to", "name is", "speak to"}
"""Words after which a name may come."""

STREETS = _words("street road rd lane avenue crescent")

STREETS_WITH_CAPITALS = _words(
    "Ave Chase Close Court Drive Gardens Green Grove Hill Mews Parade Park Place Rise Square St Terrace View "
    "Walk Way House Lodge"
)
"""What a street or a building may be called too. Without its capital it is an ordinary word."""

NOT_A_STREET = _words(
    "the a an our my your his her their this that these those each every any some same one main high "
    "side busy quiet whole next across along down up on in at of to from off near and or is was very "
    "so too for by with other another own no not local back front small big wide narrow long "
    "residential cycle bus we i you they it can could would do does did must get when if really "
    "always never only also just"
)
"""Words before "road" that make it no name of a street."""

ORDINARY_PLACES = _words(
    "central park north south east west town village hill green church victoria milton thorpe leigh wheatley"
)
"""Names of places that are ordinary words or people's names: looked for with their capital only."""

ROLES = _words(
    "vicar rector priest imam rabbi headteacher postmaster postmistress postman mayor pharmacist chemist "
    "caretaker harbourmaster"
) | {"head teacher", "lollipop lady", "lollipop man", "town clerk", "parish clerk", "school governor"}
"""Work that one person, or a few, in a place do."""

NOT_A_ROLE = _words(
    "thing things way one ones problem place places reason time times option answer park bus buses shop "
    "school good bad real downside complaint issue"
)
"""Words after "the only" that are about no person."""
