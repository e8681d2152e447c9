"""What may be said of comments: how often a theme came up, and a few quotes, after review and nowhere small.

A comment is published only as a reviewer left it, and only if nothing in it identifies someone for certain.
Themes are counted for the whole wave, and for its districts only where every one of them passes: then no
district can be worked out from the others. A quote hangs on the whole wave or on a district, never on
anything smaller, and beside nothing else about whoever wrote it.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from analysis import themes
from analysis.areas import AreaSet
from analysis.identifiers import certain
from analysis.themes import WHOLE

if TYPE_CHECKING:  # the policy is numbers; its module needs NumPy, and pages that review do not
    from analysis.disclosure import Policy

DISTRICT = "lad"
ELSEWHERE = ""  # people of the wave in none of its districts

ANOTHER_QUOTED = "another comment of this person is quoted"
FEW_SPEAK_IT = "too few people commented in this language"
FEW_NEW = "too few comments have come or gone since the last release"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One person's reviewed comment on one item that counts.

    person: any id; never published. area: code of the smallest area known, "" when none. quote: the text as
    the reviewer left it, None when it counts in themes only.
    """

    person: str
    item: str
    area: str
    language: str
    themes: frozenset[str]
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme of an item's coding frame."""

    item: str
    code: str
    title: str


@dataclass(frozen=True, slots=True)
class ThemeCount:
    """How many people spoke of a theme, rounded as the policy rounds bases. `area`: a district, or "all"."""

    area: str
    theme: str
    count: int


@dataclass(frozen=True, slots=True)
class Quote:
    area: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemComments:
    """What is published of one item. bases: people with a reviewed comment, by area, rounded.

    standing: themes whose counts are those of the release before, too few having come or gone; EVERYONE among
    them: all of it. question: as asked, in the questionnaire's own language.
    """

    item: str
    bases: Mapping[str, int]
    themes: Mapping[str, str]  # titles by code, of those counted here
    counts: tuple[ThemeCount, ...]
    quotes: tuple[Quote, ...]
    standing: tuple[str, ...] = ()
    question: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedComments:
    """The comments of one release. `exact` and `held_back` are never published.

    exact: by item, kept so that a later release can be checked against this one. held_back: how many
    comments may be quoted but are not, by reason, for the manager. digest: of the comments it was made from,
    "" when there were none. withdrawn: an earlier release that is shown no more.
    """

    items: tuple[ItemComments, ...] = ()
    exact: Mapping[str, themes.Exact] = field(default_factory=dict)
    held_back: Mapping[str, int] = field(default_factory=dict)
    digest: str = ""
    withdrawn: bool = False

    def document(self) -> list[dict[str, Any]]:
        """What a release carries, as JSON values; empty when nothing may be said."""
        return [asdict(item) for item in self.items]


class CommentsRefusedError(Exception):
    """Texts that may not leave; `problems` says for each its item and what it holds, never the text."""

    def __init__(self, problems: Iterable[str]):
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def read(
    document: Sequence[Mapping[str, Any]], exact: Mapping[str, themes.Exact], *, withdrawn: bool = False
) -> PublishedComments:
    """The inverse of `PublishedComments.document`, with the exact counts kept beside it.

    Raises KeyError or TypeError when the document is not one.
    """
    items = tuple(
        ItemComments(
            item=each["item"],
            bases=dict(each["bases"]),
            themes=dict(each["themes"]),
            counts=tuple(ThemeCount(**count) for count in each["counts"]),
            quotes=tuple(Quote(**quote) for quote in each["quotes"]),
            standing=tuple(each["standing"]),
            question=each["question"],
        )
        for each in document
    )
    kept = {item: dict(cells) for item, cells in exact.items()}
    return PublishedComments(items=items, exact=kept, withdrawn=withdrawn)


def digest(comments: Iterable[Comment], frame: Iterable[Theme]) -> str:
    """SHA-256 of the comments and themes that a release is made from; "" when there are no comments."""
    rows = sorted(
        [c.person, c.item, c.area, c.language, sorted(c.themes), c.quote is not None, c.quote or ""]
        for c in comments
    )
    titles = sorted([theme.item, theme.code, theme.title] for theme in frame)
    return hashlib.sha256(json.dumps([rows, titles]).encode()).hexdigest() if rows else ""


