"""Disclosure control: which figures may be published, and how coarsely, so that no answer can be worked out.

Primary rules hide a figure for what it says itself; complementary rules hide more where published
figures could be subtracted to tell it (parent minus children, at every level), and rules over time
(`analysis.earlier`) where this release could be subtracted from an earlier one. Everything works on
exact unweighted counts, as if they were published: rounding and weighting only make an attack harder.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from analysis.earlier import Past, Record, State, unsafe_changes
from analysis.indicators import BASE, PARTS
from analysis.nesting import Counts, Nesting
from analysis.overlaps import Signature, exposing, exposing_changes

if TYPE_CHECKING:  # it reads the inputs, which name the policy
    from analysis.relatives import Relative


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How much a release may say. The defaults are for surveys of neighbourhoods."""

    name: str = "standard"
    minimum_base: int = (
        30  # answers behind a figure, or behind what is left of an area when others are taken away
    )
    minimum_count: int = 10  # a numerator or complement is 0 or at least this
    breakdown_base: int = 100  # answers behind an area's figure before it is broken down by group or option
    base_step: int = 5  # bases are shown to the nearest
    mean_decimals: int = 1
    percentage_decimals: int = 0
    minimum_change: int = 10  # responses in or out of a base before a later release may change its figure
    complementary: bool = True

    def __post_init__(self) -> None:
        if self.minimum_base < 10 or self.minimum_count < 2 or self.minimum_change < 2 or self.base_step < 1:
            raise ValueError(
                "a policy needs a minimum base of 10 or more, minimum count and change of 2 or more, "
                "and bases in steps of 1 or more"
            )

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def rounded_base(self, n: float) -> int:
        """A base as it is shown."""
        return int(self.base_step * round(n / self.base_step))


class Why(StrEnum):
    """Why a figure is hidden. For the manager's report only: a release never tells these apart."""

    TOO_FEW = "fewer answers than the minimum base"
    SMALL_COUNT = "a few people gave (or did not give) this answer"
    ONE_ANSWER = "one answer makes up nearly all of the mean"
    PROTECTS = "would let another figure be worked out by subtraction"
    OVERLAPS = "would, with places that overlap, tell of a few people"
    WAITS = "in a place that overlaps others: published once, after the wave has closed"
    STAYS_HIDDEN = "hidden in an earlier release, and too few answers have come or gone since"
    WITHDRAWN = "shown in a release that was withdrawn, and a few answers have come or gone since"


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens to one indicator's figure in every area: one of fresh, stands or hidden."""

    fresh: frozenset[str]
    stands: Mapping[str, Record]
    hidden: Mapping[str, Why]
    records: Mapping[str, Record]  # of every area, to be kept with the release


def safe(counts: Counts, policy: Policy) -> bool:
    """True when a figure over these people tells nothing about a few of them. Nobody at all is safe."""
    base = int(counts[BASE])
    if base == 0:
        return True
    return base >= policy.minimum_base and all(
        part == 0 or part >= policy.minimum_count for part in counts[PARTS:]
    )


def primary(counts: Counts, policy: Policy) -> Why | None:
    """Why a figure must be hidden for what it says itself. None when it need not be."""
    if counts[BASE] < policy.minimum_base:
        return Why.TOO_FEW
    return None if safe(counts, policy) else Why.SMALL_COUNT


def decide(
    nesting: Nesting,
    counts: Mapping[str, Counts],
    policy: Policy,
    past: Sequence[Past] = (),
    number: int = 1,
    withdrawn: Collection[int] = (),
    overlapping: Overlapping | None = None,
    relatives: Sequence[Relative] = (),
    beside: Collection[str] = (),
    dominated: Collection[str] = (),
) -> Decision:
    """Decide one indicator's figure in every area of `nesting`, and of `overlapping`'s further families.

    counts: exact Counts of every area. past: this indicator in earlier releases, oldest first. number: of
    this release. withdrawn: numbers of earlier releases that are no longer shown: no figure stands from one.
    relatives: figures of other indicators over the same answers, which a new figure is also held against.
    beside: where this release has new figures of other indicators over the same question, already decided.
    dominated: areas where one answer makes up nearly all of a mean. Every round of the loop hides or holds
    back at least one more figure, so it ends.
    """
    gone = frozenset(withdrawn)
    works = [
        _Work(family, counts, policy, past, gone, relatives, frozenset(beside), frozenset(dominated))
        for family in (nesting, *(overlapping.families if overlapping else ()))
    ]
    settled = overlapping is not None and overlapping.settled(past)
    for at, work in enumerate(works):
        work.begin(settled=settled, waits=at > 0 and overlapping is not None and not overlapping.closed)
    joint = _Joint(works, overlapping) if overlapping else None
    while policy.complementary and (
        any(work.hide_complements() or work.hold_back_changes() for work in works)
        or (joint is not None and joint.hide_overlaps())
    ):
        pass
    return _together([work.decision(number) for work in works])


