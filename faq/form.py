"""The form of the FAQ's files: names of fields, headings and placeholders in both languages. Reader and writer share it."""

import re

#: Field of an entry → its names, the one that is written first.
FIELDS = {
    "topic": ("Topic", "主题"),
    "facts": ("Facts", "依据"),
    "checked": ("Checked", "核对日期", "核对"),
    "review_by": ("Review by", "复核日期", "复核"),
    "related": ("Related", "相关"),
}

#: Part of an answer → its heading by language. `short` has none: it stands directly below the title.
PART_HEADINGS = {
    "steps": {"en": "Steps", "zh": "步骤"},
    "documents": {"en": "Documents", "zh": "材料"},
    "cost": {"en": "Cost", "zh": "费用"},
    "time": {"en": "Time", "zh": "时间"},
    "where": {"en": "Where", "zh": "地点"},
    "caution": {"en": "Caution", "zh": "注意"},
    "if_it_goes_wrong": {"en": "If it goes wrong", "zh": "遇到问题"},
}

HALF_NAMES = {"en": ("English", "英文"), "zh": ("中文", "Chinese")}
QUESTION_NAMES = {
    "en": ("Questions", "English questions", "英文问题"),
    "zh": ("问题", "中文问题", "Chinese questions"),
}
SOURCE_NAMES = (
    "Sources 来源",
    "Sources",
    "来源",
    "Source",
    "来源 Sources",
    "Sources/来源",
)

#: Placeholders that are noun phrases and may stand in a sentence.
NAMES = (
    "community.name",
    "station.name",
    "police.name",
    "worker.name",
    "exit_entry.name",
)

#: Placeholders that stand after a colon at the end of a line, because a whole sentence stands in where the value is unknown.
DETAILS = (
    "station.address",
    "station.hours",
    "station.phone",
    "police.address",
    "police.phone",
    "exit_entry.address",
    "exit_entry.hours",
    "worker.hours",
    "english_corner.when",
    "english_corner.where",
    "property.phone",
)

PLACEHOLDERS = NAMES + DETAILS
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")

#: An entry's id, and the name of its file: small letters, digits and single hyphens.
ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")

#: An id of a fact in the register, such as VIS-016.
FACT_ID = re.compile(r"[A-Z]{2,4}-\d{3}")

#: The report that stands beside the entries after a check.
REPORT_NAME = "检查结果-check.txt"

#: Fewest example questions that an entry needs in each language before residents are understood.
FEWEST_QUESTIONS = 15


def folded(name: str) -> str:
    """A name as it is compared: without case, blanks, slashes and a final colon."""
    return re.sub(r"[\s/／_-]+", "", name.casefold()).rstrip(":：")
