"""What people are told about their data: once, after their answer, never in the way of danger; and all of it at /privacy."""

import pytest

from handlers.desk import Desk
from handlers.export_page import page, style_source
from handlers.messages import ChatKind, ReplyKind
from handlers.resident import mydata, notice
from handlers.resident.mydata import REFERENCE
from handlers.resident.receive import receive
from handlers.staff import queue, reply
from handlers.staff.breach import breach
from storage import audit, people, tickets
from tests.desks import Clock, Person, hire

PIANO = "Where can I get my piano tuned?"
REGISTER = "How do I register my address?"


async def test_first_answer_comes_first_and_three_sentences_follow_once(ana: Person, desk: Desk) -> None:
    first = await ana.receive(REGISTER)
    assert [one.kind for one in first.replies] == [ReplyKind.answer, ReplyKind.privacy]
    told = first.replies[1]
    assert told.text.count(". ") + 1 == 3
    assert "180 days" in told.text
    assert "outside mainland China" in told.text
    assert [choice.label for choice in told.choices] == ["I understand"]
    assert len((await ana.receive(REGISTER)).replies) == 1
    assert "/forget" in (await ana.tap("I understand")).text
    async with desk.storage.transaction() as tx:
        resident = await people.find_or_create(tx, ana.channel, ana.name, name=None, now=desk.now())
        assert (resident.privacy_version, resident.privacy_at) == (notice.VERSION, desk.now())
        actions = [(one.action, one.detail) for one in await audit.of_subjects(tx, [f"resident:{resident.id}"])]
    assert actions == [("privacy_told", {"version": notice.VERSION}), ("privacy_understood", {"version": notice.VERSION})]


async def test_it_is_told_in_the_language_of_the_person(ana: Person) -> None:
    told = (await ana.receive("怎么换驾照")).replies[1]
    assert "只有您社区的社工能看到" in told.text
    assert told.choices[0].label == "我知道了"


async def test_a_new_version_is_told_again(ana: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    await ana.receive(REGISTER)
    monkeypatch.setattr(notice, "VERSION", "2027-01")
    assert len((await ana.receive(REGISTER)).replies) == 2


async def test_a_typed_number_means_the_buttons_of_the_answer(ana: Person) -> None:
    await ana.receive(REGISTER)
    assert (await ana.say("1")).text.startswith("Good")


async def test_no_notice_in_a_group_and_none_beside_the_welcome(ana: Person, desk: Desk) -> None:
    in_group = await receive(desk, ana.message(REGISTER, chat_kind=ChatKind.group))
    assert [one.kind for one in in_group.replies] == [ReplyKind.answer]
    assert [one.kind for one in (await ana.receive("/start")).replies] == [ReplyKind.welcome]


async def test_privacy_says_everything_with_the_figures_of_the_policy(ana: Person) -> None:
    await ana.say("/language en")
    said = await ana.say("/privacy")
    for word in ("180 days", "30 days", "3 years", "365 days", "/mydata", "/forget", "not read", "Telegram"):
        assert word in said.text
    assert [choice.label for choice in said.choices] == ["Get my data", "Delete my data"]
    assert len((await ana.receive(REGISTER)).replies) == 1


async def test_deleting_takes_two_taps_from_privacy(ana: Person, desk: Desk) -> None:
    await ana.say(PIANO)
    await ana.say("/privacy")
    await ana.tap("Delete my data")
    assert "is deleted" in (await ana.tap("Delete everything")).text


async def test_mydata_gives_a_link_that_works_once_and_for_an_hour(ana: Person, desk: Desk, clock: Clock) -> None:
    opened = await ana.say(PIANO)
    worker = await hire(desk)
    async with desk.storage.reading() as tx:
        ticket = await tickets.by_number(tx, opened.ticket or 0)
    assert ticket is not None
    await queue.look(desk, worker.id, ticket.id)
    await queue.claim(desk, worker.id, ticket.id)
    await reply.reply(desk, worker.id, ticket.id, "Ask at the culture centre.")
    await reply.note(desk, worker.id, ticket.id, "secret note")
    said = await ana.say("/mydata")
    token = said.attachments[0].reference.removeprefix(REFERENCE)
    assert await mydata.link_works(desk, token)
    assert await mydata.link_works(desk, token)
    found = await mydata.fetch(desk, token)
    assert found is not None
    assert await mydata.fetch(desk, token) is None
    assert not await mydata.link_works(desk, token)
    export = found.export
    assert export["person"]["name"] == "Ana"
    assert [one["channel"] for one in export["known_by"]] == ["test"]
    words = [turn["text"] for talk in export["conversations"] for turn in talk["messages"]]
    assert PIANO in words
    assert any("culture centre" in text for text in words)
    assert export["tickets"][0]["question"] == PIANO
    assert export["tickets"][0]["with"] == "Chen Yuyu"
    assert [(look["who"], look["what"], look["ticket"]) for look in export["seen_by"]] == [("Chen Yuyu", "ticket_seen", ticket.number)]
    assert export["notes_of_workers"] == 1
    assert "secret note" not in str(export)
    late = (await ana.say("/mydata")).attachments[0].reference.removeprefix(REFERENCE)
    clock.pass_(minutes=61)
    assert await mydata.fetch(desk, late) is None


async def test_nobody_elses_words_are_in_it(ana: Person, desk: Desk) -> None:
    await Person(desk, name="Ben").say("My neighbour Ana plays the piano at night, ben-secret")
    await ana.say(PIANO)
    found = await mydata.of_sender(desk, ana.channel, f"chat-{ana.name}") or await mydata.fetch(
        desk, (await ana.say("/mydata")).attachments[0].reference.removeprefix(REFERENCE)
    )
    assert found is not None
    assert "ben-secret" not in str(found.export)


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_the_page_shows_hostile_words_as_words_and_stands_alone(ana: Person, desk: Desk, language: str) -> None:
    await ana.say(f"{PIANO} <script>alert(1)</script> </style> \u202egnp.exe")
    found = await mydata.fetch(desk, (await ana.say("/mydata")).attachments[0].reference.removeprefix(REFERENCE))
    assert found is not None
    html = page(found.export, language)
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert html.count("</style>") == 1
    assert "src=" not in html
    assert "http://" not in html
    assert style_source(html).startswith("'sha256-")
    assert ("<h1>Everything held about you</h1>" in html) == (language == "en")


async def test_breach_lists_whose_data_which_fields_and_by_whom(ana: Person, desk: Desk, clock: Clock) -> None:
    opened = await ana.say(PIANO)
    careless, other = await hire(desk, "Careless"), await hire(desk, "Other")
    async with desk.storage.reading() as tx:
        ticket = await tickets.by_number(tx, opened.ticket or 0)
        assert ticket is not None
        resident = await people.get(tx, ticket.resident_id)
    assert resident is not None
    await queue.look(desk, other.id, ticket.id)
    clock.pass_(hours=2)
    since = clock()
    await queue.look(desk, careless.id, ticket.id)
    clock.pass_(minutes=5)
    await queue.look(desk, careless.id, ticket.id)
    found = await breach(desk, since)
    assert [(one.alias, one.who, one.tickets, one.times) for one in found] == [(resident.alias, "Careless", (ticket.number,), 2)]
    assert found[0].last_at == clock()
    assert "messages" in found[0].fields
    clock.pass_(hours=-3)
    assert {one.who for one in await breach(desk, clock())} == {"Careless", "Other"}
    assert [one.who for one in await breach(desk, clock(), worker="Other")] == ["Other"]
