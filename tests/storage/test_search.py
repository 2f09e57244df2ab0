"""What was said on tickets is found by its words, under the worker's rights, and no longer once it is erased."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from storage import Author, Conversation, Storage, Ticket, Transaction, communities, conversations, search, tickets
from storage.findable import grams
from tests.storage import rows

SAID = {
    "anna": "My landlord keeps the deposit, 房东不退押金 after I moved out",
    "boris": "How do I do the 住宿登记 at the police station?",
    "clara": "護照丟了怎麼辦？ My number is 138 0013 8000",
    "david": "I need a pushchair for my cat 我养猫",
}


async def told(tx: Transaction, sender: str, words: str, now: datetime, community: str | None = None) -> tuple[Ticket, Conversation]:
    """A ticket in which a resident said that."""
    about = await rows.conversation(tx, now, sender=sender, chat=sender)
    opened = await rows.ticket(tx, about, now)
    opened.community_id = community
    await conversations.record(tx, about.id, author=Author.resident, text=words, locale="en", ticket_id=opened.id, at=now)
    return opened, about


async def found(storage: Storage, query: str, communities: set[str] | None = None) -> list[str]:
    """Who is found, newest first."""
    async with storage.reading() as tx:
        hits = await search.tickets(tx, query, communities=communities)
        names = [(await conversations.get(tx, ticket.conversation_id), ticket) for ticket, _said in hits]
    return [talk.chat_id for talk, _ticket in names if talk is not None]


@pytest.fixture
async def filled(storage: Storage, now: datetime) -> Storage:
    async with storage.transaction() as tx:
        for sender, words in SAID.items():
            await told(tx, sender, words, now)
    return storage


@pytest.mark.parametrize(
    ("query", "who"),
    [
        ("押金", ["anna"]),
        ("登记", ["boris"]),
        ("登記", ["boris"]),
        ("住宿登记", ["boris"]),
        ("护照", ["clara"]),
        ("护照 丢了", ["clara"]),
        ("猫", ["david"]),
        ("养", ["david"]),
        ("Deposit", ["anna"]),
        ("ＤＥＰＯＳＩＴ", ["anna"]),
        ("depos 押金", ["anna"]),
        ("regist", []),
        ("8000", ["clara"]),
        ("my", ["david", "clara", "anna"]),
        ("deposit 登记", []),
        ("1", ["anna"]),
        ("#2", ["boris"]),
        ("r-0003", ["clara"]),
        ("", []),
        ("?!。", []),
        ('" OR * NOT (', []),
        ("' & | ! : *", []),
    ],
)
async def test_tickets_are_found_by_what_was_said(filled: Storage, query: str, who: list[str]) -> None:
    assert await found(filled, query) == who


async def test_a_worker_finds_only_tickets_of_their_communities_and_of_none(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        await communities.ensure(tx, {name: {"en": name, "zh": name} for name in ("oak", "elm")}, now)
        for sender, community in (("anna", "oak"), ("boris", "elm"), ("clara", None)):
            await told(tx, sender, "押金", now, community)
    assert await found(storage, "押金", {"oak"}) == ["clara", "anna"]
    assert await found(storage, "2", {"oak"}) == []


async def test_each_ticket_is_found_once_with_the_last_turn_that_fits(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        opened, about = await told(tx, "anna", "押金 first", now)
        later = await conversations.record(tx, about.id, author=Author.resident, text="押金 second", locale="en", at=now)
        await conversations.join(tx, later, opened.id, now)
        await conversations.record(tx, about.id, author=Author.resident, text="押金 elsewhere", locale="en", at=now)
    async with storage.reading() as tx:
        ((ticket, said),) = await search.tickets(tx, "押金", communities=None)
    assert said is not None
    assert (ticket.id, said.text) == (opened.id, "押金 second")


async def test_what_is_emptied_or_deleted_is_found_no_more(filled: Storage) -> None:
    async with filled.transaction() as tx:
        await tx.session.execute(text("UPDATE utterances SET text = '' WHERE text LIKE '%deposit%'"))
        await tx.session.execute(text("DELETE FROM utterances WHERE text LIKE '%pushchair%'"))
    assert await found(filled, "押金") == []
    assert await found(filled, "猫") == []
    async with filled.reading() as tx:
        assert len((await tx.session.execute(text("SELECT utterance_id FROM search_entries"))).all()) == 2


async def test_the_file_forgets_erased_words_when_it_is_scrubbed(sqlite_storage: Storage, now: datetime) -> None:
    async with sqlite_storage.transaction() as tx:
        for n in range(30):
            await told(tx, f"s{n}", f"kumquatzebra{n} 柑橘 {n}", now)
    async with sqlite_storage.transaction() as tx:
        await tx.session.execute(text("UPDATE utterances SET text = ''"))
    assert await sqlite_storage.scrub()
    assert sqlite_storage.path is not None
    assert b"kumquatzebra" not in sqlite_storage.path.read_bytes()


async def test_merged_tickets_are_found_as_the_one_that_goes_on(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        opened, about = await told(tx, "anna", "押金", now)
        other = await rows.ticket(tx, about, now, topic="housing")
        await tickets.merge(tx, opened.id, other.id, None, now + timedelta(minutes=1))
    async with storage.reading() as tx:
        ((ticket, _said),) = await search.tickets(tx, "押金", communities=None)
    assert ticket.id == other.id


def test_grams_are_pairs_of_chinese_characters_and_whole_other_words() -> None:
    assert grams("退押金 in May, in mai") == ["退押", "押金", "金", "in", "may", "mai"]
    assert grams("") == []
    assert grams("x" * 99) == ["x" * 40]
