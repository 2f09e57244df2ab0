"""Figures are equal when they mean the same, in either language and every common way to write them."""

import pytest

from faq.figures import figures, links, said


def values(text: str) -> set[str]:
    return {figure.value for figure in figures(text)}


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("up to 2,000 yuan", "最高 2000 元"),
        ("20,000 yuan", "2 万元"),
        ("1.5 million yuan", "150 万元"),
        ("300 million yuan", "3 亿元"),
        ("on 22 Nov 2026", "2026年11月22日"),
        ("from 1 March to 30 June", "3 月 1 日至 6 月 30 日"),
        ("December 5, 2027", "2027 年 12 月 5 号"),
        ("in Sept 2025", "2025年9月"),
        ("1–3 May 2026", "2026年5月1日至3日"),
        ("by 2026-11-22", "2026年11月22日前"),
        ("from 9 am to 5:30 pm", "上午 9 点到下午 5 点半"),
        ("9:00–17:30", "9:00–17:30"),
        ("7 pm to 7 am", "晚上 7 点到早上 7 点"),
        ("2 to 5 pm", "下午 2 点到 5 点"),
        ("at 8:15 p.m.", "晚上 8 点 15 分"),
        ("at noon", "正午"),
        ("ring 0571-8723 1234", "拨打 0571-87231234"),
        ("ring +86 571 8723 1234 or 138 0000 1234", "拨打 +86 571 87231234 或 13800001234"),
        ("ring 12367, day and night", "12367（24 小时）"),
        ("within 15 km/h, 25km", "时速 15 公里，25 公里"),
        ("a Q1 or X2 visa for 180 days", "Q1、X2 签证，180 天"),
        ("pay 20% (20 per cent)", "20%"),
        ("see https://example.org/2024/5.htm", "见 {station.name}"),
    ],
)
def test_the_same_figure_in_two_languages_is_equal(english: str, chinese: str) -> None:
    assert values(english) == values(chinese)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2,000 yuan", "200 元"),
        ("22 Nov 2026", "2026年12月22日"),
        ("7 pm", "上午 7 点"),
        ("0571-8723 1234", "0571-87231235"),
        ("3 days", "30 天"),
    ],
)
def test_different_figures_are_not_equal(one: str, other: str) -> None:
    assert values(one) != values(other)


def test_what_you_may_do_is_no_month() -> None:
    assert values("you may 3 times") == {"3"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("third", "3"),
        ("第三十九条", "39"),
        ("九十天", "90"),
        ("一百八十天", "180"),
        ("两份", "2"),
        ("二〇二六", "2026"),
        ("半年", "6"),
        ("in January", "month 1"),
    ],
)
def test_numbers_in_words_are_read_too(text: str, value: str) -> None:
    assert value in said(text)


def test_a_figure_knows_how_and_where_it_is_written() -> None:
    (figure,) = figures("pay 2,000 yuan")
    assert (figure.written, figure.at) == ("2,000", 4)


def test_links_end_before_the_stop() -> None:
    assert [link.value for link in links("看 https://example.org/a?b=1。See www.example.org/x).")] == [
        "https://example.org/a?b=1",
        "www.example.org/x",
    ]
