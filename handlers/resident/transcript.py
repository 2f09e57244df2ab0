"""What was said in one conversation, for a front end that shows it: all that both sides said, after a cursor, as it comes."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.desk import Desk
from storage import changes, conversations, tickets, workers
from storage.conversations import Author, Conversation, Utterance
from storage.transaction import Transaction

#: How many turns one look brings at most.
PAGE = 500
#: How far back the button that somebody pressed is looked for, in turns.
BUTTONS = 60
#: A look is taken after this many seconds even where nothing was heard of a change.
LOOK_S = 20.0


@dataclass(frozen=True, slots=True)
class Line:
    """One turn as both sides may see it. `message_id` is the front end's own id of what the resident sent; `name` is the worker's."""

    id: int
    author: str
    kind: str
    text: str
    locale: str
    entry: str | None
    ticket: int | None
    at: datetime
    choices: tuple[tuple[str, str], ...] = ()
    message_id: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """Turns after a cursor, and the cursor to ask with next."""

    lines: tuple[Line, ...]
    cursor: int


async def read(desk: Desk, channel: str, sender_id: str, cursor: int) -> Talk:
    """What was said after `cursor` in the sender's own chat; what a worker sent counts as seen from now on."""
    async with desk.storage.reading() as tx:
        conversation = await conversations.of_sender(tx, channel, sender_id, sender_id)
        lines = await _lines(tx, conversation, cursor) if conversation else ()
    if conversation:
        await _seen(desk, conversation, lines)
    return Talk(lines, lines[-1].id if lines else cursor)


async def follow(desk: Desk, channel: str, sender_id: str, cursor: int) -> AsyncIterator[Line]:
    """Each turn after `cursor`, and each new one when it is said, whichever process it was said in; never ends by itself."""
    while True:
        async with desk.storage.reading() as tx:
            known = await changes.latest(tx)
            conversation = await conversations.of_sender(tx, channel, sender_id, sender_id)
            lines = await _lines(tx, conversation, cursor) if conversation else ()
        for line in lines:
            yield line
            cursor = line.id
        if conversation:
            await _seen(desk, conversation, lines)
        if len(lines) < PAGE:
            await desk.storage.changed(known, LOOK_S)


async def of_conversation(desk: Desk, conversation_id: int) -> tuple[Line, ...]:
    """The last turns of a conversation that is known by its private link."""
    async with desk.storage.reading() as tx:
        conversation = await conversations.get(tx, conversation_id)
        return await _lines(tx, conversation, 0) if conversation else ()


async def mark_seen(desk: Desk, conversation_id: int) -> None:
    """The resident has opened the whole conversation."""
    async with desk.storage.reading() as tx:
        conversation = await conversations.get(tx, conversation_id)
        lines = await _lines(tx, conversation, 0) if conversation else ()
    if conversation:
        await _seen(desk, conversation, lines)


async def _seen(desk: Desk, conversation: Conversation, lines: Sequence[Line]) -> None:
    """Only what a worker did is worth a write: nobody waits to learn that the bot's own answer was read."""
    last = max((line.id for line in lines if line.author == Author.worker), default=0)
    if last > conversation.seen_utterance_id:
        async with desk.storage.transaction() as tx:
            await conversations.mark_seen(tx, conversation.id, last, desk.now())


async def _lines(tx: Transaction, conversation: Conversation, cursor: int) -> tuple[Line, ...]:
    said = await conversations.after(tx, conversation.id, cursor, PAGE)
    labels: dict[str, str] = {}
    if any(one.choice and not one.text for one in said):
        before = await conversations.last_turns(tx, conversation.id, BUTTONS + len(said))
        labels = {choice["payload"]: choice["label"] for one in before for choice in one.choices}
    numbers: dict[int, int] = {}
    for ticket_id in {one.ticket_id for one in said if one.ticket_id is not None}:
        ticket = await tickets.get(tx, ticket_id)
        if ticket is not None:
            numbers[ticket_id] = ticket.number
    names: dict[int, str] = {}
    for worker_id in {one.worker_id for one in said if one.worker_id is not None}:
        worker = await workers.get(tx, worker_id)
        if worker is not None:
            names[worker_id] = worker.name
    return tuple(_line(one, labels, numbers, names) for one in said)


def _line(said: Utterance, labels: dict[str, str], numbers: dict[int, int], names: dict[int, str]) -> Line:
    return Line(
        id=said.id,
        author=said.author,
        kind=said.kind or "message",
        text=said.text or (labels.get(said.choice, "") if said.choice else ""),
        locale=said.locale,
        entry=said.entry_id,
        ticket=numbers.get(said.ticket_id) if said.ticket_id is not None else None,
        at=said.at,
        choices=tuple((choice["label"], choice["payload"]) for choice in said.choices),
        message_id=said.message_id,
        name=names.get(said.worker_id) if said.worker_id is not None else None,
    )
