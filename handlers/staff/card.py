"""A ticket as the staff group shows it: one card with what is needed to decide, an excerpt of the question, and a link to the rest.

A copy in a group cannot be taken back for ever, so a card never holds the whole: private numbers are masked, texts are cut.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from handlers.desk import Desk
from handlers.i18n import translate
from handlers.messages import Audience, Choice, Reply, ReplyKind, Thread
from handlers.privacy import mask
from storage import conversations, people, tickets, workers
from storage.conversations import Author
from storage.tickets import Reason, Status, Ticket
from storage.transaction import Transaction

#: How much of a text stands in the staff group, in characters.
EXCERPT = 300
#: How many colleagues a card offers to assign to.
COLLEAGUES = 8
#: What a tap on a card carries: `staff:<act>:<ticket number>[:argument]`.
VERB = "staff"
HERE = ZoneInfo("Asia/Shanghai")


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


class Act(StrEnum):
    """What can be tapped on a card."""

    card = "card"
    claim = "claim"
    entries = "entries"
    entry = "entry"
    colleagues = "colleagues"
    assign = "assign"
    pauses = "pauses"
    snooze = "snooze"
    close = "close"
    reopen = "reopen"
    spam = "spam"


@dataclass(frozen=True, slots=True)
class Room:
    """The staff group: a chat of a channel, and where the console is for the rest of a ticket."""

    channel: str
    chat_id: str
    console_url: str


REASONS = {
    Reason.requested: _("asked for a person"),
    Reason.unmatched: _("no answer on file"),
    Reason.unhelpful: _("our answer did not help"),
    Reason.urgent: _("in danger"),
    Reason.fault: _("something failed on our side"),
    Reason.suggestion: _("a wish or an idea"),
}
LABELS = {
    Act.claim: _("Claim"),
    Act.entries: _("Send FAQ answer"),
    Act.colleagues: _("Assign"),
    Act.pauses: _("Snooze"),
    Act.close: _("Close"),
    Act.reopen: _("Reopen"),
    Act.spam: _("Spam"),
    Act.card: _("Back"),
}
#: Minutes to put a ticket aside for, with what the button says.
PAUSES = {60: _("for an hour"), 60 * 24: _("until tomorrow"), 60 * 24 * 3: _("for three days")}


def both(message: str, /, **values: object) -> str:
    """Both languages in a line, for people who read both; a value may be a function of the language."""
    said = [translate(each, message, **{k: v(each) if callable(v) else v for k, v in values.items()}) for each in ("en", "zh")]
    return " · ".join(said)


def excerpt(text: str, longest: int = EXCERPT) -> str:
    """The beginning of a text, private numbers unreadable."""
    masked = mask(" ".join(text.split()))
    return masked if len(masked) <= longest else f"{masked[: longest - 1].rstrip()}…"


def lane(room: Room, ticket: Ticket) -> str:
    """The outbox keeps order within a lane; each ticket has one of its own, so that none waits for another."""
    return f"{room.chat_id}/ticket:{ticket.number}"


def slot(ticket: Ticket) -> str:
    """The name of a ticket's card."""
    return f"card:{ticket.number}"


def payload(act: Act, ticket: Ticket, argument: object = "") -> str:
    """What a button of this ticket's card carries."""
    return f"{VERB}:{act}:{ticket.number}" + (f":{argument}" if argument != "" else "")


async def thread(tx: Transaction, ticket: Ticket) -> Thread:
    """The thread of a ticket: its number, whose it is, and what about."""
    resident = await people.get(tx, ticket.resident_id)
    sign = "🔴 " if ticket.urgency else ""
    about = excerpt(ticket.question, 70)
    return Thread(f"ticket:{ticket.number}", f"{sign}{ticket.number} · {resident.alias if resident else ''} · {about}", open=ticket.live)


async def card(desk: Desk, tx: Transaction, room: Room, ticket: Ticket, menu: Act = Act.card) -> Reply:
    """The card of a ticket with its buttons, or with those of a menu: the nearest answers, colleagues, or times to put it aside for."""
    return Reply(
        channel=room.channel,
        chat_id=room.chat_id,
        audience=Audience.staff,
        kind=ReplyKind.card,
        text=await _text(desk, tx, room, ticket),
        locale="en",
        choices=tuple(await _choices(desk, tx, ticket, menu)),
        ticket=ticket.number,
        slot=slot(ticket),
        thread=await thread(tx, ticket),
    )


