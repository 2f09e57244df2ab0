"""How many updates a second Linli handles on Telegram, end to end, beside a bare echo bot in the same run.

    python -m tests.bench.bench_telegram [--seconds 8] [--outstanding 16] [--encoders none]

An update of Linli's is done when Telegram may forget it (the next offset, or 200): then it is judged and kept. One of the echo
bot's is done when its answer has arrived. The server's limits are off; one message in 25 is a question to Linli.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.telegram.fake.people import Person
from tests.telegram.fake.server import Server, running
from tests.telegram.fake.world import Chat, World

GROUPS = 64
TALK = (
    "see you at the gate at six", "who has a spare umbrella", "the lift is slow today", "happy birthday Maria!", "ok thanks a lot",
    "大家晚上好", "明天一起打球吗", "the bread shop has moved", "nice photo", "I will be late",
)  # fmt: skip
QUESTION = "@linli_bot how do I register my address?"
TICKS = os.sysconf("SC_CLK_TCK")


def cpu(pid: int) -> float:
    """Seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory(pid: int) -> float:
    """Megabytes that it holds."""
    return next(int(line.split()[1]) / 1024 for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))


def run(target: str, mode: str, seconds: float, outstanding: int, encoders: str) -> dict[str, Any]:
    """One target in one mode."""
    world = World()
    world.limits.on = False
    people = [Person(world, f"Resident {n}") for n in range(GROUPS)]
    groups = [world.group(f"Group {n}") for n in range(GROUPS)]
    for person, group in zip(people, groups, strict=True):
        person.add_bot(group, admin=True)
        person.join(group, quietly=True)
    with running(world) as server:
        process = start(target, mode, server, groups, encoders)
        try:
            return measure(target, world, process.pid, people, groups, seconds, outstanding) | {"target": target, "mode": mode}
        finally:
            process.kill()
            process.wait()


def start(target: str, mode: str, server: Server, groups: list[Chat], encoders: str) -> "subprocess.Popen[str]":
    """The target's process, once it listens."""
    told = {
        "token": server.world.token, "base_url": server.base_url, "mode": mode, "encoders": encoders,
        "groups": ",".join(str(group.id) for group in groups),
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.bench.telegram_target", target, json.dumps(told)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    if process.stdout.readline().strip() != "ready":
        raise SystemExit(f"{target} did not start")
    return process


def measure(
    target: str, world: World, pid: int, people: list[Person], groups: list[Chat], seconds: float, outstanding: int
) -> dict[str, Any]:
    """A closed loop: as soon as one is done, the next is said, always in another group."""
    said: dict[int, float] = {}
    took: list[float] = []
    number = 0

    def say() -> None:
        nonlocal number
        text = QUESTION if target == "linli" and number % 25 == 0 else TALK[number % len(TALK)]
        people[number % GROUPS].say(text, groups[number % GROUPS])
        said[world.updates[-1]["update_id"]] = time.monotonic()
        number += 1

    def done() -> list[int]:
        if target == "echo":
            return sorted(said)[: len(world.called("sendMessage")) - len(took)]
        waiting = {update["update_id"] for update in world.updates}
        return [update_id for update_id in said if update_id not in waiting]

    with world.changed:
        world.changed.wait_for(lambda: not world.updates, 20)
        began, used = time.monotonic(), cpu(pid)
        for _ in range(outstanding):
            say()
        while time.monotonic() - began < seconds:
            world.changed.wait(0.05)
            for update_id in done():
                took.append(time.monotonic() - said.pop(update_id))
                say()
        spent, used = time.monotonic() - began, cpu(pid) - used
    quantiles = statistics.quantiles(took, n=100)
    return {
        "updates/s": round(len(took) / spent, 1),
        "CPU ms": round(used / len(took) * 1000, 2),
        "p50 ms": round(quantiles[49] * 1000, 1),
        "p99 ms": round(quantiles[98] * 1000, 1),
        "MB": round(memory(pid)),
        "sent": len(world.called("sendMessage")),
    }


def main() -> None:
    """All targets in turn; a table on standard output."""
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=float, default=8.0)
    options.add_argument("--outstanding", type=int, default=16)
    options.add_argument("--encoders", default="none")
    given = options.parse_args()
    for target, mode in (("echo", "polling"), ("linli", "polling"), ("linli", "webhook")):
        print(json.dumps(run(target, mode, given.seconds, given.outstanding, given.encoders)), flush=True)


if __name__ == "__main__":
    main()
