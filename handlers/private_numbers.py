"""The shapes of passports, permits, identity and card numbers, and the words beside a number that tell what it is.

Checksums come from python-stdnum, phone numbers from phonenumbers; both are kept up by others. The shapes of passports are those of
ICAO Doc 9303 part 4 (at most nine signs) as the countries use them.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import cache

import phonenumbers
from stdnum import iban, luhn
from stdnum.iso7064 import mod_11_2
from stdnum.kr import rrn

#: A number stands at most this many signs behind the word that names it, and a word at most this many behind its number.
BEFORE, BEHIND = 45, 26

_DASHES = "‐‑‒–—―−－﹣"
_SPACES = "\u00a0\u2002\u2003\u2009\u202f\u3000"


def plain(text: str) -> str:
    """The same signs, each as its ASCII form where it has one (full-width, Arabic digits, dashes); positions stay."""
    return text if text.isascii() else "".join(map(_plain, text))


@cache
def _plain(sign: str) -> str:
    if sign in _DASHES:
        return "-"
    if sign in _SPACES:
        return " "
    digit = unicodedata.digit(sign, None) if sign.isdecimal() else None
    if digit is not None:
        return str(digit)
    folded = unicodedata.normalize("NFKC", sign)
    return folded if len(folded) == 1 else sign


def worth_a_look(text: str) -> bool:
    """Whether there is anything to look for at all: an @, a passport's filling, or digits enough. Most messages have none."""
    return "@" in text or "<<" in text or sum(map(str.isdecimal, text)) >= 4


#: Words that name a number. The first that matches at a place counts, so a "meeting ID" is no identity number.
_LABELS = re.compile(
    r"""
    (?P<other>
        \b(?:order|tracking|parcel|package|shipment|waybill|invoice|receipt|fapiao|booking|reservation|confirmation|transaction|imei|
            serial|s/?n|ticket|case|flight|wechat|weixin|qq|coupon|voucher|postcode|zip|isbn|barcode|meter|pin|wifi|password|policy|contract|docket|
            model|verification|locker|sku|library|loyalty|membership)(?:[ -]?(?:id|code|card|num(?:ber)?|no|nr)s?)?\b
        | \b(?:delivery|reference|ref|payment|train|seat|claim|application|file|meeting|zoom|tencent|user|login|app|apple|group|event|
            listing|product|item|pickup|student|employee|staff|patient|room|account\ name|plate|gate|bus|metro|version|build|article|lot|
            batch|part|job|bill|customer)[ -]?(?:id|code|card|num(?:ber)?|no|nr)s?\b
        | \b(?:ordernr|bestellung|commande|pedido|заказ\w*|трек\w*|рейс\w*)\b
        | 订单|订单号|单号|运单|快递|物流|包裹|取件|发票|收据|回执|受理|编号|流水|合同|型号|序列号|会议|验证码|航班|车次|票号|座位|学号|工号|
          微信号?|邮编|保单|案号|报价|余额|密码|条码|房号|户号|電表|电表|訂單|快遞|發票|편명|주문|運送|追跡|予約|注文|送り状
    )
    | (?P<passport>\bpassports?\b|\bpassport(?:nummer|nr)?\b|\bpasseport\b|\bpasaporte\b|\bpassaport[eo]\b|\breisepass\w*|\bpaspoort\w*|
        \bpasport\w*|\bpaszport\w*|паспорт\w*|загранпаспорт\w*|护照|護照|여권|パスポート|旅券|جواز|hộ\ chiếu|หนังสือเดินทาง|\btravel\ document|\bpspt?\b|\bpp\b)
    | (?P<permit>\b(?:residence|work|stay|entry)[ ]permits?\b|\bpermits?\b|\bresidence\ card\b|\bgreen\ card\b|\bfive-?star\ card\b|
        \bvisa\ (?:no\b|num|nr\b|id\b|\#)|居留许可|居留證|居留证|居留卡|居留|五星卡|永居|永久居留|工作许可|工作證|工作证号|签证号|簽證號|签证编号|
        台胞证|台胞證|回乡证|回鄉證|通行证|通行證|(?:вид|разрешени\w*)\ на\ \w+|거류증|居留許可|在留カード)
    | (?P<identity>\bid\b|\bids\b|\bidentity\b|\bidentification\b|\bnational\ id\b|\bssn\b|\bsocial\ security\b|\bdni\b|\bpersonalausweis\w*|
        \bdriv\w+\ licen[cs]e\b|身份证|身分證|身份證|证件|證件|驾驶证|驾照号|駕駛證|주민등록\w*|마이넘버|マイナンバー)
    | (?P<card>\b(?:bank|credit|debit|visa|master|mastercard|unionpay|amex)\ ?cards?\b|\bcard\b|\biban\b|\bbank\ account\b|\baccount\b|
        \bkonto\w*|\bкарт\w*|银行卡|銀行卡|卡号|卡號|账号|帳號|账户|信用卡|储蓄卡|银联|カード|카드|계좌)
    | (?P<phone>\b(?:tele)?phone\b|\btel\b|\bmobile\b|\bcell\b|\bcall\b|\bwhats?app\b|\bfax\b|\bhotline\b|电话|電話|手机|手機|热线|
        телефон\w*|전화|핸드폰)
    | (?P<amount>\b(?:yuan|rmb|cny|usd|eur|kr|price|rent|deposit|salary|fee|cost|paid|pay)\b|元|块|租金|押金|工资|房租)
    """,
    re.IGNORECASE | re.VERBOSE,
)


