"""Advertising in a group: told by several signs at once, never by one, so that a neighbour who sells a pram is no spammer."""

import re

#: Each line is one kind of sign; two kinds make an advertisement.
_SIGNS = {
    "contact": re.compile(
        r"加\s*(?:我\s*)?(?:v|vx|微|微信|薇|扣|q|群)\s*[:：]?|(?:add|contact|dm|pm|text|whats\s?app|wechat|telegram|v|vx|wx|tg)\s*(?:me|us|now|on|id)?\s*[:：]\s*@?[\w.]{4,}"
        r"|扫码|scan (?:the )?(?:qr|code)|私信(?:我|领)|t\.me/|bit\.ly/|https?://\S+|add v\b|whats\s?app \+?\d",
        re.I,
    ),
    "money": re.compile(
        r"日结|佣金|返利|返佣|稳赚|高薪|躺赚|刷单|兼职招|招.{0,6}兼职|月入|秒到账|秒结|秒批|贷款|借款|套现|高价收|收\s*u|出\s*u|低息|无抵押|代开发票|"
        r"\b(?:commission|profit|returns?|income|earn(?:ing)?s?|loans?|credit|invest(?:ment)?|crypto|usdt|btc|bitcoin|forex|casino|jackpot|payout|bonus|cash ?back)\b",
        re.I,
    ),
    "promise": re.compile(
        r"guarantee(?:d)?|100\s?%|no (?:interview|degree|risk|deposit|credit check)|risk[- ]?free|limited (?:time|spots?|offer)|only \d+ (?:left|spots?|units?)|last chance|act now|free (?:gift|gold|trial)"
        r"|包过|包办|全网最|名额有限|保证|百分百|免费领|零风险|长期有效|内部渠道|限时|通过率|不成功不收费|在家可做",
        re.I,
    ),
    "shouting": re.compile(r"【[^】]{3,}】|!{3,}|！{3,}|[💰🔥🎰💵🤑🚀💎🎁]{1,}|(?:\b[A-Z]{4,}\b.*){3,}"),
    "figures": re.compile(
        r"\d+\s*%|\d{3,}\s*[-–~至]\s*\d{3,}|\d+\s*(?:元|块|usd|\$|rmb)\s*(?:/|一|每|per)\s*(?:天|day|hour|小时|日)", re.I
    ),
}


def is_spam(text: str) -> bool:
    """Whether a text reads like an advertisement: a promise or money together with two more signs, or with a contact."""
    found = {name for name, sign in _SIGNS.items() if sign.search(text)}
    return ("money" in found or "promise" in found) and (len(found) >= 3 or "contact" in found)
