"""Passwords: which are refused, and how the rest are kept."""

import unicodedata

import pytest
from argon2 import PasswordHasher, extract_parameters

from survey_app.services import passwords
from survey_app.services.passwords import PasswordProblem

PERSON = ("amina.okafor@chelmsfordcvs.org.uk", "Amina Okafor", "Hereabouts")


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("elevenchars", PasswordProblem.TOO_SHORT),
        ("tinder rose", PasswordProblem.TOO_SHORT),  # 11
        ("tinder rosey", None),  # 12
        ("x" * 129, PasswordProblem.TOO_LONG),
        ("password1234", PasswordProblem.TOO_EASY),
        ("Password!Password!", PasswordProblem.TOO_EASY),
        ("123456789012", PasswordProblem.TOO_EASY),
        ("aaaaaaaaaaaaaaa", PasswordProblem.TOO_EASY),
        ("abcabcabcabcabc", PasswordProblem.TOO_EASY),
        ("qwertyuiop[]12", PasswordProblem.TOO_EASY),
        ("zyxwvutsrqponm", PasswordProblem.TOO_EASY),
        ("hereabouts2026", PasswordProblem.TOO_EASY),
        ("AminaOkafor99", PasswordProblem.TOO_EASY),
        ("chelmsfordcvs-1", PasswordProblem.TOO_EASY),
        ("amina.okafor@chelmsfordcvs.org.uk", PasswordProblem.TOO_EASY),
        ("amina tinder kettle", None),
        ("kettle under the moon", None),
        ("چائے کتاب دریا پہاڑ", None),
        ("G7#pLq9!vTz2", None),
    ],
)
def test_what_is_refused(password: str, problem: PasswordProblem | None) -> None:
    assert passwords.problem(password, about=PERSON) is problem


def test_every_common_password_is_refused_however_it_is_padded() -> None:
    for word in passwords.COMMONEST:
        for padded in (word * 4, word + "1234567890!!", word.upper() + "............"):
            assert passwords.problem(padded) in {PasswordProblem.TOO_EASY, PasswordProblem.TOO_SHORT}, padded


def test_kept_with_argon2id_at_the_parameters_documented() -> None:
    kept = passwords.hash_password("kettle under the moon")
    parameters = extract_parameters(kept)
    assert kept.startswith("$argon2id$")
    assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (19 * 1024, 2, 1)
    assert passwords.verify(kept, "kettle under the moon")
    assert not passwords.verify(kept, "kettle under the moo")
    assert not passwords.needs_rehash(kept)


def test_older_parameters_are_noticed() -> None:
    older = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash("kettle under the moon")
    assert passwords.verify(older, "kettle under the moon")
    assert passwords.needs_rehash(older)


def test_an_unknown_address_costs_the_same_check_and_never_matches(monkeypatch: pytest.MonkeyPatch) -> None:
    checked = []
    real = passwords.HASHER

    class Counting:
        def verify(self, kept: str, password: str) -> bool:
            checked.append(extract_parameters(kept))
            return real.verify(kept, password)

    decoy = passwords.decoy()
    known = passwords.hash_password("kettle under the moon")
    monkeypatch.setattr(passwords, "HASHER", Counting())
    assert not passwords.verify(None, "anything at all")
    assert not passwords.verify(None, "no account has this password")
    assert not passwords.verify(known, "something else")
    assert checked[0] == checked[1] == checked[2]
    assert decoy == passwords.decoy()


def test_one_form_for_characters_typed_in_several_ways() -> None:
    composed = unicodedata.normalize("NFC", "café théâtre brûlé")
    decomposed = unicodedata.normalize("NFD", composed)
    assert composed != decomposed
    assert passwords.verify(passwords.hash_password(composed), decomposed)


def test_rubbish_in_the_database_is_not_a_match() -> None:
    assert not passwords.verify("not a hash", "kettle under the moon")