@dataclass(frozen=True, kw_only=True)
class Overlapping:
    """Areas that overlap those of the main family. Their figures are made once, after the wave has closed:
    after that, figures of every family stay as they are.

    families: the further ones, each nesting. regions: what all families cut people into, with the counts of
    one indicator; only regions that someone is in, as if it were known which are empty. closed: whether the
    wave has.
    """

    families: tuple[Nesting, ...]
    regions: Mapping[Signature, Counts]
    closed: bool

    def settled(self, past: Sequence[Past]) -> bool:
        """Whether an earlier release showed figures of further families."""
        further = {code for family in self.families for code in family.codes}
        return any(
            code in further and record.state is not State.HIDDEN
            for release in past
            for code, record in release.records.items()
        )


def _together(decisions: Sequence[Decision]) -> Decision:
    return Decision(
        frozenset(code for each in decisions for code in each.fresh),
        {code: record for each in decisions for code, record in each.stands.items()},
        {code: why for each in decisions for code, why in each.hidden.items()},
        {code: record for each in decisions for code, record in each.records.items()},
    )


@dataclass
class _Joint:
    """What families that overlap tell together. The last family gives way first, then the smallest figure."""

    works: Sequence[_Work]
    overlapping: Overlapping

    def __post_init__(self) -> None:
        now = {code for work in self.works for code in work.nesting.codes}
        before = {code for past, _counts in self.works[0].told_before() for code in past.fresh}
        placed = {code for held in self.overlapping.regions for code in held}
        self.dropped = frozenset((before - now) & placed)  # shown before, and not among the areas now

    def hide_overlaps(self) -> bool:
        """Hide one of each few figures that together single out a few people. True when any was hidden."""
        return any([self._hide_one(areas) for areas in self._exposed()])

    def _hide_one(self, exposed: frozenset[str]) -> bool:
        able = [work for work in self.works if exposed & work.fresh]
        able = able or [work for work in self.works[1:] if work.fresh]
        if not able:
            return False  # the last of them gave way to another group, or readers know it all already
        work = able[-1]
        victim = min(exposed & work.fresh or work.fresh, key=work.base_then_code)
        work.fresh.discard(victim)
        work.hidden[victim] = Why.OVERLAPS
        return True

    def _exposed(self) -> list[frozenset[str]]:
        fresh = frozenset(code for work in self.works for code in work.fresh)
        if not fresh or not (self.dropped or any(work.fresh for work in self.works[1:])):
            return []  # the main family alone is looked after by its own rules, and so is each other one
        policy = self.works[0].policy
        shown = fresh | self.dropped | {code for work in self.works for code in work.stands}
        exposed = exposing(shown, self.overlapping.regions, policy.minimum_base, policy.minimum_count)
        for past, counts in self.works[0].told_before():
            if not exposed:
                known = (code for code in past.fresh if code in counts or code in self.dropped)
                then = {code: past.records[code].base for code in known}
                now = fresh | self.works[0].beside
                changed = exposing_changes(now, counts, then, self.overlapping.regions, policy.minimum_change)
                exposed = [] if changed is None else [changed]
        return exposed


