"""Notifications to workers where they are: WeCom and DingTalk robots, e-mail and a hundred more, by addresses that Apprise understands."""

import asyncio
import logging

from handlers.desk import Desk
from handlers.errors import DeliveryError, Unreachable
from handlers.messages import Reply
from handlers.staff.on_call import NOTIFY, addresses_of

log = logging.getLogger(__name__)

#: How long one notification may take, in seconds; all addresses of a worker are tried at the same time.
TIMEOUT_S = 20.0
#: The title where a service has one; the text says the same.
TITLE = "Linli 邻里"


class Notify:
    """A channel whose chats are workers. It only speaks: an acknowledgement comes by the link."""

    name = NOTIFY

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def send(self, reply: Reply) -> str:
        """Send to every address of the worker; one that takes it is enough, because trying again would repeat it there.

        Raises `Unreachable` where there is no address, `DeliveryError` where none took it.
        """
        places = await addresses_of(self._desk, reply.chat_id)
        if not places:
            raise Unreachable("The worker has no address for notifications.")
        text = "\n\n".join([reply.text, *(choice.payload for choice in reply.choices)])
        try:
            async with asyncio.timeout(TIMEOUT_S):
                taken = await asyncio.gather(*(asyncio.to_thread(_send, place, text) for place in places))
        except TimeoutError:
            raise DeliveryError("Notification services did not answer in time.") from None
        if not any(taken):
            raise DeliveryError("No notification service took it.")
        if not all(taken):
            log.warning("notification_partly_failed", extra={"failed": taken.count(False), "of": len(taken)})
        return ""


def readable(address: str) -> bool:
    """Whether Apprise understands an address."""
    import apprise  # heavy, and needed by few

    return bool(apprise.Apprise().add(address))


def _send(address: str, text: str) -> bool:
    import apprise

    calls = apprise.Apprise(asset=apprise.AppriseAsset(async_mode=False, app_id="Linli", app_desc=TITLE, app_url=""))
    return bool(calls.add(address)) and bool(calls.notify(body=text, title=TITLE))
