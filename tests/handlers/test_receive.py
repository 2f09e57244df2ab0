"""The one way in: every message is kept, answered once, and never answered twice."""

import asyncio

import pytest

from handlers.desk import Desk
from handlers.errors import EmptyMessage
from handlers.messages import Attachment, AttachmentKind, ReplyKind
from handlers.resident.receive import receive, settle
from handlers.staff import queue, reply
from storage import conversations, outbox, tickets
from storage.outbox import DeliveryState
from storage.tickets import Reason, Status
from tests.desks import Clock, Person, hire


async def test_question_is_answered_in_its_language_with_source_and_day(ana: Person) -> None:
    english = await ana.say("How do I register my address?")
    assert (english.kind, english.entry, english.locale) == (ReplyKind.answer, "registration-how", "en")
    assert "1. Take your passport" in english.text
    assert "📄 Source: Exit and Entry Administration Law, Article 39" in english.text
    assert "Checked on 10 Jan 2026." in english.text
    chinese = await ana.say("怎么换驾照")
    assert (chinese.entry, chinese.locale) == ("driving-convert", "zh")
    assert "核对日期：2026年1月10日。" in chinese.text


async def test_entry_past_its_review_day_says_so(ana: Person, clock: Clock) -> None:
    clock.pass_(days=400)
    reply = await ana.say("How do I register my address?")
    assert "It was due for a new check on 10 Jan 2027" in reply.text


async def test_unknown_place_of_the_community_becomes_a_sensible_phrase(ana: Person) -> None:
    assert "{" not in (await ana.say("How do I register my address?")).text


async def test_unanswerable_question_becomes_a_ticket_with_a_number(ana: Person, desk: Desk) -> None:
    reply = await ana.say("Where can I get my piano tuned?")
    assert reply.kind is ReplyKind.receipt
    assert f"Ticket {reply.ticket}." in reply.text
    async with desk.storage.reading() as tx:
        ticket = await tickets.by_number(tx, reply.ticket or 0)
    assert ticket is not None
    assert (ticket.question, ticket.reason, ticket.status) == ("Where can I get my piano tuned?", Reason.unmatched, Status.open)


async def test_same_message_again_gives_the_same_replies_and_no_second_ticket(ana: Person, desk: Desk) -> None:
    message = ana.message("Where can I get my piano tuned?")
    first = await receive(desk, message)
    for _ in range(4):
        assert (await receive(desk, message)).replies == first.replies
    async with desk.storage.reading() as tx:
        assert len(await tickets.live(tx, first.conversation_id)) == 1


async def test_same_message_twice_at_the_same_moment_has_one_effect(ana: Person, desk: Desk) -> None:
    message = ana.message("Where can I get my piano tuned?")
    first, second = await asyncio.gather(receive(desk, message), receive(desk, message))
    assert first.replies == second.replies
    async with desk.storage.reading() as tx:
        assert len(await tickets.live(tx, first.conversation_id)) == 1


async def test_replies_wait_in_the_outbox_until_they_are_confirmed(ana: Person, desk: Desk, clock: Clock) -> None:
    reply = await ana.say("How do I register my address?")
    async with desk.storage.reading() as tx:
        delivery = await outbox.get(tx, reply.delivery_id)
    assert delivery is not None
    assert delivery.state is DeliveryState.leased
    clock.pass_(seconds=31)
    async with desk.storage.transaction() as tx:
        due = await outbox.lease_due(tx, clock(), desk.policy.reply_lease)
    assert [one.id for one in due] == [reply.delivery_id]


async def test_opening_line_waits_for_the_next_one_and_is_read_with_it(ana: Person) -> None:
    opening = await ana.receive("hi")
    assert opening.replies == ()
    assert opening.settle_at is not None
    reply = await ana.say("How do I register my address?")
    assert reply.entry == "registration-how"


async def test_opening_line_that_nothing_follows_is_answered_once(ana: Person, desk: Desk) -> None:
    opening = await ana.receive("I have a question")
    replies = [reply for reply in await settle(desk, opening.conversation_id) if reply.kind is not ReplyKind.privacy]
    assert len(replies) == 1
    assert await settle(desk, opening.conversation_id) == ()


async def test_opening_line_is_not_answered_again_after_the_next_one(ana: Person, desk: Desk) -> None:
    opening = await ana.receive("hello")
    await ana.say("How do I register my address?")
    assert await settle(desk, opening.conversation_id) == ()


@pytest.mark.parametrize("text", ["", "   ", "\x00\x01", "\u202e\u2066"])
async def test_message_without_words_is_refused_in_a_sentence(ana: Person, text: str) -> None:
    with pytest.raises(EmptyMessage):
        await ana.receive(text)


@pytest.mark.parametrize(
    "text",
    [
        "\x00How do I\x07 register my address?",
        "a" * 100_000,
        "\ud800 broken",
        "<script>alert(1)</script>",
        "👍👍👍",
        "\u202eevil\u202c text",
        "'; DROP TABLE tickets; --",
    ],
)
async def test_hostile_text_is_kept_and_answered(ana: Person, desk: Desk, text: str) -> None:
    received = await ana.receive(text)
    replies = received.replies or await settle(desk, received.conversation_id)
    assert replies
    async with desk.storage.reading() as tx:
        said = await conversations.last_turns(tx, received.conversation_id, 5)
    assert any(part.author == "resident" for part in said)


