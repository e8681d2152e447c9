from __future__ import annotations

import pytest

from questionnaires import effort

DICTIONARY = (  # syllables as dictionaries divide the words
    "the:1 cat:1 Aus-tra-li-an:4 plat-y-pus:3 seem-ing-ly:3 hy-brid:2 mam-mal:2 rep-til-i-an:4 crea-ture:2 "
    "neigh-bour-hood:3 com-mu-ni-ty:4 peo-ple:2 ta-ble:2 ques-tion:2 sta-tion:2 ar-e-a:3 i-de-a:3 be-ing:2 "
    "do-ing:2 sur-vey:2 an-swered:2 asked:1 need-ed:2 hous-es:2 ta-ken:2 likes:1 chan-ges:2 u-su-al-ly:4 "
    "sat-is-fied:3 anx-ious:2 ra-di-o:3 used:1 be-cause:2 ev-er-y:3 health:1 doc-tor:2 hos-pi-tal:3 "
    "em-ploy-ment:3 so-cial:2 spe-cial:2 sim-ple:2 a-gree:2 dis-a-gree:3 eth-nic-i-ty:4 qui-et:2 want-ed:2 "
    "lived:1 plac-es:2 strong-ly:2 coun-cil:2 trans-port:2 years:1 cy-cle:2 lit-tle:2 me-di-um:3 "
    "sit-u-a-tion:4 se-ri-ous:3 pre-vi-ous:3 ma-te-ri-al:4"
)


@pytest.mark.parametrize("entry", DICTIONARY.split())
def test_syllables(entry: str) -> None:
    word, count = entry.rsplit(":", 1)
    assert effort.syllables(word) == int(count)


def test_reading_age_is_the_flesch_kincaid_grade_plus_five() -> None:
    # 13 words, one sentence, 26 syllables: 0.39 * 13 + 11.8 * 26 / 13 - 15.59 = 13.08
    hard = "The Australian platypus is seemingly a hybrid of a mammal and reptilian creature."
    assert effort.reading_age(hard) == pytest.approx(13.08 + 5, abs=0.01)
    easy = "The cat sat on the mat. The dog sat on the cat."
    assert effort.reading_age(easy) == pytest.approx(0.39 * 6 + 11.8 - 15.59 + 5)
    assert effort.reading_age("Do you own this home?") is None, "too short to tell"