def publishable(
    comments: Iterable[Comment],
    frame: Iterable[Theme],
    areas: AreaSet,
    wave: Iterable[str],
    policy: Policy,
    *,
    seed: str,
    earlier: Sequence[PublishedComments] = (),
    questions: Mapping[str, str] | None = None,
) -> PublishedComments:
    """What one release may say of comments.

    wave: codes of the wave's areas. seed: names the release ("spring:2"); the order of quotes follows from it
    and from their words alone. earlier: the wave's earlier releases, oldest first, also those withdrawn.
    questions: the text of each item.

    The rules, all on exact counts:
    - an item is spoken of when at least `policy.minimum_base` people have a reviewed comment on it;
    - a theme is counted when those who spoke of it, and those who did not, are none or at least
      `policy.minimum_count`; a theme nobody spoke of is left out too, so that what is missing says nothing;
    - districts are counted when every one of them, and the people in none, are nobody or pass both rules;
    - a count differs from every earlier release by nobody or by at least `policy.minimum_change` people, in
      every district, with or without the theme; else the one of the release before stands, unless that was
      withdrawn: then it is left out;
    - a quote needs `policy.minimum_base` comments in its own language where it hangs: its district if
      districts are counted, else the whole wave, else it is held back;
    - a person is quoted at most once in a release, so that two quotes are never one person's in a row.

    Raises CommentsRefusedError when a quote holds a certain identifier, and ValueError when one person has
    two comments on one item.
    """
    listed, themed = list(comments), list(frame)
    _refuse_identifiers(listed)
    _refuse_repeats(listed)
    places = Places(areas, wave)
    titles: dict[str, dict[str, str]] = {}
    for theme in themed:
        titles.setdefault(theme.item, {})[theme.code] = theme.title
    by_item: dict[str, list[Comment]] = {}
    for comment in listed:
        by_item.setdefault(comment.item, []).append(comment)
    spoken_of = {*by_item, *(item for release in earlier for item in release.exact)}
    chosen = _one_each(listed, seed)
    held_back: Counter[str] = Counter()
    items, exact = [], {}
    for item in sorted(spoken_of):
        work = _Item(item, by_item.get(item, []), titles.get(item, {}), places, policy, earlier)
        exact[item] = work.told.exact
        found = work.published(chosen, seed, held_back)
        if found is not None:
            items.append(replace(found, question=(questions or {}).get(item, "")))
    return PublishedComments(
        items=tuple(items), exact=exact, held_back=dict(held_back), digest=digest(listed, themed)
    )


def _refuse_identifiers(comments: Iterable[Comment]) -> None:
    problems = [
        f"A comment on {comment.item} that may be quoted still holds a {span.kind} at letter "
        f"{span.start + 1}: review it again."
        for comment in comments
        if comment.quote is not None
        for span in certain(comment.quote)
    ]
    if problems:
        raise CommentsRefusedError(problems)


def _refuse_repeats(comments: Iterable[Comment]) -> None:
    seen = Counter((comment.person, comment.item) for comment in comments)
    if any(times > 1 for times in seen.values()):
        raise ValueError("one person has more than one comment on one item")


class Places:
    """Which district of the wave an area lies in."""

    def __init__(self, areas: AreaSet, wave: Iterable[str]):
        chosen = [code for code in wave if code in areas]
        self._areas = areas
        self._districts = {
            area.code
            for area in areas.at_level(DISTRICT)
            if not chosen or any(areas.inside(area.code, code) for code in chosen)
        }

    def district(self, code: str) -> str:
        """The code of the district that the area is or lies in; ELSEWHERE when in none of the wave's."""
        if code not in self._areas:
            return ELSEWHERE
        around = (code, *(area.code for area in self._areas.ancestors(code)))
        return next((found for found in around if found in self._districts), ELSEWHERE)


def _one_each(comments: Iterable[Comment], seed: str) -> frozenset[tuple[str, str]]:
    """(person, item) of the one comment of each person that may be quoted, chosen by the seed."""
    best: dict[str, tuple[str, str]] = {}
    for comment in comments:
        if comment.quote is not None:
            drawn = (_drawn(seed, f"{comment.person}:{comment.item}"), comment.item)
            best[comment.person] = min(best.get(comment.person, drawn), drawn)
    return frozenset((person, item) for person, (_, item) in best.items())


def _drawn(seed: str, text: str) -> str:
    return hashlib.sha256(f"{seed}\x00{text}".encode()).hexdigest()


