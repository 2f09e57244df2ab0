"""Chinese in Latin letters is found and read; other languages never are."""

import pytest

from faq.pinyin import Pinyin, plain, split

TEXTS = [
    "电梯坏了找谁修",
    "泳池几点开门",
    "我的钥匙丢了怎么办",
    "可以在院子里种菜吗",
    "who repairs the lift",
    "when does the lift come",
    "wode yaoshi diu le",
]


@pytest.fixture(scope="module")
def pinyin() -> Pinyin:
    return Pinyin(TEXTS)


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("wo de yaoshi diu le, zenme ban?", "我的钥匙丢了,怎么办?"),
        ("dianti huai le zhao shei xiu", "电梯坏了找谁修"),
        ("yǒngchí jǐ diǎn kāi mén", "泳池几点开门"),
        ("wo3 de5 yao4shi5 diu1 le5", "我的钥匙丢了"),
    ],
)
def test_pinyin_becomes_the_characters_of_our_own_texts(pinyin: Pinyin, text: str, characters: str) -> None:
    assert pinyin.resolve(text) == characters


def test_figures_and_foreign_words_inside_pinyin_stay(pinyin: Pinyin) -> None:
    read = pinyin.resolve("app shuo 203 de dianti huai le")
    assert "app" in read
    assert "203" in read
    assert "电梯坏了" in read


@pytest.mark.parametrize(
    "text",
    [
        "where can i change money",
        "no one came to repair the lift",
        "panda",
        "banana",
        "wake up, ai",
        "me gusta la piscina",
        "kann ich hier parken",
        "sumimasen, doko desu ka",
        "泳池 wo de",
        "hi",
        "",
    ],
)
def test_other_languages_are_left_alone(pinyin: Pinyin, text: str) -> None:
    assert pinyin.resolve(text) == text


@pytest.mark.parametrize(("word", "letters"), [("lǜ4", "lv"), ("Xué", "xve"), ("nǚ", "nv"), ("xi'an", "xian"), ("hǎo", "hao")])
def test_tones_and_dots_are_put_aside(word: str, letters: str) -> None:
    assert plain(word) == letters


@pytest.mark.parametrize(
    ("word", "parts"), [("paichusuo", ("pai", "chu", "suo")), ("xvesheng", ("xve", "sheng")), ("nar", ("na",)), ("school", ()), ("", ())]
)
def test_words_are_split_into_syllables(word: str, parts: tuple[str, ...]) -> None:
    assert split(word) == parts
