"""One writes at a time, in the order of asking, and nobody who gives up takes the turn along."""

import asyncio

from storage.turn import Turn


async def test_first_come_first_served_and_who_is_in_a_hurry_before_them() -> None:
    turn, order = Turn(), []

    async def write(name: str, *, first: bool = False) -> None:
        await turn.take(first=first)
        await asyncio.sleep(0)
        order.append(name)
        turn.pass_on()

    await turn.take()
    tasks = [asyncio.create_task(write(name)) for name in "abc"]
    await asyncio.sleep(0)
    tasks.append(asyncio.create_task(write("hurry", first=True)))
    await asyncio.sleep(0)
    turn.pass_on()
    await asyncio.gather(*tasks)
    await turn.take()

    assert order == ["hurry", "a", "b", "c"]


async def test_whoever_gives_up_while_waiting_or_when_it_is_their_turn_holds_nobody_up() -> None:
    turn = Turn()
    await turn.take()
    waiting = [asyncio.create_task(turn.take()) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    await asyncio.sleep(0)
    turn.pass_on()
    waiting[1].cancel()
    await asyncio.gather(*waiting[:2], return_exceptions=True)

    await asyncio.wait_for(waiting[2], 1)
