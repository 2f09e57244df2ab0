"""A text's language is known by its script, by everyday words, or by the model."""

import pytest

from faq.language import detect
from faq.reading import Language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("where do i pay the water bill", "en"),
        ("VISA???", "en"),
        ("hahaha ok", "en"),
        ("go to Xixi wetland by bus", "en"),
        ("护照丢了怎么办", "zh"),
        ("QQ群在哪里", "zh"),
        ("我想找个nanny照顾小孩", "mixed"),
        ("где найти врача?", "ru"),
        ("де знайти лікаря і ліки?", "uk"),
        ("병원이 어디예요", "ko"),
        ("病院はどこですか", "ja"),
        ("أين المستشفى", "ar"),
        ("โรงพยาบาลอยู่ที่ไหน", "th"),
        ("अस्पताल कहाँ है", "hi"),
        ("où est l'hôpital", "fr"),
        ("¿dónde está el hospital?", "es"),
        ("wo ist das Krankenhaus", "de"),
        ("bệnh viện ở đâu", "vi"),
        ("merci", "fr"),
        ("", "und"),
        ("👍👍", "und"),
        ("12345", "und"),
        ("https://example.org/visa", "und"),
        ("@linli /help", "und"),
    ],
)
def test_language_is_told(text: str, code: str) -> None:
    assert detect(text).code == code


@pytest.mark.parametrize(("text", "script"), [("护照丢了怎么办", "hans"), ("護照丟了怎麼辦", "hant"), ("你好", None)])
def test_script_is_told_where_a_character_tells(text: str, script: str | None) -> None:
    assert detect(text) == Language("zh", script)


@pytest.mark.parametrize("text", ["wo de hu zhao diu le", "zai na li ban juliu xuke", "nihao", "Wo xiang xue zhongwen"])
def test_pinyin_is_chinese(text: str) -> None:
    assert detect(text) == Language("zh", "hans", pinyin=True)


@pytest.mark.parametrize("text", ["can he run long", "he can sing a song", "I can be there at nine", "Ahmed Xu"])
def test_english_words_that_look_like_syllables_are_english(text: str) -> None:
    assert detect(text).code == "en"
