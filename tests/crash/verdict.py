"""What is true afterwards: nothing lost, nothing twice, every chat in order."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import aiohttp
from sqlalchemy import text

from bot.post import AT_ONCE
from storage import Storage
from tests.crash.talkers import Friend, Visitor
from tests.telegram.fake.world import World


@dataclass
class Verdict:
    """Counts. `lost`: said yes to, and no word or no answer of it; `twice`: effects that happened more than once."""

    messages: int = 0
    lost: int = 0
    twice: int = 0
    inversions: int = 0
    sent_twice: int = 0
    wrong: int = 0
    kills: int = 0

    @property
    def clean(self) -> bool:
        """Whether the four rules held; each reply that was on its way at a kill may be sent once more."""
        return not (self.lost or self.twice or self.inversions or self.wrong) and self.sent_twice <= self.kills * AT_ONCE


async def of_web(storage: Storage, http: aiohttp.ClientSession, visitors: Sequence[Visitor], kills: int) -> Verdict:
    """What the visitors were told, beside what their pages show now."""
    verdict = await of_rows(storage, kills)
    for visitor in visitors:
        lines = await visitor.read(http)
        shown = Counter(line["id"] for line in lines)
        mine = [line["message"] for line in lines if line["author"] == "resident"]
        verdict.messages += len(visitor.acknowledged)
        verdict.wrong += len(visitor.wrong)
        verdict.twice += sum(times - 1 for times in [*shown.values(), *Counter(mine).values()])
        verdict.inversions += sum(visitor.told.index(one) > visitor.told.index(other) for one, other in pairwise(mine))
        for key, answers in visitor.acknowledged.items():
            verdict.lost += key not in mine or not answers[0] or any(reply not in shown for reply in answers[0])
            verdict.twice += sum(answer != answers[0] for answer in answers)
    return verdict


async def of_telegram(storage: Storage, world: World, friends: Sequence[Friend], kills: int) -> Verdict:
    """What was written, beside what arrived in each private chat."""
    verdict = await of_rows(storage, kills)
    async with storage.reading() as tx:
        rows = (
            await tx.session.execute(
                text(
                    "SELECT c.chat_id, u.message_id, (SELECT count(*) FROM utterances r WHERE r.in_reply_to_id = u.id) FROM utterances u"
                    " JOIN conversations c ON c.id = u.conversation_id WHERE u.author = 'resident' ORDER BY u.id"
                )
            )
        ).all()
        sent = (
            await tx.session.execute(
                text(
                    "SELECT d.chat_id, u.text FROM deliveries d JOIN utterances u ON u.id = d.utterance_id"
                    " WHERE d.channel = 'telegram' ORDER BY d.id"
                )
            )
        ).all()
    for friend in friends:
        chat = str(friend.person.id)
        kept = {int(message_id): replies for chat_id, message_id, replies in rows if chat_id == chat and message_id.isdigit()}
        order = [message_id for message_id in kept if message_id in friend.said]
        verdict.messages += len(friend.said)
        verdict.lost += sum(not kept.get(message_id) for message_id in friend.said)
        verdict.inversions += sum(one > other for one, other in pairwise(order))
        _compare(verdict, [words for chat_id, words in sent if chat_id == chat], friend.heard(world))
    return verdict


async def of_rows(storage: Storage, kills: int) -> Verdict:
    """What the database alone shows: effects that stand there twice, deliveries that never went."""
    verdict = Verdict(kills=kills)
    async with storage.reading() as tx:
        for query in (
            "SELECT count(*) - count(DISTINCT cause_id) FROM tickets WHERE cause_id IS NOT NULL",
            "SELECT count(*) - count(DISTINCT public_id) FROM tickets",
            "SELECT count(*) FROM (SELECT 1 FROM utterances WHERE in_reply_to_id IS NOT NULL GROUP BY in_reply_to_id, text HAVING count(*) > 1) AS t",
            "SELECT count(*) FROM (SELECT 1 FROM deliveries WHERE utterance_id IS NOT NULL GROUP BY utterance_id HAVING count(*) > 1) AS t",
        ):
            verdict.twice += int((await tx.session.execute(text(query))).scalar_one())
        unsent = "SELECT count(*) FROM deliveries WHERE state != 'sent'"
        verdict.lost += int((await tx.session.execute(text(unsent))).scalar_one())
    return verdict


def _compare(verdict: Verdict, meant: Sequence[str], heard: Sequence[str]) -> None:
    """Each meant once and in order; what came again right after itself or later is a second sending."""
    rest = list(heard)
    place = -1
    for one in meant:
        found = next((n for n, other in enumerate(rest) if other == one and n > place), None)
        if found is None:
            verdict.lost += one not in rest
            verdict.inversions += one in rest
        else:
            place = found
    verdict.sent_twice += max(len(heard) - len(meant), 0)
