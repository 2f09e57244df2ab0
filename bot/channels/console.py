"""The terminal as a channel: talk to Linli with no token and no browser. Buttons are a numbered list; a number taps one."""

import asyncio
import getpass
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from typing import TextIO
from uuid import uuid4

from bot.channels import Receive
from bot.courier import Courier
from handlers.desk import Desk
from handlers.errors import EmptyMessage
from handlers.messages import Message, Reply
from handlers.resident.receive import settle

NAME = "console"


class Console:
    """One person at one terminal. A channel without buttons, edits or pictures."""

    name = NAME

    def __init__(self, out: TextIO = sys.stdout) -> None:
        self._out = out

    async def send(self, reply: Reply) -> str:
        """Write a reply, its buttons numbered."""
        self._out.write(f"\n{written(reply)}\n\n")
        self._out.flush()
        return ""


def written(reply: Reply) -> str:
    """A reply as plain lines."""
    buttons = [f"  [{number}] {choice.label}" for number, choice in enumerate(reply.choices, 1)]
    return "\n".join([reply.text, *(["", *buttons] if buttons else [])])


async def talk(desk: Desk, courier: Courier, receive: Receive, lines: TextIO = sys.stdin) -> None:
    """Read lines until the input ends, and answer each; what workers reply appears by itself while the courier runs."""
    person = getpass.getuser()
    session = uuid4().hex
    for number in count():
        line = await asyncio.to_thread(lines.readline)
        if not line:
            return
        message = Message(NAME, person, person, f"{session}-{number}", datetime.now(UTC), line, sender_name=person, limited=True)
        try:
            received = await receive(message)
        except EmptyMessage:
            continue
        await courier.send(received.replies or await _rest(desk, received.conversation_id, received.settle_at))


async def _rest(desk: Desk, conversation_id: int, settle_at: datetime | None) -> Sequence[Reply]:
    """What an opening line is answered with when nothing follows it: at a terminal nobody types two lines at once."""
    return () if settle_at is None else await settle(desk, conversation_id)
