"""An urgent ticket calls people until somebody says that they have seen it; only then the resident hears so."""

from dataclasses import replace

import pytest

from handlers.desk import Desk
from handlers.errors import LinkSpent
from handlers.messages import Reply
from handlers.staff import paging, queue, roster
from handlers.staff.on_call import NOTIFY
from storage.tickets import EventKind
from storage.workers import Role
from tests.desks import Clock, Person, hire
from tests.handlers.test_staff import delivered

FIRE = "help there is a fire in my flat"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """A desk whose workers can be reached by a robot."""
    return replace(desk, notify=("json://127.0.0.1",), url="https://help.example.org")


async def calls(desk: Desk) -> list[Reply]:
    """The notifications that went out now."""
    return [one for one in await delivered(desk) if one.channel == NOTIFY]


def token(call: Reply) -> str:
    """What the link of a call ends with."""
    return call.choices[0].payload.removeprefix("https://help.example.org/console/page/")


async def who(desk: Desk, call: Reply) -> str:
    return (await paging.called(desk, token(call))).worker


async def test_one_person_is_called_after_the_other_then_the_supervisor(desk: Desk, ana: Person, clock: Clock) -> None:
    await hire(desk, "Chen Yuyu")
    await hire(desk, "Boss", role=Role.supervisor)
    await hire(desk, "Wang Lei")
    await ana.say("/start c-willow")
    await ana.receive(FIRE)
    clock.pass_(minutes=1)
    await delivered(desk)
    called = []
    for _step in range(4):
        await paging.sweep(desk)
        assert await paging.sweep(desk) == 0
        (call,) = await calls(desk)
        called.append(await who(desk, call))
        clock.pass_(minutes=5)
    assert called == ["Chen Yuyu", "Wang Lei", "Boss", "Chen Yuyu"]


async def test_a_call_names_no_words_of_the_resident_and_nothing_is_claimed_of_it_before_somebody_has_seen_it(
    desk: Desk, ana: Person, clock: Clock
) -> None:
    chen = await hire(desk)
    await ana.receive(FIRE)
    clock.pass_(minutes=1)
    await delivered(desk)
    await paging.sweep(desk)
    (call,) = await calls(desk)
    assert "flat" not in call.text
    assert "Ana" not in call.text
    assert (await paging.called(desk, token(call))).holder is None
    assert await delivered(desk) == []
    seen = await paging.acknowledge(desk, token(call))
    assert seen.holder == "Chen Yuyu"
    (told,) = await delivered(desk)
    assert told.text == "Chen Yuyu has seen this and is looking after it now."
    await paging.acknowledge(desk, token(call))
    assert await delivered(desk) == []
    clock.pass_(minutes=30)
    assert await paging.sweep(desk) == 0
    case = await queue.look(desk, chen.id, 1)
    assert [event.kind for event in case.events if event.kind in (EventKind.paged, EventKind.acknowledged)] == ["paged", "acknowledged"]


async def test_whoever_claims_the_ticket_elsewhere_has_seen_it(desk: Desk, ana: Person, clock: Clock) -> None:
    await hire(desk, "Chen Yuyu")
    wang = await hire(desk, "Wang Lei")
    await ana.receive(FIRE)
    clock.pass_(minutes=1)
    await delivered(desk)
    await paging.sweep(desk)
    (call,) = await calls(desk)
    await queue.claim(desk, wang.id, 1)
    assert await paging.sweep(desk) == 1
    (told,) = await delivered(desk)
    assert told.text.startswith("Wang Lei has seen this")
    assert (await paging.acknowledge(desk, token(call))).holder == "Wang Lei"
    assert await delivered(desk) == []


async def test_after_three_rounds_it_is_given_up_with_a_note(desk: Desk, ana: Person, clock: Clock) -> None:
    chen = await hire(desk)
    await ana.receive(FIRE)
    clock.pass_(minutes=1)
    for _step in range(5):
        await paging.sweep(desk)
        clock.pass_(minutes=5)
    assert len(await calls(desk)) == 3
    notes = [one for one in (await queue.look(desk, chen.id, 1)).thread if one.kind == "unpaged"]
    assert "called 3 times" in notes[0].text
    assert len(notes) == 1


async def test_where_nobody_can_be_reached_nobody_is_called(desk: Desk, ana: Person, clock: Clock) -> None:
    deaf = replace(desk, notify=())
    await hire(deaf)
    await ana.receive(FIRE)
    assert await paging.sweep(deaf) == 1
    assert await paging.sweep(deaf) == 0
    clock.pass_(minutes=1)
    assert await calls(deaf) == []


async def test_made_up_and_old_links_lead_nowhere(desk: Desk, ana: Person, clock: Clock) -> None:
    chen = await hire(desk)
    await ana.receive(FIRE)
    clock.pass_(minutes=1)
    await paging.sweep(desk)
    (call,) = await calls(desk)
    await roster.remove(desk, chen.id)
    for link in (token(call), "made-up"):
        with pytest.raises(LinkSpent):
            await paging.acknowledge(desk, link)


async def test_calm_tickets_call_nobody(desk: Desk, ana: Person) -> None:
    await hire(desk)
    await ana.say("Where can I get my piano tuned?")
    assert await paging.sweep(desk) == 0