@dataclass
class _Item:
    """The comments on one item while they are being decided."""

    item: str
    comments: Sequence[Comment]
    titles: Mapping[str, str]  # of the coding frame, by code
    places: Places
    policy: Policy
    earlier: Sequence[PublishedComments]

    def __post_init__(self) -> None:
        self.place = {comment.person: self.places.district(comment.area) for comment in self.comments}
        # What people were told is not printed again once it was taken back, but still guards (ADR 0022).
        last = self.earlier[-1].items if self.earlier and not self.earlier[-1].withdrawn else ()
        self.before = next((found for found in last if found.item == self.item), None)
        counts = {themes.EVERYONE: self._count(self.comments)}
        for theme in self.titles:
            counts[theme] = self._count(c for c in self.comments if theme in c.themes)
        past = [release.exact[self.item] for release in self.earlier if self.item in release.exact]
        self.told = themes.decide(counts, self.policy, past)

    def published(
        self, chosen: frozenset[tuple[str, str]], seed: str, held_back: Counter[str]
    ) -> ItemComments | None:
        """The item as released, or None when nothing may be said of it."""
        quotable = self._quotable(chosen, held_back)
        if self.told.stands:
            return self._standing(quotable, seed)
        if self.told.everyone is None:
            return None
        bases = self._shown(self.told.everyone)
        counts = [c for theme in sorted(self.titles) for c in self._counts(theme, bases)]
        return ItemComments(
            item=self.item,
            bases=bases,
            themes={c.theme: self.titles[c.theme] for c in counts},
            counts=tuple(counts),
            quotes=self._quotes(quotable, bases, seed),
            standing=tuple(sorted({c.theme for c in counts} & self.told.standing)),
        )

    def _count(self, comments: Iterable[Comment]) -> dict[str, int]:
        return dict(Counter(self.place[comment.person] for comment in comments))

    def _shown(self, cells: themes.Cells) -> dict[str, int]:
        """Cells as they are published: the whole wave, then its districts, rounded; nobody is left out."""
        districts = {code: n for code, n in sorted(cells.items()) if code not in (WHOLE, ELSEWHERE) and n}
        shown = {WHOLE: sum(cells.values()), **districts}
        return {code: self.policy.rounded_base(count) for code, count in shown.items()}

    def _counts(self, theme: str, bases: Mapping[str, int]) -> Iterable[ThemeCount]:
        if theme in self.told.themes:
            shown = self._shown(self.told.themes[theme])
            return [ThemeCount(code, theme, count) for code, count in shown.items()]
        if theme in self.told.standing and self.before is not None:
            return [c for c in self.before.counts if c.theme == theme and c.area in bases]
        return []

    def _quotable(self, chosen: frozenset[tuple[str, str]], held_back: Counter[str]) -> list[Comment]:
        speak = Counter(comment.language for comment in self.comments)
        standing = {quote.text for quote in self.before.quotes} if self.before else set()
        found = []
        for comment in self.comments:
            if comment.quote is None:
                continue
            if (comment.person, comment.item) not in chosen:
                held_back[ANOTHER_QUOTED] += 1
            elif speak[comment.language] < self.policy.minimum_base:
                held_back[FEW_SPEAK_IT] += 1
            elif self.told.stands and comment.quote not in standing:
                held_back[FEW_NEW] += 1
            else:
                found.append(comment)
        return found

    def _quotes(self, quotable: Iterable[Comment], bases: Mapping[str, int], seed: str) -> tuple[Quote, ...]:
        speak = Counter((self.place[c.person], c.language) for c in self.comments)
        found: dict[str, Quote] = {}
        for comment in quotable:
            here, text = self.place[comment.person], comment.quote or ""
            local = here in bases and speak[here, comment.language] >= self.policy.minimum_base
            found[text] = Quote(here if local and text not in found else WHOLE, text)
        return _in_order(found.values(), seed)

    def _standing(self, quotable: Iterable[Comment], seed: str) -> ItemComments | None:
        """As the last release had it, without quotes that may no longer be used."""
        if self.before is None:
            return None
        texts = {comment.quote for comment in quotable}
        kept = [quote for quote in self.before.quotes if quote.text in texts]
        # A theme that stood beside a newer base still does.
        standing = tuple(sorted({themes.EVERYONE, *self.before.standing}))
        return replace(self.before, quotes=_in_order(kept, seed), standing=standing)


def _in_order(quotes: Iterable[Quote], seed: str) -> tuple[Quote, ...]:
    return tuple(sorted(quotes, key=lambda quote: _drawn(seed, quote.text)))
