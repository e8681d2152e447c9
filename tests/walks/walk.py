"""A person's generated way through a questionnaire, from its start to the receipt, by whatever window."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Protocol

from questionnaires.model import Item, Questionnaire
from tests.walks.answers import BUTTONS, DECLINED, Raw, controls, invalid, valid
from tests.walks.sheet import Sheet

WARDS = ("W1", "W2", "W3")


class Window(Protocol):
    """What shows a person pages: a browser, or something that does as one would."""

    @property
    def place(self) -> str:
        """The page that is open: its address after that of the survey, without what follows a "?"."""

    @property
    def from_check(self) -> bool:
        """Whether the page was opened from the check."""

    def open(self, address: str) -> None:
        """Go to an address within the survey; "" is its start."""

    def onward(self) -> None:
        """Press the button that is a link."""

    def back(self) -> None:
        """Follow the page's own way back."""

    def held(self) -> Raw:
        """What is in the controls of the page's form, by name; a control left blank holds nothing."""

    def clears(self, name: str) -> bool:
        """Whether the buttons of this name have one that takes the answer back."""

    def faults(self) -> list[str]:
        """Where the links of the error summary lead: an id on this page, or an address."""

    def follow(self, fault: str) -> None:
        """Follow a link of the error summary."""

    def send(self, raw: Raw, keep: bool = False) -> None:
        """Put this in the controls, blanking the others, and send. `keep`: tick each "keep my answer"."""


