"""Transcripts of a group played through the real channel into a group on the fake server."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from handlers.replay import Line, replay
from handlers.resident.group import Manners
from storage import groups
from tests.telegram.conftest import Linli
from tests.telegram.fake.people import Person
from tests.telegram.fake.world import Json

#: Actions after which nothing may stand in the group; a warning goes to its one reader, spam is only taken away.
WITHOUT_WORDS = {"silent", "privacy_warning", "spam"}


@dataclass(frozen=True, slots=True)
class Difference:
    """A message about which the group saw something else than was decided."""

    transcript: str
    n: int
    decided: str
    seen: str


def read(folder: Path) -> list[Json]:
    """All transcripts (`*.jsonl` with `messages`) in a folder."""
    lines = [json.loads(line) for file in sorted(folder.glob("*.jsonl")) for line in file.read_text(encoding="utf-8").splitlines() if line]
    return [line for line in lines if "messages" in line]


async def play(linli: Linli, admin: Person, transcript: Json) -> list[Difference]:
    """Play one into a group of its own; every difference from what `linli replay` decides."""
    world = linli.world
    assert linli.telegram.intake is not None
    linli.telegram.intake.groups.manners = Manners(hourly_cap=None)
    group = world.group(str(transcript["id"]))
    admin.add_bot(group, admin=True)
    people: dict[str, Person] = {}
    said: dict[int, Json] = {}
    for message in transcript["messages"]:
        person = people.setdefault(message["from"], Person(world, message["from"]))
        text = f"@{world.bot.username} {message['text']}" if message.get("mentions_bot") else message["text"]
        to = message.get("reply_to")
        said[message["n"]] = person.say(text, group, reply_to=person.last(group) if to == "bot" else said.get(to) if to else None)
        await linli.quiet()
    async with linli.desk.storage.reading() as tx:
        kept = await groups.recent(tx, "telegram", str(group.id), linli.desk.now() - timedelta(hours=1))
    facts = {fact.message_id: fact.action for fact in kept}
    played = replay(linli.desk.faq, linli.desk.policy, lines_of(transcript["messages"]))
    answered = {
        m["reply_to_message"]["message_id"] for m in group.messages.values() if m["from"]["id"] == world.bot.id and "reply_to_message" in m
    }
    differences = []
    for decided in played:
        message_id = said[decided.n]["message_id"]
        made = facts.get(str(message_id), "nothing")
        made = {"pointer": "answer", "command": "smalltalk"}.get(made, made)
        if made != decided.action or (decided.action in WITHOUT_WORDS and message_id in answered):
            differences.append(Difference(str(transcript["id"]), decided.n, decided.action, made))
    return differences


def lines_of(messages: Sequence[Any]) -> list[Line]:
    """The messages as the replay takes them."""
    return [Line(m["n"], m["from"], m["text"], m.get("reply_to"), bool(m.get("mentions_bot"))) for m in messages]


async def play_all(linli: Linli, admin: Person, transcripts: Sequence[Json]) -> list[Difference]:
    """One after the other."""
    return [difference for transcript in transcripts for difference in await asyncio.wait_for(play(linli, admin, transcript), 300)]
