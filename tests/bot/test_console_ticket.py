"""A ticket's page: ready replies, an answer that is taken back, two tickets that become one, tags, a time of one's own, who is answering."""

from handlers.desk import Desk
from handlers.staff import queue
from tests.bot.web import PIANO, Desktop, Visitor, seconds_pass
from tests.desks import Clock


async def test_an_answer_waits_and_can_be_taken_back(chen: Desktop, ana: Visitor, desk: Desk, clock: Clock) -> None:
    await ana.say(PIANO)
    before = len(await ana.heard())
    await chen.open("/console/tickets/1")
    await chen.send("/reply", text="Mr Li tuns pianos.")
    assert "not sent yet" in chen.page.text
    await chen.send("/undo")
    assert "It was not sent." in chen.page.text
    assert "Mr Li tuns pianos." in chen.page.text
    await seconds_pass(desk, clock)
    assert len(await ana.heard()) == before


async def test_what_was_said_cannot_be_taken_back(chen: Desktop, ana: Visitor, desk: Desk, clock: Clock) -> None:
    await ana.say(PIANO)
    await chen.open("/console/tickets/1")
    await chen.send("/reply", text="Mr Li tunes pianos.")
    await seconds_pass(desk, clock)
    await chen.send("/undo")
    assert chen.status == 409
    assert "cannot be taken back" in chen.page.text
    assert (await ana.heard())[-1]["author"] == "worker"


async def test_only_who_wrote_an_answer_takes_it_back(chen: Desktop, wang: Desktop, ana: Visitor) -> None:
    await ana.say(PIANO)
    await chen.open("/console/tickets/1")
    await chen.send("/reply", text="Mr Li tunes pianos.")
    page = await wang.open("/console/tickets/1")
    assert "not sent yet" in page.text
    assert not [path for path, _hidden in page.forms if "/undo" in path]
    await wang.post("/console/tickets/1/undo", {**page.hidden("/note"), **chen.page.hidden("/undo"), "csrf": page.hidden("/note")["csrf"]})
    assert wang.status == 409


async def test_a_ready_reply_stands_behind_what_was_written(chen: Desktop, ana: Visitor) -> None:
    await ana.say(PIANO)
    page = await chen.open("/console/tickets/1")
    assert "Ready replies" in page.text
    choice = page.options("canned")[0]
    assert choice.startswith("en:")
    await chen.post("/console/tickets/1/canned", {**page.hidden("/reply"), "text": "Hello Ana.", "canned": choice})
    assert chen.page.areas["text"].startswith("Hello Ana.\n")
    assert "{" not in chen.page.areas["text"]
    assert len(await ana.heard()) == 2


async def test_two_tickets_of_one_person_become_one(chen: Desktop, ana: Visitor, desk: Desk, clock: Clock) -> None:
    await ana.say(PIANO)
    clock.pass_(minutes=11)
    await ana.say("Is there any compost heap for vegetable peelings around?")
    page = await chen.open("/console/tickets/2")
    assert page.options("into") == ["1"]
    await chen.send("/merge", into="1")
    assert "one ticket now" in chen.page.text
    assert "Ticket 1" in chen.page.text
    assert (await queue.look(desk, 1, 2)).ticket.outcome == "merged"
    assert "go on as 1" in (await ana.heard())[-1]["text"]


async def test_tags_are_put_on_and_taken_off(chen: Desktop, ana: Visitor) -> None:
    await ana.say(PIANO)
    await chen.open("/console/tickets/1")
    await chen.send("/tag", tag="#Music ")
    assert "#music" in chen.page.text
    await chen.send("/untag")
    assert "The tag is off." in chen.page.text
    assert "#music" not in chen.page.text


async def test_put_aside_until_a_time_of_ones_own_or_until_they_write(chen: Desktop, ana: Visitor, desk: Desk) -> None:
    await ana.say(PIANO)
    await chen.open("/console/tickets/1")
    await chen.send("/snooze", until="hour", at="2026-03-05T14:30")
    assert "Put aside until 5 Mar 2026 14:30." in chen.page.text
    await chen.send("/snooze", until="answer", at="")
    until = (await queue.look(desk, 1, 1)).ticket.snoozed_until
    assert until == desk.now() + desk.policy.answer_within


async def test_a_colleague_sees_who_is_answering(chen: Desktop, wang: Desktop, ana: Visitor, clock: Clock) -> None:
    await ana.say(PIANO)
    page = await chen.open("/console/tickets/1")
    await chen.send("/reply", text="")
    await chen.post("/console/tickets/1/here", page.hidden("/reply"))
    assert chen.status == 204
    assert "Chen Yuyu is answering." in (await wang.open("/console/tickets/1")).text
    await chen.post("/console/tickets/1/here", {**page.hidden("/reply"), "gone": "yes"})
    assert "is answering" not in (await wang.open("/console/tickets/1/thread")).text
    await chen.post("/console/tickets/1/here", page.hidden("/reply"))
    clock.pass_(seconds=30)
    assert "is answering" not in (await wang.open("/console/tickets/1/thread")).text