class Labels:
    """The words of a text that name numbers, where they stand."""

    def __init__(self, text: str) -> None:
        self._found = [(found.start(), found.end(), str(found.lastgroup)) for found in _LABELS.finditer(text)]

    def of(self, start: int, end: int) -> str | None:
        """What the number at this place is called: by the nearest word. One behind the number counts as twice as far away."""
        near = [(start - at, name) for _, at, name in self._found if start - BEFORE <= at <= start and name != "amount"]
        near += [(2 * (at - end) + 1, name) for at, _, name in self._found if end <= at <= end + BEHIND]
        return min(near)[1] if near else None


_EMAIL = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}(?![A-Za-z0-9])", re.ASCII
)


def emails(text: str, labels: Labels) -> Iterator[tuple[int, int]]:
    """E-mail addresses."""
    return (found.span() for found in _EMAIL.finditer(text))


#: Both lines of a passport's machine-readable zone, ICAO Doc 9303 part 4; the first alone names its holder.
_ZONE = re.compile(r"(?<![A-Z0-9<])(?:P[A-Z<][A-Z]{3}[A-Z<]{15,39}|[A-Z0-9<]{9}\d[A-Z<]{3}\d{7}[MFX<]\d{7}[A-Z0-9<]{2,16})(?![A-Z0-9<])")


def machine_readable(text: str, labels: Labels) -> Iterator[tuple[int, int]]:
    """Lines of a passport's machine-readable zone."""
    return (found.span() for found in _ZONE.finditer(text) if "<" in found[0] or len(found[0]) > 40)


_IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}", re.IGNORECASE | re.ASCII)


def ibans(text: str, labels: Labels) -> Iterator[tuple[int, int]]:
    """International bank account numbers with a right checksum and the length of their country."""
    for found in _IBAN.finditer(text):
        for end in range(found.end(), found.start() + 14, -1):
            if text[end - 1].isalnum() and text[end : end + 1].isalnum() is False and iban.is_valid(text[found.start() : end]):
                yield found.start(), end
                break


_DIGITS = r"(?<![\w])(?<!\d[.,:/-])"
_RESIDENT_ID = re.compile(_DIGITS + r"\d(?:[ -]?\d){16}[ -]?[\dXx](?![A-Za-z0-9])", re.ASCII)
_HONG_KONG_ID = re.compile(r"(?<![A-Z0-9])[A-Z]{1,2}\d{6}\([0-9A]\)")
_KOREAN_ID = re.compile(r"(?<!\d)\d{6}-[1-8]\d{6}(?!\d)", re.ASCII)
_EMIRATES_ID = re.compile(r"(?<!\d)784-\d{4}-\d{7}-\d(?!\d)", re.ASCII)
_AMERICAN_ID = re.compile(r"(?<![\d-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])", re.ASCII)


def identities(text: str, labels: Labels) -> Iterator[tuple[int, int]]:
    """Chinese identity numbers (GB 11643: birthday and checksum; the new cards of permanent residents have the same form) and some others."""
    for found in _RESIDENT_ID.finditer(text):
        digits = _bare(found[0])
        wrong = not mod_11_2.is_valid(digits)
        if _born(digits[6:14]) and (not wrong or labels.of(*found.span()) == "identity"):
            yield found.span()
    for shape in (_HONG_KONG_ID, _EMIRATES_ID):
        yield from (found.span() for found in shape.finditer(text))
    yield from (found.span() for found in _KOREAN_ID.finditer(text) if rrn.is_valid(found[0]) or labels.of(*found.span()) == "identity")
    yield from (found.span() for found in _AMERICAN_ID.finditer(text) if labels.of(*found.span()) not in ("other", "phone"))


_OLD_PERMANENT = re.compile(r"(?<![A-Z0-9])[A-Z]{3}\d{12}(?![A-Z0-9])")


def permits(text: str, labels: Labels) -> Iterator[tuple[int, int]]:
    """Numbers of the first permanent residence cards: country, six digits of the place, birthday, serial."""
    for found in _OLD_PERMANENT.finditer(text):
        label = labels.of(*found.span())
        if label in ("permit", "identity") or (label != "other" and _born(f"19{found[0][9:15]}")):
            yield found.span()


