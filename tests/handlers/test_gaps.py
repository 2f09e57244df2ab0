"""What was asked and not answered, grouped, masked, and only what was really missing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from faq.knowledge import Knowledge
from faq.reading import Context, Question, Reading
from handlers.desk import Desk
from handlers.errors import NotAllowed
from handlers.policy import Policy
from handlers.staff import gaps
from storage import questions
from storage.workers import Role
from tests.desks import CATALOGUE, Clock, Person, hire


class Mute(Knowledge):
    """A matcher that is out of order."""

    def read(self, text: str, context: Context = Context()) -> Reading:  # noqa: B008 - a frozen value
        return replace(super().read(text, context), questions=(Question(text, ()),), follow_up=None)


@pytest.fixture
def people(desk: Desk) -> list[Person]:
    return [Person(desk, name=name) for name in ("Ana", "Bo", "Cleo")]


async def test_questions_of_one_meaning_are_one_gap_and_the_largest_comes_first(desk: Desk, people: list[Person]) -> None:
    ana, bo, cleo = people
    await ana.say("Where can I get my piano tuned?")
    await bo.say("who tunes a piano, where can I get a piano tuned")
    await cleo.say("are there gondolas for rent in july")
    found = await gaps.gaps(desk, None)
    assert [(gap.count, gap.residents, gap.unhelpful, gap.answered) for gap in found] == [(2, 2, 0, None), (1, 1, 0, None)]
    assert {one.text for one in found[0].told} == {"Where can I get my piano tuned?", "who tunes a piano, where can I get a piano tuned"}
    assert found[0].languages == ("en",)


async def test_an_answer_that_did_not_help_and_none_of_these_are_gaps(desk: Desk, people: list[Person]) -> None:
    ana, bo, _ = people
    await ana.say("how do i find a nanny")
    await ana.tap("👎 Talk to a person")
    desk_that_doubts = replace(desk, policy=Policy(answer_at=0.999, suggest_at=0.0))
    unsure = replace(bo, desk=desk_that_doubts)
    await unsure.say("somebody who cleans the nanny bank licence")
    await unsure.tap("None of these")
    found = await gaps.gaps(desk, None)
    assert sorted((gap.told[0].text, gap.unhelpful, gap.entry is not None) for gap in found) == [
        ("how do i find a nanny", 1, True),
        ("somebody who cleans the nanny bank licence", 0, True),
    ]
    assert next(gap.entry for gap in found if gap.unhelpful) == "housing-nanny"


async def test_an_outage_of_the_matcher_is_no_gap(desk: Desk, people: list[Person]) -> None:
    broken = replace(people[0], desk=replace(desk, faq=Mute(CATALOGUE)))
    receipt = await broken.say("Where can I get my piano tuned?")
    assert receipt.ticket
    assert await gaps.gaps(desk, None) == []


async def test_what_is_answered_by_now_is_no_gap_any_more(desk: Desk, people: list[Person]) -> None:
    deaf = replace(people[0], desk=replace(desk, policy=Policy(answer_at=1.1, suggest_at=1.1)))
    await deaf.say("how do i find a nanny")
    assert await gaps.gaps(replace(desk, policy=Policy(answer_at=1.1, suggest_at=1.1)), None) != []
    assert await gaps.gaps(desk, None) == []


async def test_numbers_that_tell_a_person_are_masked(desk: Desk, people: list[Person]) -> None:
    await people[0].say("my passport is E12345678, who tunes a piano?")
    (gap,) = await gaps.gaps(desk, None)
    assert "E12345678" not in gap.told[0].text
    assert "tunes a piano" in gap.told[0].text


async def test_old_questions_are_left_out(desk: Desk, people: list[Person], clock: Clock) -> None:
    await people[0].say("who tunes a piano?")
    clock.pass_(days=40)
    assert await gaps.gaps(desk, None, within=timedelta(days=30)) == []
    assert len(await gaps.gaps(desk, None)) == 1


async def test_supervisors_and_admins_see_gaps(desk: Desk) -> None:
    for role in (Role.supervisor, Role.admin):
        assert await gaps.gaps(desk, (await hire(desk, role, role)).id) == []
    with pytest.raises(NotAllowed):
        await gaps.gaps(desk, (await hire(desk)).id)


async def test_the_last_questions_are_those_that_people_wrote_newest_first(desk: Desk, people: list[Person]) -> None:
    await people[0].say("who tunes a piano?")
    await people[1].say("how do i find a nanny")
    await people[1].tap("👍 This helped")
    await people[2].say("who tunes a piano?")
    async with desk.storage.reading() as tx:
        assert await questions.last(tx, 10) == ["who tunes a piano?", "how do i find a nanny"]
        assert await questions.last(tx, 1) == ["who tunes a piano?"]
