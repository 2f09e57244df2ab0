"""Private numbers are found, look-alikes are not, and masking leaves nothing that identifies."""

import itertools
import string

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.privacy import PRIVATE, Kind, find, mask, private
from tests.handlers import private_cases


def test_the_labelled_texts_are_told_apart_well_enough() -> None:
    score = private_cases.score()
    assert len(private_cases.cases()) >= 300
    assert score.recall >= 0.95, score.slips
    assert score.precision >= 0.90, score.slips


def test_nothing_that_was_to_be_found_stays_readable() -> None:
    for case in private_cases.cases():
        masked = mask(case.text)
        for one in find(case.text):
            assert case.text[one.start : one.end] not in masked


def test_the_last_two_signs_stay_so_that_people_can_speak_of_it() -> None:
    assert mask("passport E12345678, thanks") == "passport …78, thanks"
    assert mask("write to anna@example.com") == "write to …@…"


def test_a_phone_number_and_an_address_are_peoples_own_business() -> None:
    assert not private("call me on 13812345678 or write to anna@example.com")
    assert not private("my order number is 6222000000000000129")
    assert private("pay me here 6222 0000 0000 0000 129")
    assert Kind.phone not in PRIVATE


def test_full_width_and_arabic_digits_are_digits() -> None:
    assert [one.kind for one in find("护照号：Ｅ１２３４５６７８")] == [Kind.passport]
    assert [one.kind for one in find("passport E١٢٣٤٥٦٧٨")] == [Kind.passport]


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from(string.printable + "护照号身份证卡：，。１Ｅ＠"), max_size=120))
def test_any_text_is_read_and_findings_stand_in_order(text: str) -> None:
    found = find(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(before.end <= after.start for before, after in itertools.pairwise(found))
    mask(text)
