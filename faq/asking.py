"""Small signs in a text: is it a question, does it add to what was said, is it only the opening of something."""

import re

_QUESTION = re.compile(
    r"[?？¿؟]|^\W*(?:who|what|when|where|why|which|how|can|could|do|does|did|is|are|am|may|must|should|shall|will|would|any(?:one|body))\b"
    r"|\b(?:how (?:to|do|can|much|many|long)|what (?:is|are|if|do)|where (?:is|can|do)|is it possible|need to know|can (?:i|we|my|you))\b"
    r"|怎么|怎样|如何|什么|哪里|哪儿|哪个|哪些|哪家|几点|几天|多少|多久|是否|能不能|可不可以|可以吗|要不要|需不需要|有没有|该不该|吗[\s。!！~]*$|呢[\s。!！~]*$|咋|为啥|请问",
    re.IGNORECASE | re.MULTILINE,
)
_ADDITION = re.compile(
    r"^\W*(?:also|and also|plus|one more thing|another thing|forgot to (?:say|mention)|i forgot|ps\b|p\.s\.|by the way it|to add|in addition|addition(?:al)?\b"
    r"|另外|还有|补充|对了|忘了说|顺便说|再说一下)",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^\W*(?:(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening)|excuse me|sorry|dear \w+|linli|there|all|everyone"
    r"|(?:i|we) (?:have|got|had) (?:a|one|some|another) (?:little |small |quick )?(?:question|problem|issue)s?|(?:quick )?question|can (?:you|u|someone) help(?: me| us)?(?: please| pls)?"
    r"|(?:can|may|could) i ask (?:you )?(?:something|a question|one thing)|need (?:some )?help|help|please|pls"
    r"|你好|您好|哈喽|嗨|在吗|在么|有人吗|请问(?:一下)?|打扰(?:一下|了)?|不好意思|我?有(?:个|一个|点)?(?:问题|事)(?:想)?(?:请教|咨询|问问|问一下)?|想?(?:请教|咨询|问)(?:一下|个事|个问题)?)\W*)+$",
    re.IGNORECASE,
)
_BARE_SUBJECT = re.compile(
    r"^\W*(?:(?:about|regarding|it'?s about) )?(?:my|our|the|his|her)\s+\w+(?:\s+\w+)?\W*$|^\W*(?:关于|(?:我|我们|我家)的)[^\W\d]{1,4}[,，.。…\s]*$",
    re.IGNORECASE,
)


def asks(text: str) -> bool:
    """Whether a text has the form of a question, in English or Chinese."""
    return _QUESTION.search(text) is not None


def adds_on(text: str) -> bool:
    """Whether a text says of itself that it adds to what was said before: "also …", "另外…"."""
    return _ADDITION.match(text) is not None


def opens(text: str) -> bool:
    """Whether a text only opens something that the next line will say: "hi", "I have a question", "my visa", "请问"."""
    return bool(_OPENING.match(text)) or (bool(_BARE_SUBJECT.match(text)) and not re.search(r"[?？]", text))
