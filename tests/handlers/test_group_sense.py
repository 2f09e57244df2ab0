"""Manners in a group: silent in human talk, there when called, and never a private number left standing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from faq.reading import Language, Match, Question, Reading, SmallTalk, Urgency
from handlers.decision import Thresholds
from handlers.resident.group import GroupAction, Heard, Manners, Mode, Said, Sense, sense

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
THRESHOLDS = Thresholds(answer=0.6, suggest=0.2)


def reader(score: float = 0.95, smalltalk: str | None = None, urgent: bool = False) -> Callable[[str], Reading]:
    """Reads every text as a question to one entry with this probability."""

    def read(text: str) -> Reading:
        matches = (Match("housing-deposit", "", "en", score),)
        urgency = Urgency("medical", "health-emergency", "") if urgent else None
        return Reading(text, text, Language("en"), (Question(text, matches),), urgency, SmallTalk(smalltalk) if smalltalk else None)

    return read


def judge(
    text: str,
    *recent: Heard,
    score: float = 0.95,
    mode: Mode = Mode.normal,
    smalltalk: str | None = None,
    danger: bool = False,
    **said: Any,
) -> Sense:
    """What Linli does when Ana says this at noon."""
    values: dict[str, Any] = {"who": "Ana", "at": NOON, "text": text} | said
    return sense(
        Said(**values),
        recent,
        reader(score, smalltalk, danger),
        THRESHOLDS,
        urgent=lambda text: danger,
        mode=mode,
        manners=Manners(hourly_cap=2),
    )


def heard(who: str = "Tom", minutes: float = 5, **more: Any) -> Heard:
    """Something that was said some minutes ago."""
    return Heard(who, NOON - timedelta(minutes=minutes), **more)


QUESTION = "The owner keeps my deposit, what can I do?"


def test_unmistakable_question_to_nobody_is_answered() -> None:
    found = judge(QUESTION)
    assert (found.action, found.entry) == (GroupAction.answer, "housing-deposit")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (QUESTION, {"reply_to": "Tom"}),
        ("Tom, what did you do about your deposit?", {}),
        ("what did tom do about the deposit back then?", {}),
        ("王阿姨，押金您是怎么要回来的？", {}),
        ("who else lost a deposit today lol", {}),
        ("my deposit is gone", {}),
        ("why??", {}),
        (QUESTION, {"by_worker": True}),
    ],
)
def test_talk_between_people_is_left_alone(text: str, said: dict[str, Any]) -> None:
    assert judge(text, heard("Tom"), **said).action is GroupAction.silent


def test_unsure_answer_is_kept_back_unless_called() -> None:
    assert judge(QUESTION, score=0.7).action is GroupAction.silent
    assert judge(QUESTION, score=0.7, mode=Mode.helpful).action is GroupAction.answer
    assert judge(QUESTION, score=0.7, to_bot=True).action is GroupAction.answer


def test_quiet_group_hears_nothing_unasked() -> None:
    assert judge(QUESTION, mode=Mode.quiet).action is GroupAction.silent
    assert judge(QUESTION, mode=Mode.quiet, to_bot=True).action is GroupAction.answer


def test_answer_of_the_last_half_hour_is_pointed_to() -> None:
    before = heard("Linli", 10, by_bot=True, entry="housing-deposit", reply_to="Ben")
    assert judge(QUESTION, before).action is GroupAction.pointer
    long_ago = heard("Linli", 31, by_bot=True, entry="housing-deposit", reply_to="Ben")
    assert judge(QUESTION, long_ago).action is GroupAction.answer


def test_hourly_cap_counts_what_nobody_asked_for() -> None:
    unasked = [heard("Linli", minutes, by_bot=True, entry=f"entry-{minutes}") for minutes in (10, 20)]
    asked = [heard("Linli", minutes, by_bot=True, entry="x", reply_to="Ben") for minutes in (10, 20)]
    assert judge(QUESTION, *unasked).action is GroupAction.silent
    assert judge(QUESTION, *asked).action is GroupAction.answer


def test_worker_who_is_just_answering_is_not_interrupted() -> None:
    assert judge(QUESTION, heard("Chen", 1, by_worker=True, reply_to="Ana")).action is GroupAction.silent


def test_called_without_an_answer_goes_to_a_person() -> None:
    assert judge("@Linli could you keep my key?", score=0.1, to_bot=True).action is GroupAction.escalate


def test_remark_to_linli_wants_nothing() -> None:
    assert judge("good to know", score=0.05, to_bot=True, reply_to="Linli").action is GroupAction.silent


@pytest.mark.parametrize(
    ("command", "action"), [("/human", "escalate"), ("/card@linli_bot", "answer"), ("/help", "command"), ("/roll", "silent")]
)
def test_commands(command: str, action: str) -> None:
    assert judge(command).action == action


def test_danger_and_private_numbers_come_first_whoever_is_addressed() -> None:
    assert judge("he does not breathe", reply_to="Tom", danger=True).action is GroupAction.urgent
    assert judge("for the booking: passport XN1234567", reply_to="Tom").action is GroupAction.privacy_warning
    assert judge("order no. 2024061200318846, all paid", reply_to="Tom").action is GroupAction.silent


@pytest.mark.parametrize(
    "text",
    [
        "🔥 Earn 500/day from home, guaranteed, add WeChat: job8899",
        "小额贷款，秒批秒到账，无抵押，加微信：dk5566",
        "Crypto signals 95% profit guaranteed!!! t.me/moonclub",
    ],
)
def test_advertising_is_told(text: str) -> None:
    assert judge(text).action is GroupAction.spam


@pytest.mark.parametrize(
    "text",
    [
        "Selling a pram, 200 yuan, pm me",
        "The bank wants 3% for the transfer",
        "群里有人卖自行车吗？300块以内",
        "join us at 5, add me on wechat",
        "收到 5% 优惠券，谁要？",
    ],
)
def test_neighbours_who_sell_something_are_no_spammers(text: str) -> None:
    assert judge(text, score=0.1).action is GroupAction.silent
