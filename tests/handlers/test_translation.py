"""The translation aid: names and numbers stay, terms are approved, both texts are kept, and failure costs nothing else."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from faq.glossary import Term
from handlers.desk import Desk
from handlers.errors import NotFound
from handlers.protection import protect
from handlers.routine.saying import say_due
from handlers.staff import queue, translation, undo
from handlers.translator import NotTranslated
from storage import communities
from tests.desks import Clock, Person, hire
from tests.handlers.test_staff import delivered, ticket_of

RUSSIAN = "Где в районе мне могут настроить рояль? Меня зовут Ana"


@dataclass
class Fake:
    """A translator that says what its test wants."""

    make: Callable[[str, str], str] = lambda text, target: f"[{target}] {text}"
    asked: list[str] = field(default_factory=list)
    name: str = "fake"

    async def translate(self, text: str, *, source: str | None, target: str) -> str:
        self.asked.append(text)
        return self.make(text, target)

    async def close(self) -> None:
        """Nothing to let go of."""


GLOSSARY = {"居留许可": Term("居留许可", "residence permit", ("stay permit",)), "许可": Term("许可", "licence", ())}


@pytest.mark.parametrize(
    ("text", "target", "aside"),
    [
        ("Come on 2026-03-05 at 9:30, Chen Yuyu waits", "zh", ("2026-03-05", "9:30", "Chen Yuyu")),
        ("请3月5日 9:00–11:30 到文一路 12 号 3 楼找陈昱钰", "en", ("3月5日", "9:00–11:30", "文一路 12 号 3 楼", "陈昱钰")),
        ("Pay ¥1,200.50 at https://example.org/a?b=1 today", "zh", ("¥1,200.50", "https://example.org/a?b=1")),
        ("Room 101, 1 Sample Lane", "zh", ("Room 101, 1 Sample Lane",)),
        ("My passport is E12345678", "zh", ("E12345678",)),
        ("您的居留许可到期了", "en", ("residence permit",)),
        ("your Stay Permit ends", "zh", ("居留许可",)),
        ("Chenyang is no name we know", "zh", ()),
    ],
)
def test_what_must_stay_stands_aside(text: str, target: str, aside: tuple[str, ...]) -> None:
    found = protect(text, target=target, names=["Chen Yuyu", "陈昱钰", "Chen"], glossary=GLOSSARY)
    assert found.values == aside
    assert all(value not in found.text for value in aside)


def test_marks_are_put_back_in_whatever_order_they_return() -> None:
    aside = protect("from 1 to 2", target="zh")
    assert aside.restore("到⟦1⟧ 从 ⟦ 0 ⟧") == "到2 从 1"


@pytest.mark.parametrize("said", ["", "⟦0⟧", "⟦0⟧ ⟦0⟧ ⟦1⟧", "⟦0⟧ ⟦1⟧ ⟦2⟧", "nothing"])
def test_a_translation_that_lost_a_number_is_refused(said: str) -> None:
    with pytest.raises(NotTranslated):
        protect("from 1 to 2", target="zh").restore(said)


async def asked(desk: Desk, clock: Clock, person: Person, text: str) -> tuple[int, int]:
    """A worker and the ticket that this text becomes; what the resident was told went out."""
    chen = await hire(desk)
    ticket = await ticket_of(desk, person, chen.id, text)
    clock.pass_(minutes=1)
    await delivered(desk)
    return chen.id, ticket


async def test_a_worker_reads_foreign_words_in_their_language_and_asks_once(desk: Desk, clock: Clock) -> None:
    fake = Fake(
        lambda text, _target: text.replace("Где в районе мне могут настроить рояль", "附近谁会调钢琴").replace("Меня зовут", "我叫")
    )
    desk = replace(desk, translator=fake)
    chen, ticket = await asked(desk, clock, Person(desk), RUSSIAN)
    for _look in range(2):
        assert list((await translation.read(desk, chen, ticket, "zh")).values()) == ["附近谁会调钢琴? 我叫 Ana"]
    assert len(fake.asked) == 1
    assert "Ana" not in fake.asked[0]


async def test_a_reply_is_previewed_sent_with_its_mark_and_the_original_is_one_tap_away(desk: Desk, clock: Clock) -> None:
    desk = replace(desk, translator=Fake(lambda _text, _target: "A tuner comes on ⟦0⟧."))
    ana = Person(desk)
    chen, ticket = await asked(desk, clock, ana, "Where can I get my piano tuned?")
    preview = await translation.preview(desk, chen, ticket, "调音师 3月5日 来。")
    assert preview is not None
    assert (preview.text, preview.locale, preview.original.locale) == ("A tuner comes on 3月5日.", "en", "zh")
    await undo.hold_back(desk, chen, ticket, preview.text, original=preview.original)
    clock.pass_(seconds=5)
    await say_due(desk)
    (sent,) = await delivered(desk)
    assert sent.text == "Chen Yuyu:\nA tuner comes on 3月5日.\n\n(Translated by machine. The original is one tap away.)"
    ana.heard.append(sent)
    assert (await ana.tap("Show the original")).text == "调音师 3月5日 来。"


async def test_who_reads_the_workers_language_needs_no_translation(desk: Desk, clock: Clock) -> None:
    desk = replace(desk, translator=Fake())
    chen, ticket = await asked(desk, clock, Person(desk), "Where can I get my piano tuned?")
    assert await translation.preview(desk, chen, ticket, "On Friday.") is None
    assert await translation.read(desk, chen, ticket, "en") == {}


async def test_a_resident_of_another_language_is_answered_in_it(desk: Desk, clock: Clock) -> None:
    desk = replace(desk, translator=Fake())
    chen, ticket = await asked(desk, clock, Person(desk), RUSSIAN)
    preview = await translation.preview(desk, chen, ticket, "On Friday.")
    assert preview is not None
    assert preview.locale == "ru"


async def test_without_a_translator_nothing_is_offered(desk: Desk, clock: Clock) -> None:
    chen, ticket = await asked(desk, clock, Person(desk), RUSSIAN)
    assert await translation.read(desk, chen, ticket, "zh") == {}
    assert await translation.preview(desk, chen, ticket, "周五来。") is None


async def test_a_translator_that_hangs_is_given_up_and_the_resident_is_answered_meanwhile(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Hanging(Fake):
        async def translate(self, text: str, *, source: str | None, target: str) -> str:
            await asyncio.Event().wait()
            return text

    monkeypatch.setattr(translation, "PATIENCE", translation.PATIENCE / 100)
    desk = replace(desk, translator=Hanging())
    ana = Person(desk)
    chen, ticket = await asked(desk, clock, ana, RUSSIAN)
    reading = asyncio.create_task(translation.read(desk, chen, ticket, "zh"))
    assert (await ana.say("How do I register my address?")).entry == "registration-how"
    assert await reading == {}
    with pytest.raises(NotTranslated):
        await translation.preview(desk, chen, ticket, "周五来。")


async def test_another_communitys_words_are_not_translated(desk: Desk, clock: Clock) -> None:
    desk = replace(desk, translator=Fake())
    ana = Person(desk)
    await ana.say("/start c-willow")
    _chen, ticket = await asked(desk, clock, ana, RUSSIAN)
    async with desk.storage.transaction() as tx:
        await communities.ensure(tx, {"oak": {"en": "Oak", "zh": "橡树"}}, desk.now())
    zhou = await hire(desk, "Zhou", communities=("oak",))
    with pytest.raises(NotFound):
        await translation.read(desk, zhou.id, ticket, "zh")


async def test_erased_words_leave_no_translation(desk: Desk, clock: Clock) -> None:
    desk = replace(desk, translator=Fake())
    ana = Person(desk)
    chen, ticket = await asked(desk, clock, ana, RUSSIAN)
    assert len(await translation.read(desk, chen, ticket, "zh")) == 1
    await queue.close(desk, chen, ticket)
    async with desk.storage.transaction() as tx:
        from storage import erasure, people

        resident = await people.by_alias(tx, "R-0001")
        assert resident is not None
        await erasure.ask(tx, resident.id, cause=erasure.Cause.worker, now=desk.now())
    assert await translation.read(desk, chen, ticket, "zh") == {}
