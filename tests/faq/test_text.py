"""Cleaning: the same question written in other ways becomes the same text, and no meaning is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faq.text import clean, has_words, simplify, tidy, unwrap


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("HOW DO I RENEW MY PASSPORT???", "how do i renew my passport?"),
        ("ｗｈｅｒｅ　ｉｓ　ｉｔ？", "where is it?"),
        ("It’s broken…", "it's broken."),
        ("help me pleeeease!!!", "help me pleease!"),
        ("好急急急急啊啊啊", "好急啊"),
        ("lost my 📱 on the bus 😭😭", "lost my on the bus"),
        ("see https://example.com/a?b=c and @linli_bot tell me", "see and tell me"),
    ],
)
def test_one_spelling_for_what_is_written_differently(written: str, compared: str) -> None:
    assert tidy(written) == compared


def test_traditional_characters_become_simplified() -> None:
    assert tidy("請問居留許可怎麼辦理？") == "请问居留许可怎么办理?"


@pytest.mark.parametrize("text", ["電話番号はどこですか", "전화 電話"])
def test_japanese_and_korean_keep_their_characters(text: str) -> None:
    assert simplify(text) == text


@pytest.mark.parametrize(
    ("wrapped", "core"),
    [
        ("Hello good morning, sorry to bother you, how do I get a bus card? thank you so much!!", "how do i get a bus card?"),
        ("hi all, quick question: where is the pool. Thanks in advance", "where is the pool."),
        ("Dear Sir/Madam, I hope you are well. My key broke. Best regards", "my key broke."),
        ("Thanks for your help, where is the pool", "where is the pool"),
        ("Can you help me? I broke my key", "i broke my key"),
        ("你好，请问一下怎么买菜？谢谢啦🙏", "怎么买菜?"),
        ("您好社工，不好意思打扰了，我想问一下：泳池在哪", "泳池在哪"),
        ("在吗？我的钥匙断了，麻烦您了", "我的钥匙断了"),
    ],
)
def test_greetings_and_thanks_around_a_question_go(wrapped: str, core: str) -> None:
    assert clean(wrapped) == core


@pytest.mark.parametrize("text", ["hi", "hello there", "谢谢", "你好", "thank you so much", "?!", ""])
def test_a_shell_alone_stays_as_it_is(text: str) -> None:
    assert clean(text) == tidy(text)


@pytest.mark.parametrize(
    "text",
    [
        "can you help me find a doctor?",
        "please help me find a doctor",
        "去派出所麻烦不麻烦",
        "how are you supposed to pay",
        "我想问问题应该找谁",
    ],
)
def test_a_question_that_begins_politely_keeps_its_words(text: str) -> None:
    assert len(clean(text)) >= len(text) // 2
    assert clean(text)[-4:] == tidy(text)[-4:]


def test_shells_stay_where_that_is_asked() -> None:
    assert clean("Hello, where is it? Thanks", shells=False) == "hello, where is it? thanks"


@given(st.text(max_size=200))
def test_any_text_can_be_cleaned_and_what_is_clean_stays(text: str) -> None:
    cleaned = clean(text)
    assert cleaned == cleaned.strip()
    assert has_words(cleaned) or not has_words(tidy(text)) or cleaned == unwrap(tidy(text))
    assert unwrap(cleaned) == cleaned