class Walk:
    """One walk. `sheet` is what must be stored by it."""

    def __init__(self, questionnaire: Questionnaire, window: Window, seed: int, turns: int = 3) -> None:
        self.sheet = Sheet(questionnaire)
        self.window = window
        self.rng = Random(seed)
        self.turns = turns  # how often it goes back to change something
        self.slips = 0
        self.visits: Counter[str] = Counter()
        self.mending: set[str] = set()

    def play(self) -> None:
        self.window.open("")
        self.window.onward()
        while self.window.place != "receipt":
            place = self.window.place
            self.visits[place] += 1
            assert self.visits[place] <= 12 + self.turns, f"{place} again and again"
            if place == "check":
                self.at_check()
            elif place == "area":
                self.at_area()
            else:
                self.at_page(place.removeprefix("q/"))

    # -- the pages --------------------------------------------------------------------------------------

    def at_page(self, code: str) -> None:
        pages = self.sheet.pages()
        assert code in pages, f"{code} is not on the way: {list(pages)}"
        items = pages[code]
        _same(self.window.held(), self.sheet.shown(items), f"{code} as last saved")
        order = list(pages)
        if self.turns and order.index(code) and not self.window.from_check and self.rng.random() < 0.15:
            self.turns -= 1
            self.window.back()
            assert self.window.place == f"q/{order[order.index(code) - 1]}", "the page before"
            return
        raw = self.chosen(items)
        if self.rng.random() < 0.25:
            self.slip(items, raw)
        from_check = self.window.from_check
        raw = self.settled(code, items, raw)
        self.sheet.take(items, raw)
        self.mending -= {item.code for item in items}
        assert self.window.place == self.following(code, items, from_check), f"after {code}"

    def chosen(self, items: list[Item]) -> Raw:
        """Answers to the items of a page; those to be mended are left blank, which settles any check."""
        raw: Raw = {}
        held = self.window.held()
        for item in items:
            if item.code in self.mending and not item.required:
                continue
            one = valid(item, self.rng)
            while not one and item.kind in BUTTONS and held[item.code] and not self.window.clears(item.code):
                one = valid(item, self.rng)
            raw |= one
        return raw

    def slip(self, items: list[Item], raw: Raw) -> None:
        """Something that cannot be taken is said beside its control, which its link leads to."""
        may = [item for item in items if item.kind not in BUTTONS or raw.get(item.code)]
        wrong = {item.code: slip for item in may if (slip := invalid(item, self.rng)) is not None}
        if not wrong:
            return
        code = self.rng.choice(list(wrong))
        item = next(each for each in items if each.code == code)
        typed = {name: values for name, values in raw.items() if name not in controls(item)} | wrong[code]
        place = self.window.place
        self.window.send(typed)
        assert self.window.place == place, f"{wrong[code]} was taken"
        faults = self.window.faults()
        assert any(fault.startswith(f"#q-{code}") for fault in faults), (code, faults)
        drawn = {name: typed.get(name, []) for item in items for name in controls(item)}
        _same(self.window.held(), drawn, "as it was typed")
        for fault in faults:
            self.window.follow(fault)
        self.slips += 1

    def settled(self, code: str, items: list[Item], raw: Raw) -> Raw:
        """Send a page until nothing is in doubt: most often a soft check is kept, else it goes blank."""
        confirmed: set[tuple[str, int]] = set()
        keep = False
        for _try in range(8):
            self.window.send(raw, keep)
            doubts = self.sheet.doubts(items, raw)
            open_ = {c: [n for n in numbers if (c, n) not in confirmed] for c, numbers in doubts.items()}
            open_ = {c: numbers for c, numbers in open_.items() if numbers}
            if not open_:
                return raw
            assert self.window.place == f"q/{code}", f"checks {open_} did not hold"
            assert [fault.removeprefix("#q-") for fault in self.window.faults()] == list(open_)
            by_code = {item.code: item for item in items}
            keep = self.rng.random() < 0.8
            for each, numbers in open_.items():
                if not by_code[each].checks[numbers[0] - 1].hard and keep:
                    confirmed.add((each, numbers[0]))
                else:
                    raw = {n: v for n, v in raw.items() if n not in controls(by_code[each])}
        raise AssertionError(f"{code} cannot be left")

    def following(self, code: str, items: list[Item], from_check: bool) -> str:
        """The page that must come after one that was saved."""
        if any(item.kind == "postcode" for item in items) and self.sheet.area is None:
            return "area"
        pages = self.sheet.pages()
        if from_check:
            unseen = (c for c, on in pages.items() if any(i.code not in self.sheet.seen for i in on))
            return next((f"q/{c}" for c in unseen), "check")
        order = [page for page in pages]
        # Saving a page never closes it: what decides whether it is asked comes before it.
        after = order[order.index(code) + 1 :]
        return f"q/{after[0]}" if after else "check"

    def at_area(self) -> None:
        code, items = next(
            (code, items)
            for code, items in self.sheet.pages().items()
            if any(item.kind == "postcode" for item in items)
        )
        from_check = self.window.from_check
        chosen = self.rng.choice([*WARDS, None])
        self.window.send({"area": [chosen or DECLINED]})
        self.sheet.choose_area(next(item for item in items if item.kind == "postcode"), chosen)
        pages = [item for item in items if item.kind != "postcode"]
        assert self.window.place == self.following(code, pages, from_check)

    def at_check(self) -> None:
        unseen = [c for c, on in self.sheet.pages().items() if any(i.code not in self.sheet.seen for i in on)]
        assert not unseen, f"the check comes before {unseen}"
        if self.turns:
            self.turns -= 1
            self.window.open(f"q/{self.rng.choice(list(self.sheet.pages()))}?from=check")
            return
        wrong = self.sheet.unsettled()
        self.window.send({})
        if not wrong:
            assert self.window.place == "receipt"
            return
        assert self.window.place == "check", f"{wrong} were let through"
        assert [fault.split("#q-")[1] for fault in self.window.faults()] == wrong
        self.mending |= set(wrong)
        self.window.follow(self.window.faults()[0])


def _same(held: Raw, wanted: Raw, what: str) -> None:
    """Hold what is in the controls of a page against what must be; options may stand in any order."""
    names = {name for name in held.keys() | wanted.keys() if name not in held or name not in wanted}
    assert not names, f"{what}: drawn {names & held.keys()}, not drawn {names - held.keys()}"
    wrong = {n: (held[n], wanted[n]) for n in wanted if sorted(held[n]) != sorted(wanted[n])}
    assert not wrong, f"{what}: {wrong}"