async def _text(desk: Desk, tx: Transaction, room: Room, ticket: Ticket) -> str:
    resident = await people.get(tx, ticket.resident_id)
    profile = desk.faq.catalogue.profile(ticket.community_id)
    place = profile.value("community.name", "zh") if profile else None
    who = " · ".join(part for part in (resident.alias if resident else "", resident.name if resident else "", place, ticket.locale) if part)
    head = both(_("Ticket {number}"), number=ticket.number)
    why = both(REASONS[ticket.reason])
    lines = [f"🔴 {head}" if ticket.urgency else head, who, why, "", f"“{excerpt(ticket.question)}”"]
    latest = await _latest(tx, ticket)
    if latest:
        lines += ["", latest]
    nearest = [entry for entry in map(desk.faq.entry, ticket.nearest) if entry is not None]
    if nearest:
        lines += ["", both(_("Nearest answers on file"))]
        lines += [f"{n}. {entry.titles['en']} · {entry.titles['zh']}" for n, entry in enumerate(nearest, 1)]
    earlier = [other for other in await tickets.of_resident(tx, ticket.resident_id) if other.id != ticket.id]
    if earlier:
        lines += ["", f"{both(_('Earlier tickets'))}: {', '.join(str(other.number) for other in earlier[:5])}"]
    lines += ["", await _state(desk, tx, ticket), f"{room.console_url}/console/tickets/{ticket.number}"]
    return "\n".join(lines)


async def _latest(tx: Transaction, ticket: Ticket) -> str:
    """The last word of a worker, so that a colleague sees what was answered."""
    said = [one for one in await conversations.of_ticket(tx, ticket.id) if one.author is Author.worker and not one.internal]
    return f"→ {excerpt(said[-1].text)}" if said else ""


async def _state(desk: Desk, tx: Transaction, ticket: Ticket) -> str:
    holder = await workers.get(tx, ticket.assignee_id) if ticket.assignee_id else None
    name = holder.name if holder else ""
    since = ticket.waiting_since or ticket.opened_at
    if ticket.status is Status.closed:
        return f"⚪ {both(_('Closed.'))}"
    if ticket.status is Status.snoozed and ticket.snoozed_until:
        return f"💤 {both(_('Put aside until {time}.'), time=_clock(ticket.snoozed_until))}"
    if ticket.status is Status.waiting:
        return f"⚪ {both(_('Answered by {name}; the resident has the next word.'), name=name)}"
    if holder is not None:
        return f"🟢 {both(_('{name} has it.'), name=name)} ({_clock(since)})"
    return f"🟡 {both(_('Nobody has it yet.'))} ({_clock(since)})"


async def _choices(desk: Desk, tx: Transaction, ticket: Ticket, menu: Act) -> list[Choice]:
    if ticket.status is Status.closed:
        return [_button(Act.reopen, ticket)]
    back = _button(Act.card, ticket)
    if menu is Act.entries:
        entries = [entry for entry in map(desk.faq.entry, ticket.nearest) if entry is not None]
        return [*(Choice(entry.titles["en"], payload(Act.entry, ticket, entry.id)) for entry in entries), back]
    if menu is Act.colleagues:
        staff = (await workers.everyone(tx))[:COLLEAGUES]
        return [*(Choice(worker.name, payload(Act.assign, ticket, worker.id)) for worker in staff), back]
    if menu is Act.pauses:
        return [*(Choice(both(words), payload(Act.snooze, ticket, minutes)) for minutes, words in PAUSES.items()), back]
    claim = [] if ticket.assignee_id else [_button(Act.claim, ticket)]
    entries_ = [_button(Act.entries, ticket)] if ticket.nearest else []
    return [*claim, *entries_, *(_button(act, ticket) for act in (Act.colleagues, Act.pauses, Act.close, Act.spam))]


def _button(act: Act, ticket: Ticket) -> Choice:
    return Choice(both(LABELS[act]), payload(act, ticket))


def _clock(moment: datetime) -> str:
    return moment.astimezone(HERE).strftime("%m-%d %H:%M")


def pause(minutes: str) -> timedelta | None:
    """How long a tap on a pause means; None for a made-up one."""
    return timedelta(minutes=int(minutes)) if minutes.isdecimal() and int(minutes) in PAUSES else None
