"""The parameters and words behind synthetic responses: read whole, refused whole, and shipped in step."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from analysis import reference, synthetic
from analysis.synthetic import Parameters
from analysis.synthetic.comments import read_comments
from analysis.synthetic.parameters import beta_binomial, read


@pytest.mark.parametrize(
    ("low", "high", "mean", "sd"), [(0, 10, 7.5, 1.7), (0, 10, 3.2, 2.75), (0, 7, 3.1, 2.2)]
)
def test_a_beta_binomial_has_exactly_the_mean_and_spread_asked_for(
    low: int, high: int, mean: float, sd: float
) -> None:
    chances = beta_binomial(low, high, mean, sd)
    values = range(low, high + 1)

    assert sum(chances) == pytest.approx(1, abs=1e-12)
    assert sum(v * p for v, p in zip(values, chances, strict=True)) == pytest.approx(mean, abs=1e-9)
    variance = sum((v - mean) ** 2 * p for v, p in zip(values, chances, strict=True))
    assert variance == pytest.approx(sd**2, abs=1e-9)


@pytest.mark.parametrize(("mean", "sd"), [(10.5, 1.0), (7.5, 1.3), (5.0, 5.1)])
def test_a_spread_that_cannot_be_is_refused(mean: float, sd: float) -> None:
    with pytest.raises(ValueError, match=r"no spread of 0\.\.10"):
        beta_binomial(0, 10, mean, sd)


def test_every_fault_in_a_file_of_parameters_is_named(tmp_path: Path) -> None:
    file = tmp_path / "faulty.yaml"
    file.write_text(
        "items:\n"
        "  a: {weelbeing: 0.3}\n"
        "  b: {mean: high, sd: 1}\n"
        "  c: {shares: {1: -4}}\n"
        "  d: {mean: 7}\n"
        "  e: {given: {sex: {F: [1, 2]}}}\n"
        "  f: {languages: {pl: two}}\n"
        "  g: nothing\n"
    )

    with pytest.raises(ValueError) as refused:
        read(file)

    for part in (
        "a: 'weelbeing' is not known",
        "b: mean",
        "c: shares",
        "d: give mean and sd",
        "e: given",
        "f: lang",
        "g:",
    ):
        assert part in str(refused.value)


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.yaml"
    file.write_text("- 1\n")

    with pytest.raises(ValueError, match="one key, items"):
        read(file)


def test_a_questionnaire_without_parameters_gets_the_defaults() -> None:
    assert synthetic.for_questionnaire("no-such-questionnaire") == Parameters()
    assert "life_sat" in synthetic.for_questionnaire("thriving-places-core").items


def test_no_made_up_text_holds_what_a_database_cannot() -> None:
    document = reference.path("comments.synthetic.yaml").read_text(encoding="utf-8")

    assert "\\u0000" not in document
    document.encode("utf-8")


def test_comments_are_there_in_every_language_of_the_demonstration() -> None:
    comments = read_comments()

    for pool in (comments.glad, comments.sorry, comments.wishes):
        assert set(pool) == {"en", "pl", "ro", "bn", "ur", "ar"}
        assert all(len(set(texts)) == len(texts) >= 2 for texts in pool.values())
    assert len(comments.attacks) > 25
    assert max(map(len, comments.attacks)) > 2000


@pytest.mark.parametrize("name", ["thriving-places-core.synthetic", "comments.synthetic"])
def test_made_up_files_say_what_they_are(name: str) -> None:
    yaml = YAML(typ="safe")
    meta = yaml.load(reference.path(f"{name}.meta.yaml"))

    assert list(meta["columns"]) == list(yaml.load(reference.path(f"{name}.yaml")))
    for key in ("title", "source", "licence", "attribution", "date", "how_made"):
        assert str(meta[key]).strip(), key
