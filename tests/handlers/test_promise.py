"""What a resident is promised in office hours and out of them."""

from datetime import datetime

import pytest

from handlers.desk import Desk
from handlers.hours import HERE
from tests.desks import Clock, Person

PIANO = "Where can I get my piano tuned?"


async def promised(desk: Desk, clock: Clock, at: str, text: str = PIANO) -> str:
    """The receipt of a ticket that is opened at a time of Hangzhou."""
    clock.time = datetime.fromisoformat(at).replace(tzinfo=HERE)
    ana = Person(desk)
    await ana.say("/start c-willow")
    return (await ana.say(text)).text


async def test_in_office_hours_nobody_is_sent_elsewhere(desk: Desk, clock: Clock) -> None:
    assert "12345" not in await promised(desk, clock, "2026-03-02 10:00")


@pytest.mark.parametrize(
    ("at", "again"),
    [
        ("2026-03-02 20:00", "It answers again on Tuesday, 3 March from 09:00."),
        ("2026-03-06 18:00", "It answers again on Monday, 9 March from 09:00."),
        ("2026-02-14 18:00", "It answers again on Tuesday, 24 February from 09:00."),
        ("2026-02-27 18:00", "It answers again on Saturday, 28 February from 09:00."),
    ],
)
async def test_out_of_hours_the_resident_learns_when_and_whom_to_ask_now(desk: Desk, clock: Clock, at: str, again: str) -> None:
    receipt = await promised(desk, clock, at)
    assert "The office is closed now." in receipt
    assert again in receipt
    assert all(number in receipt for number in ("12367", "12345", "110", "119", "120"))


async def test_the_same_in_chinese(desk: Desk, clock: Clock) -> None:
    receipt = await promised(desk, clock, "2026-03-02 20:00", "哪里可以修钢琴")
    assert "3月3日星期二 09:00" in receipt
