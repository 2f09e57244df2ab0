"""`python -m tests.bench.bench_private_numbers`: how well private numbers are found in the labelled texts, and how fast."""

import time

from handlers.privacy import Kind, find
from tests.handlers import private_cases


def main() -> None:
    """Print recall and precision by kind, then every slip."""
    score = private_cases.score()
    texts = [case.text for case in private_cases.cases()]
    print(f"{len(texts)} texts, {sum(1 for case in private_cases.cases() if case.expected)} with something in them")
    print(f"{'kind':<12}{'found':>6}{'missed':>8}{'false':>7}")
    for kind in Kind:
        print(f"{kind:<12}{score.found[kind]:>6}{score.missed[kind]:>8}{score.false[kind]:>7}")
    print(f"recall {score.recall:.1%}   precision {score.precision:.1%}")
    started = time.perf_counter()
    for text in texts:
        find(text)
    print(f"{(time.perf_counter() - started) / len(texts) * 1e6:.0f} microseconds a text")
    print(*score.slips, sep="\n")


if __name__ == "__main__":
    main()
