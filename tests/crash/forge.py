"""Makes processes of Linli quickly: everything heavy is loaded once, each life is a fork of it.

Reads orders (JSON lines with settings) from standard input and answers each with the process id of a new `serve`.
"""

import asyncio
import json
import logging
import os
import signal
import sys
from dataclasses import replace
from datetime import timedelta
from typing import Any

import bot.courier
import bot.duty
from bot import wiring
from bot.serve import serve
from bot.settings import Settings
from handlers import duty
from handlers.desk import Desk
from handlers.policy import Policy
from handlers.routine import deliver
from tests.desks import POLICY, small_knowledge

#: Lives are short here, so what a dead process held is taken over soon.
SOON = timedelta(seconds=1.5)


def main() -> None:
    """Until the input ends."""
    knowledge = small_knowledge()
    knowledge.read("How do I register my address?")
    vars(wiring)["knowledge"] = lambda _settings, **_how: knowledge
    vars(wiring)["policy_of"] = _policy
    deliver.LEASE = duty.LEASE = SOON
    bot.duty.RENEW_S = SOON.total_seconds() / 4
    bot.courier.KEEP_S = SOON.total_seconds() / 3
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        order: dict[str, Any] = json.loads(line)
        child = os.fork()
        if not child:
            _live(order)
            os._exit(0)
        print(child, flush=True)


def _policy(_settings: Settings) -> Policy:
    return replace(POLICY, reply_lease=SOON, retry_first=timedelta(milliseconds=50), retry_longest=timedelta(seconds=1))


def _live(order: dict[str, Any]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    logging.basicConfig(filename=order["log"], level=logging.WARNING, force=True, format="%(asctime)s %(process)d %(name)s %(message)s")
    try:
        asyncio.run(serve(Settings(_env_file=None, **order["settings"]), _ready))
    except BaseException:
        logging.getLogger(__name__).exception("serve ended")
        os._exit(1)


async def _ready(_desk: Desk) -> None:
    return


if __name__ == "__main__":
    main()