async def test_message_on_which_our_code_fails_becomes_a_ticket(
    ana: Person, desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(type(desk.faq), "read", broken)
    reply = await ana.say("How do I register my address?")
    assert reply.ticket is not None
    async with desk.storage.reading() as tx:
        ticket = await tickets.by_number(tx, reply.ticket)
    assert ticket is not None
    assert (ticket.reason, ticket.question) == (Reason.fault, "How do I register my address?")
    assert [record.message for record in caplog.records] == ["message_failed"]


async def test_photo_alone_joins_the_open_ticket(ana: Person, desk: Desk) -> None:
    receipt = await ana.say("Where can I get my piano tuned?")
    photo = Attachment(AttachmentKind.photo, "file-1")
    joined = await ana.say("", attachments=(photo,))
    assert joined.ticket == receipt.ticket
    async with desk.storage.reading() as tx:
        ticket = await tickets.by_number(tx, receipt.ticket or 0)
        assert ticket is not None
        thread = await conversations.of_ticket(tx, ticket.id)
    assert any(part.attachments and part.attachments[0]["reference"] == "file-1" for part in thread)


async def test_line_within_some_minutes_that_no_entry_answers_joins_the_ticket(ana: Person, clock: Clock) -> None:
    receipt = await ana.say("Where can I get my piano tuned?")
    clock.pass_(minutes=3)
    assert (await ana.say("Upright, black, from 1950")).ticket == receipt.ticket


async def test_another_matter_later_gets_a_ticket_of_its_own(ana: Person, clock: Clock) -> None:
    first = await ana.say("Where can I get my piano tuned?")
    clock.pass_(hours=2)
    second = await ana.say("Zebra xylophone quorum")
    assert second.ticket not in {None, first.ticket}


async def test_resident_answers_a_worker_in_the_same_ticket(ana: Person, desk: Desk, clock: Clock) -> None:
    receipt = await ana.say("Where can I get my piano tuned?")
    worker = await hire(desk)
    (row,) = await queue.waiting(desk, worker.id)
    await reply.reply(desk, worker.id, row.ticket.id, "Which district are you in?")
    clock.pass_(hours=5)
    assert (await ana.say("Binjiang, near the river")).ticket == receipt.ticket
    (row,) = await queue.waiting(desk, worker.id)
    assert row.ticket.status is Status.assigned
    assert row.ticket.waiting_since == clock()


async def test_one_tap_shows_the_other_language(ana: Person) -> None:
    await ana.say("How do I register my address?")
    other = await ana.tap("中文")
    assert (other.entry, other.locale) == ("registration-how", "zh")


async def test_own_choice_of_language_wins(ana: Person) -> None:
    await ana.say("/language zh")
    assert (await ana.say("How do I register my address?")).locale == "zh"


async def test_traditional_script_is_answered_in_traditional_script(ana: Person) -> None:
    reply = await ana.say("外國駕照換中國駕照")
    assert (reply.entry, reply.locale) == ("driving-convert", "zh-Hant")
    assert "小型汽車只考科目一" in reply.text


async def test_unhelpful_answer_becomes_a_ticket_with_the_question(ana: Person, desk: Desk) -> None:
    await ana.say("How do I register my address?")
    receipt = await ana.tap("👎 Talk to a person")
    async with desk.storage.reading() as tx:
        ticket = await tickets.by_number(tx, receipt.ticket or 0)
    assert ticket is not None
    assert (ticket.question, ticket.reason) == ("How do I register my address?", Reason.unhelpful)


async def test_made_up_button_leads_nowhere_and_says_so(ana: Person, desk: Desk) -> None:
    await ana.say("/language en")
    other = Person(desk, "Ben")
    await other.say("How do I register my address?")
    spoken = other.heard[-1].id
    for payload in (
        "zz",
        "y:",
        f"y:{spoken}",
        f"n:{spoken}",
        "y:99999999999999999999",
        "e:no-such-entry",
        "o:1",
        "r:1:9",
        "s:xx",
        "t:nothing",
        "l:-1",
    ):
        reply = await ana.say("", choice=payload)
        assert reply.kind is ReplyKind.notice, payload
        assert "no longer works" in reply.text, payload


async def test_number_taps_the_button_where_there_are_none(ana: Person) -> None:
    await ana.say("/start")
    assert (await ana.say("2")).kind is ReplyKind.suggestion


async def test_ticket_can_be_taken_back_and_opened_again(ana: Person, desk: Desk) -> None:
    receipt = await ana.say("Where can I get my piano tuned?")
    await ana.say("/ticket")
    await ana.tap(f"I no longer need this ({receipt.ticket})")
    assert "no open ticket" in (await ana.say("/ticket")).text
    ana.heard.pop()
    again = await ana.tap("Take it up again")
    assert again.ticket == receipt.ticket
    assert "open again" in again.text
