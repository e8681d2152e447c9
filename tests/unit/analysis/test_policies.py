"""Named disclosure policies."""

from __future__ import annotations

from analysis.disclosure import Policy
from analysis.policies import POLICIES


def test_a_policy_is_called_what_it_is_chosen_by_and_keeps_complementary_suppression() -> None:
    for name, held in POLICIES.items():
        assert held.policy.name == name
        assert held.policy.complementary
        assert held.says.endswith(".")


def test_the_standard_policy_is_the_one_that_is_attacked() -> None:
    assert POLICIES["standard"].policy == Policy()


def test_a_policy_knows_whether_it_is_looser() -> None:
    assert {name for name, held in POLICIES.items() if held.looser} == {"official-10-5"}
