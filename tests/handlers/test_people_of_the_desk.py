"""Passwords, limits, signing out everywhere, and what only an admin may do."""

import pytest

from handlers.desk import Desk
from handlers.errors import LinkSpent, NameTaken, NotAllowed, NotFound
from handlers.staff import passwords, people, roster
from handlers.staff.passwords import TooManyTries, WeakPassword, WrongPassword
from handlers.staff.people import LastAdmin
from storage.workers import Role
from tests.desks import Clock, hire

GOOD = "four quiet herons"


async def chosen(desk: Desk, password: str = GOOD) -> str:
    """A worker who has a password; the token of the browser in which it was chosen."""
    chen = await hire(desk)
    signed_in = await roster.sign_in(desk, await roster.link(desk, chen.id))
    await passwords.choose(desk, chen.id, password, session=signed_in.token)
    return signed_in.token


async def test_a_password_signs_in_and_is_kept_as_argon2id(desk: Desk) -> None:
    first = await chosen(desk)
    signed_in = await passwords.sign_in(desk, "Chen Yuyu", GOOD, address="192.0.2.1")
    assert signed_in.worker.password_hash is not None
    assert signed_in.worker.password_hash.startswith("$argon2id$")
    assert await roster.session(desk, signed_in.token) is not None
    assert await roster.session(desk, first) is not None


@pytest.mark.parametrize(("name", "password"), [("Chen Yuyu", "four quiet heron"), ("Nobody", GOOD), ("Chen Yuyu", ""), ("", "")])
async def test_a_wrong_name_and_a_wrong_password_are_told_alike(desk: Desk, name: str, password: str) -> None:
    await chosen(desk)
    with pytest.raises(WrongPassword):
        await passwords.sign_in(desk, name, password, address="192.0.2.1")


async def test_a_worker_without_a_password_has_none_that_works(desk: Desk) -> None:
    await hire(desk)
    with pytest.raises(WrongPassword):
        await passwords.sign_in(desk, "Chen Yuyu", "", address="192.0.2.1")


async def test_after_five_tries_even_the_right_password_waits(desk: Desk, clock: Clock) -> None:
    await chosen(desk)
    for n in range(5):
        with pytest.raises(WrongPassword):
            await passwords.sign_in(desk, "Chen Yuyu", "wrong", address=f"192.0.2.{n}")
    with pytest.raises(TooManyTries) as told:
        await passwords.sign_in(desk, "chen yuyu", GOOD, address="192.0.2.9")
    assert told.value.minutes == 3
    clock.pass_(minutes=4)
    await passwords.sign_in(desk, "Chen Yuyu", GOOD, address="192.0.2.9")


async def test_one_address_cannot_try_all_names(desk: Desk) -> None:
    for n in range(20):
        with pytest.raises(WrongPassword):
            await passwords.sign_in(desk, f"N{n}", "wrong", address="192.0.2.1")
    with pytest.raises(TooManyTries):
        await passwords.sign_in(desk, "N20", "wrong", address="192.0.2.1")


@pytest.mark.parametrize("password", ["short", "my name is chen yuyu", "x" * 201])
async def test_weak_passwords_are_refused(desk: Desk, password: str) -> None:
    with pytest.raises(WeakPassword):
        await chosen(desk, password)


async def test_a_new_password_asks_for_the_old_one_and_ends_other_sessions(desk: Desk) -> None:
    first = await chosen(desk)
    other = await passwords.sign_in(desk, "Chen Yuyu", GOOD, address="192.0.2.1")
    with pytest.raises(WrongPassword):
        await passwords.choose(desk, other.worker.id, "five quiet herons", session=first, current="guessed wrong")
    await passwords.choose(desk, other.worker.id, "five quiet herons", session=first, current=GOOD)
    assert await roster.session(desk, other.token) is None
    assert await roster.session(desk, first) is not None


async def test_signing_out_everywhere_ends_sessions_and_unused_links(desk: Desk) -> None:
    first = await chosen(desk)
    other = await passwords.sign_in(desk, "Chen Yuyu", GOOD, address="192.0.2.1")
    unused = await roster.link(desk, other.worker.id)
    assert await passwords.sign_out_everywhere(desk, other.worker.id) == 2
    assert [await roster.session(desk, token) for token in (first, other.token)] == [None, None]
    with pytest.raises(LinkSpent):
        await roster.sign_in(desk, unused)


async def test_only_an_admin_keeps_the_people(desk: Desk) -> None:
    chen, boss = await hire(desk), await hire(desk, "Boss", role=Role.supervisor)
    for by in (chen.id, boss.id):
        for act in (
            people.add(desk, by, "New", role=Role.worker, languages=["en"]),
            people.link(desk, by, chen.id),
            people.change(desk, by, chen.id, role=Role.admin, languages=[], serves=[], notify=[]),
            people.remove(desk, by, chen.id),
            people.sign_out(desk, by, chen.id),
        ):
            with pytest.raises(NotAllowed):
                await act
    with pytest.raises(NotAllowed):
        await people.everyone(desk, chen.id)
    assert [one.name for one, _serves in await people.everyone(desk, boss.id)] == ["Boss", "Chen Yuyu"]


async def test_an_admin_adds_changes_and_removes(desk: Desk) -> None:
    admin = await hire(desk, "Admin", role=Role.admin)
    new, token = await people.add(desk, admin.id, "New", role=Role.worker, languages=["en"], serves=["willow"])
    assert (await roster.sign_in(desk, token)).worker.id == new.id
    with pytest.raises(NameTaken):
        await people.add(desk, admin.id, "New", role=Role.worker, languages=["en"])
    with pytest.raises(NotFound):
        await people.add(desk, admin.id, "Newer", role=Role.worker, languages=["en"], serves=["nowhere"])
    changed = await people.change(
        desk, admin.id, new.id, role=Role.supervisor, languages=["zh"], serves=[], notify=["json://192.0.2.1"]
    )  # fmt: skip
    assert (changed.role, changed.notify) == (Role.supervisor, ["json://192.0.2.1"])
    assert await people.sign_out(desk, admin.id, new.id) == 1
    await people.remove(desk, admin.id, new.id)
    assert [one.name for one, _serves in await people.everyone(desk, admin.id)] == ["Admin"]


async def test_the_last_admin_stays(desk: Desk) -> None:
    admin = await hire(desk, "Admin", role=Role.admin)
    with pytest.raises(LastAdmin):
        await people.remove(desk, admin.id, admin.id)
    with pytest.raises(LastAdmin):
        await people.change(desk, admin.id, admin.id, role=Role.worker, languages=[], serves=[], notify=[])