_CARD = re.compile(_DIGITS + r"\d(?:[ -]?\d){12,18}(?![A-Za-z0-9]|[.,:/-]\d)", re.ASCII)
#: First digits and lengths of the cards in use (ISO/IEC 7812; UnionPay 62 has up to 19 digits, older cards of Chinese banks 19).
_ISSUERS = re.compile(
    r"4\d{12}(?:\d{3})?|45(?:63|22)\d{15}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|"
    r"35\d{14}|62\d{14,17}|6(?:011|4[4-9]\d|5\d\d)\d{12}|60\d{14}|81\d{14,17}|220[0-4]\d{12}|955[89]\d{15}"
)


def cards(text: str, labels: Labels) -> Iterator[tuple[int, int]]:
    """Bank cards: thirteen to nineteen digits with a right check digit (Luhn) that an issuer uses, or that are called a card."""
    for found in _CARD.finditer(text):
        digits = _bare(found[0])
        label = labels.of(*found.span())
        if luhn.is_valid(digits) and label not in ("other", "phone") and (label == "card" or _ISSUERS.fullmatch(digits)):
            yield found.span()


_TOKEN = re.compile(
    r"(?<![A-Za-z0-9@/_-])(?<!\d\.)(?:[A-Z] (?=\d)(?:\d[ -]?){5,11}|(?=[A-Za-z0-9-]{7,15}(?![A-Za-z0-9]))[A-Za-z]{0,3}-?\d[A-Za-z0-9]*|(?:\d[ -]?){7,12})"
    r"(?<=[A-Za-z0-9])(?![A-Za-z0-9]|[.:/]\d|@)",
    re.ASCII,
)


def labelled(text: str, labels: Labels) -> Iterator[tuple[str, int, int]]:
    """Numbers that no checksum proves but the word beside them names: (`passport`, `permit` or `identity`, start, end)."""
    for found in _TOKEN.finditer(text):
        start, end = found.span()
        label = labels.of(start, end)
        number = _bare(text[start:end])
        if label in ("passport", "permit", "identity") and _may_be(label, number):
            yield label, start, end


def _may_be(label: str, number: str) -> bool:
    digits = sum(map(str.isdecimal, number))
    if number.isdecimal():
        shortest = 8 if label == "passport" else 7
        return shortest <= digits <= (10 if label == "passport" else 12) and not _day(number) and not _mobile(number)
    letters = re.findall("[A-Za-z]+", number)
    if label == "passport":
        return digits >= (4 if len(number) == 9 else 5) and 7 <= len(number) <= 10 and max(map(len, letters)) <= 3
    return digits >= 6 and 8 <= len(number) <= 15 and max(map(len, letters)) <= 3


#: Without a word beside them: a capital and eight digits (China, Korea, Mexico, Turkey, Egypt …), two capitals and seven digits (China's
#: newer ones, Japan, Italy, Australia …), and the forms of France, the Philippines, Canada and Singapore, which nothing else has.
_PASSPORT = re.compile(
    r"(?<![A-Za-z0-9@/_-])(?<!\d\.)(?:[A-Z] ?\d{8}|[A-Z]{2} ?\d{7}|\d{2}[A-Z]{2}\d{5}|P\d{7}[A-Z]|[EK]\d{7}[A-Z])(?![A-Za-z0-9]|-\d)",
    re.ASCII,
)


def passports(text: str, labels: Labels) -> Iterator[tuple[int, int]]:
    """Passport numbers that stand without the word; not where another word names them."""
    return (found.span() for found in _PASSPORT.finditer(text) if labels.of(*found.span()) in (None, "passport", "amount"))


def phones(text: str, labels: Labels) -> Iterator[tuple[int, int]]:
    """Telephone numbers, Chinese ones or with their country's code."""
    for match in phonenumbers.PhoneNumberMatcher(text, "CN", leniency=phonenumbers.Leniency.VALID):
        digits = sum(map(str.isdecimal, match.raw_string))  # short ones are hotlines, which are public
        if digits >= 10 and labels.of(match.start, match.end) != "other":
            yield match.start, match.end


def _bare(number: str) -> str:
    return re.sub("[ -]", "", number).upper()


def _born(digits: str) -> bool:
    """Whether YYYYMMDD is a day on which somebody alive may have been born."""
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return 1900 <= day.year <= 2099


def _day(number: str) -> bool:
    """Whether eight digits are a day: 20261231, 31122026 or 12312026."""
    if len(number) != 8:
        return False
    spellings = (number, number[4:] + number[2:4] + number[:2], number[4:] + number[:2] + number[2:4])
    return any(spelling[:2] in ("19", "20") and _born(spelling) for spelling in spellings)


def _mobile(number: str) -> bool:
    return len(number) == 11 and number.startswith("1")