@dataclass
class _Work:
    """The figures of one indicator while they are being decided."""

    nesting: Nesting
    counts: Mapping[str, Counts]
    policy: Policy
    past: Sequence[Past]
    withdrawn: frozenset[int] = frozenset()
    relatives: Sequence[Relative] = ()
    beside: frozenset[str] = frozenset()
    dominated: frozenset[str] = frozenset()
    fresh: set[str] = field(default_factory=set)
    stands: dict[str, Record] = field(default_factory=dict)
    hidden: dict[str, Why] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.own = self.nesting.own(self.counts)

    def latest(self, code: str) -> Record | None:
        """The newest earlier record of this area."""
        return next((p.records[code] for p in reversed(self.past) if code in p.records), None)

    def begin(self, *, settled: bool, waits: bool) -> None:
        """Put every figure where it goes for what it says itself.

        settled: nothing is made anew, unless it corrects. waits: nothing is made yet, and nothing decided.
        """
        for code in self.nesting.codes:
            latest = self.latest(code)
            why = primary(self.counts[code], self.policy)
            if why is None and code in self.dominated:
                why = Why.ONE_ANSWER
            change = None if latest is None else abs(int(self.counts[code][BASE]) - latest.since)
            few = settled or (change is not None and change < self.policy.minimum_change)
            if waits:
                self.hidden[code] = Why.WAITS
            elif few and not self.corrects(code):
                self.hold_back(code)
            elif why is not None:
                self.hidden[code] = why
            else:
                self.fresh.add(code)

    def corrects(self, code: str) -> bool:
        """Whether a figure of a withdrawn release can be given anew, over the very same counts.

        It then tells of other weights or another yardstick, and of no answer. One that was hidden then does
        not qualify: shown beside what was read before, it could be the missing part of a sum.
        """
        latest = self.latest(code)
        if latest is None or latest.number not in self.withdrawn:
            return False
        made = next((p.records.get(code) for p in self.past if p.number == latest.number), None)
        base, total = int(self.counts[code][BASE]), int(self.counts[code][1])
        return made is not None and made.state is State.FRESH and (made.base, made.total) == (base, total)

    def hold_back(self, code: str) -> None:
        """Leave a figure as readers last saw it: the earlier figure, or hidden.

        Hidden, too, when the earlier figure was withdrawn: nothing that was taken back comes again.
        """
        self.fresh.discard(code)
        latest = self.latest(code)
        if latest is None:
            self.hidden[code] = Why.PROTECTS
        elif latest.state is State.HIDDEN:
            self.hidden[code] = Why.STAYS_HIDDEN
        elif latest.number in self.withdrawn:
            self.hidden[code] = Why.WITHDRAWN
        else:
            self.stands[code] = latest

    def hide_complements(self) -> bool:
        """Hide one figure for every place where a subtraction tells too much. True when any was hidden."""
        shown = self.fresh | set(self.stands)
        victims = self._for_small_rests(shown) or self._for_single_hidden(shown)
        if not victims and self.stands:
            victims = self._for_small_rests(self.fresh)
        for code in victims:
            self.fresh.discard(code)
            self.hidden[code] = Why.PROTECTS
        return bool(victims)

    def told_before(self) -> Iterator[tuple[Past, Mapping[str, Counts]]]:
        """Whatever earlier releases say of these answers, and the counts behind it now."""
        yield from ((past, self.counts) for past in self.past)
        yield from ((relative.past, relative.counts) for relative in self.relatives)

    def hold_back_changes(self) -> bool:
        """Hold back one figure for every difference with an earlier release that tells of few people."""
        held: set[str] = set()
        for past, counts in self.told_before():
            now = self.fresh | self.beside if self.fresh else self.fresh
            for group in unsafe_changes(self.nesting, now, past, counts, self.policy.minimum_change):
                able = group & self.fresh
                if able and not able & held:
                    held.add(min(able, key=self.base_then_code))
        for code in held:
            self.hold_back(code)
        return bool(held)

    def decision(self, number: int) -> Decision:
        records = {}
        for code in self.nesting.codes:
            base, total = int(self.counts[code][BASE]), int(self.counts[code][1])
            latest = self.latest(code)
            if code in self.fresh:
                records[code] = Record(base, total, State.FRESH, base, number)
            elif code in self.stands:
                since = self.stands[code]
                records[code] = Record(base, total, State.STANDS, since.since, since.number)
            elif self.hidden[code] is Why.WAITS:
                continue  # undecided: no later release need mind it
            elif self.hidden[code] in (Why.STAYS_HIDDEN, Why.WITHDRAWN) and latest is not None:
                records[code] = Record(base, total, State.HIDDEN, latest.since, latest.number)
            else:
                records[code] = Record(base, total, State.HIDDEN, base, number)
        return Decision(frozenset(self.fresh), dict(self.stands), dict(self.hidden), records)

    def _for_small_rests(self, family: Collection[str]) -> set[str]:
        rests = self.nesting.rests(family, self.own)
        largest = self.nesting.largest_inside(family)

        def victim(code: str) -> str | None:
            if safe(rests[code], self.policy):
                return None
            return self._victim(code, largest[code], lambda c: safe(rests[code] + rests[c], self.policy))

        return self._deepest_first(rests, victim)

    def _for_single_hidden(self, family: Collection[str]) -> set[str]:
        """One hidden area among its siblings is its parent minus the rest of them."""

        def victim(code: str) -> str | None:
            for children in self.nesting.inside[code].values():
                hidden = [c for c in children if c not in family and self.counts[c][BASE] > 0]
                elsewhere = self.counts[code][BASE] - sum(self.counts[c][BASE] for c in children)
                if len(hidden) == 1 and elsewhere < self.policy.minimum_count:
                    found = self._victim(code, [c for c in children if c in family], lambda _: True)
                    if found is not None:
                        return found
            return None

        return self._deepest_first(family, victim)

    def _deepest_first(self, family: Iterable[str], victim: Callable[[str], str | None]) -> set[str]:
        """One victim for each exposed area, smallest areas first, leaving those above for the next round."""
        victims: set[str] = set()
        settled: set[str] = set()
        members = set(family)
        for code in self.nesting.codes:
            if code in members and code not in settled:
                found = victim(code)
                if found is not None:
                    victims.add(found)
                    settled.update(self.nesting.above[code])
        return victims

    def _victim(self, parent: str, children: Iterable[str], enough: Callable[[str], bool]) -> str | None:
        """What to hide: the smallest fresh child that is enough, else the smallest, else the parent itself.

        None when all are figures that stand from an earlier release: hiding what is already known helps
        nobody.
        """
        able = [c for c in children if c in self.fresh and self.counts[c][BASE] > 0]
        if able:
            return min(able, key=lambda c: (not enough(c), *self.base_then_code(c)))
        return parent if parent in self.fresh else None

    def base_then_code(self, code: str) -> tuple[int, str]:
        return (int(self.counts[code][BASE]), code)
