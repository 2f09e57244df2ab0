"""Tickets and their history as sentences: who, what, how long, where."""

from datetime import datetime, timedelta
from typing import Any

from bot.web.times import clock
from handlers.desk import Desk
from handlers.i18n import translate
from handlers.privacy import mask
from handlers.resident.commands import TOPICS
from handlers.voice import duration

#: Characters of a question in a list.
EXCERPT = 140


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


REASONS = {
    "requested": _("asked for a person"),
    "unmatched": _("no answer on file"),
    "unhelpful": _("our answer did not help"),
    "urgent": _("in danger"),
    "fault": _("something failed on our side"),
    "suggestion": _("a wish or an idea"),
}
STATUSES = {
    "open": _("Nobody has it yet."),
    "assigned": _("{name} has it."),
    "waiting": _("Answered; {who} has the next word."),
    "snoozed": _("Put aside until {time}."),
    "closed": _("Closed."),
}
EVENTS = {
    "opened": _("The ticket was opened."),
    "assigned": _("{name} took it."),
    "given": _("{name} gave it to {note}."),
    "released": _("{name} put it back into the queue."),
    "overdue": _("It was overdue and went back into the queue."),
    "reminded": _("{name} was reminded."),
    "paged": _("{name} was called."),
    "acknowledged": _("{name} has seen the call."),
    "snoozed": _("{name} put it aside until {time}."),
    "merged": _("{name} merged it with ticket {note}."),
    "closed": _("{name} closed it."),
    "reopened": _("{name} opened it again."),
    "withdrawn": _("{who} took it back."),
    "rated": _("{who} gave the help {note} of 5."),
}
CHANNELS = {"web": _("web chat"), "telegram": _("Telegram"), "console": _("terminal"), "wechat": _("WeChat"), "wecom": _("WeCom")}


class Teller:
    """Says things about tickets to one worker in one language."""

    def __init__(self, desk: Desk, language: str, worker_id: int, worker_name: str) -> None:
        self._desk = desk
        self._language = language
        self._worker_id = worker_id
        self._worker_name = worker_name
        self._now = desk.now()

    def _say(self, message: str, **values: object) -> str:
        return translate(self._language, message, **values)

    def time(self, at: datetime) -> str:
        """When something was, on the clock here."""
        return clock(at, self._now, self._language)

    def what(self, question: str) -> str:
        """A question in a list."""
        words = mask(" ".join(question.split()))
        return (words if len(words) <= EXCERPT else f"{words[:EXCERPT].rstrip()}…") or self._say(_("wants to talk to a person"))

    def wait(self, row: Any) -> str:
        """Who waits how long for whom; `row` is a row of the queue."""
        ticket = row.ticket
        who = row.resident_alias
        if ticket.status == "closed":
            return self._say(_("{who}, closed {time}."), who=who, time=self.time(ticket.closed_at))
        if ticket.status == "snoozed" and ticket.snoozed_until:
            return self._say(_("{who}, put aside until {time}."), who=who, time=self.time(ticket.snoozed_until))
        if ticket.status == "waiting" or ticket.waiting_since is None:
            last = duration(self._now - (row.last_at or ticket.opened_at), self._language)
            return self._say(_("{name} answered {who} {time} ago."), name=row.assignee_name or "–", who=who, time=last)
        time = duration(self._now - ticket.waiting_since, self._language)
        if ticket.assignee_id is None:
            return self._say(_("{who} has waited {time}. Nobody has it yet."), who=who, time=time)
        if ticket.assignee_id == self._worker_id:
            return self._say(_("{who} has waited {time} for you."), who=who, time=time)
        return self._say(_("{who} has waited {time} for {name}."), who=who, time=time, name=row.assignee_name)

    def where(self, community_id: str | None) -> str:
        """The name of a community."""
        profile = self._desk.faq.catalogue.profile(community_id)
        return (profile.value("community.name", self._language) if profile else None) or self._say(_("community not known"))

    def channel(self, channel: str) -> str:
        """The name of a channel."""
        return self._say(CHANNELS[channel]) if channel in CHANNELS else channel

    def reason(self, reason: str) -> str:
        """Why a person must answer."""
        return self._say(REASONS[reason])

    def topic(self, topic: str | None) -> str:
        """The name of a topic."""
        return self._say(TOPICS[topic]) if topic in TOPICS else topic or self._say(_("not known"))

    def status(self, case: Any) -> str:
        """Where a ticket stands."""
        ticket = case.ticket
        until = self.time(ticket.snoozed_until) if ticket.snoozed_until else ""
        name = case.assignee.name if case.assignee else ""
        key = "assigned" if ticket.status == "open" and name else ticket.status
        return self._say(STATUSES[key], name=name, who=case.resident.alias, time=until)

    def event(self, event: Any, case: Any) -> str | None:
        """A step in the life of a ticket; None where the thread shows it anyway."""
        who = case.resident.alias
        name = case.names.get(event.worker_id, who)
        note = event.note or ""
        kind = event.kind
        if kind == "assigned" and note and note != name:
            kind = "given"
        if kind == "released" and note == "overdue":
            kind = "overdue"
        if kind == "closed" and event.note == "withdrawn":
            kind = "withdrawn"
        if kind not in EVENTS:
            return None
        time = self.time(datetime.fromisoformat(note)) if kind == "snoozed" and note else ""
        return self._say(EVENTS[kind], name=name, who=who, note=note, time=time)

    def age(self, since: datetime) -> str:
        """How long ago something was."""
        return duration(max(self._now - since, timedelta()), self._language)
