"""Story 2 of a new resident: three questions while an earlier ticket is still open, three answers, nothing wrongly added."""

from handlers.desk import Desk
from handlers.messages import ReplyKind
from storage import conversations, tickets
from tests.desks import Person


async def test_three_questions_get_three_answers_while_a_ticket_is_open(desk: Desk, ana: Person) -> None:
    receipt = await ana.say("Where can I get my piano tuned?")
    replies = [
        await ana.say("can i drive here with my IDP or do i have to do the test again"),
        await ana.say("my insurance says they wont pay"),
        await ana.say("and we look for an ayi, can the community help?"),
    ]
    assert [reply.kind for reply in replies] == [ReplyKind.answer] * 3
    assert [reply.entry for reply in replies] == ["driving-foreign-licence", "health-insurance-claim", "housing-nanny"]
    async with desk.storage.reading() as tx:
        ticket = await tickets.by_number(tx, receipt.ticket or 0)
        assert ticket is not None
        thread = await conversations.of_ticket(tx, ticket.id)
        said = await conversations.last_turns(tx, ticket.conversation_id, 20)
    assert [part.text for part in thread if part.author == "resident"] == ["Where can I get my piano tuned?"]
    assert len([part for part in said if part.author == "resident"]) == 4
