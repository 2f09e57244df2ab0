"""Who is called: the people on call of a community, then its supervisors, then the admins, where they can be reached."""

from collections.abc import Callable, Sequence

from handlers import locales
from handlers.desk import Desk
from handlers.hours import hours
from handlers.messages import Audience, Choice, Reply, ReplyKind
from handlers.voice import Voice
from handlers.wire import to_json
from storage import outbox, workers
from storage.tickets import Ticket
from storage.transaction import Transaction
from storage.workers import Role, Worker

#: The channel that carries notifications to workers, outside the staff group.
NOTIFY = "notify"


async def ladder(desk: Desk, tx: Transaction, ticket: Ticket) -> list[Worker]:
    """Whom to call about a ticket, one after the other: who is on call (else all workers of the community), then those above them."""
    serving = await workers.serving(tx, ticket.community_id)
    names = hours(desk, ticket.community_id).on_call
    first = [one for name in names for one in serving if one.name == name]
    people = [*(first or [one for one in serving if one.role is Role.worker]), *_above(serving)]
    return [one for one in dict.fromkeys(people) if reachable(desk, one)]


async def supervisors(desk: Desk, tx: Transaction, ticket: Ticket) -> list[Worker]:
    """Whom to tell when a standard breaks: the supervisors of the community, the admins where there are none."""
    above = _above(await workers.serving(tx, ticket.community_id))
    return [one for one in above if one.role is Role.supervisor] or above


def reachable(desk: Desk, worker: Worker) -> bool:
    """Whether there is an address at which this worker can be called."""
    return bool(worker.notify or desk.notify)


def addresses(desk: Desk, worker: Worker) -> tuple[str, ...]:
    """Where a worker is called: their own addresses, else the desk's."""
    return tuple(worker.notify) or desk.notify


async def addresses_of(desk: Desk, chat_id: str) -> tuple[str, ...]:
    """Where a notification goes whose chat is `worker:<id>`; nowhere when the worker has left."""
    kind, _colon, number = chat_id.partition(":")
    async with desk.storage.reading() as tx:
        worker = await workers.get(tx, int(number)) if kind == "worker" and number.isdecimal() else None
    return addresses(desk, worker) if worker is not None and worker.active else ()


async def tell(
    desk: Desk, tx: Transaction, worker: Worker, ticket: Ticket, say: Callable[[Voice], str], *, kind: ReplyKind, link: str = ""
) -> None:
    """Queue a notification for a worker, in both languages. It holds no words of a resident: it passes through foreign platforms."""
    voice = Voice(locales.BOTH)
    reply = Reply(
        channel=NOTIFY,
        chat_id=f"worker:{worker.id}",
        audience=Audience.staff,
        kind=kind,
        text=say(voice),
        locale=voice.first,
        choices=(Choice(link, link),) if link else (),
        ticket=ticket.number,
    )
    await outbox.add(tx, channel=NOTIFY, chat_id=reply.chat_id, reply=to_json(reply), due_at=desk.now())


def place(desk: Desk, ticket: Ticket, language: str) -> str:
    """The name of the ticket's community, nothing where it is not known."""
    profile = desk.faq.catalogue.profile(ticket.community_id)
    return (profile.value("community.name", language) if profile else None) or "–"


def _above(serving: Sequence[Worker]) -> list[Worker]:
    return [one for role in (Role.supervisor, Role.admin) for one in serving if one.role is role]
