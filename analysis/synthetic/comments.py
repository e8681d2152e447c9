"""Made-up words for text items, some of them hostile, from a file beside the reference tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from ruamel.yaml import YAML

from analysis import reference

FILE = "comments.synthetic.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comments:
    """Texts by language; a language that has none falls back on the first."""

    glad: Mapping[str, Sequence[str]]
    sorry: Mapping[str, Sequence[str]]
    wishes: Mapping[str, Sequence[str]]
    attacks: Sequence[str]

    def long(self, language: str, content: bool, rng: np.random.Generator) -> str:
        """One to three sentences, mostly glad or mostly sorry."""
        pool = _of(self.glad if content else self.sorry, language)
        count = min(int(rng.integers(1, 4)), len(pool))
        sentences = [pool[at] for at in rng.choice(len(pool), size=count, replace=False)]
        if count > 1 and rng.random() < 0.25:
            other = _of(self.sorry if content else self.glad, language)
            sentences[-1] = other[int(rng.integers(len(other)))]
        return " ".join(sentences)

    def short(self, language: str, content: bool, rng: np.random.Generator) -> str:
        """A few words. `content` makes no difference: everyone can wish."""
        pool = _of(self.wishes, language)
        return pool[int(rng.integers(len(pool)))]

    def deal(self, count: int, rng: np.random.Generator) -> list[str]:
        """Things a page, spreadsheet or reader could trip over, dealt like cards: all before any twice."""
        order = rng.permutation(len(self.attacks))
        return [self.attacks[order[at % len(order)]] for at in range(count)]


def _of(texts: Mapping[str, Sequence[str]], language: str) -> Sequence[str]:
    return texts.get(language) or next(iter(texts.values()))


def read_comments() -> Comments:
    """The shipped texts."""
    document = YAML(typ="safe").load(reference.path(FILE))
    return Comments(
        glad=document["glad"],
        sorry=document["sorry"],
        wishes=document["wishes"],
        attacks=[entry["text"] * int(entry.get("times", 1)) for entry in document["attacks"]],
    )
