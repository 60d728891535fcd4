"""Counting 12,000 articles: seconds and peak memory, beside scikit-learn's CountVectorizer.

Run: python tests/benchmarks/bench_counting.py

Each way runs in a process of its own, in turn, three times; the median is printed. The third way
is CountVectorizer with its own, simpler token rule, for scale.
"""

import multiprocessing
import resource
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

NEWS = Path(__file__).resolve().parents[3] / "shared/corpora/news-sample.parquet"


def texts() -> Any:
    return pq.read_table(NEWS, columns=["text"])["text"].combine_chunks()


def with_arrow(array: Any) -> Any:
    from analysis.measure.tokens import count

    return count(array)


def with_count_vectorizer(array: Any) -> Any:
    from sklearn.feature_extraction.text import CountVectorizer

    from analysis.measure.tokens import tokenize

    vectorizer = CountVectorizer(analyzer=tokenize)
    matrix = vectorizer.fit_transform(array.to_pylist())
    return matrix, list(vectorizer.get_feature_names_out())


def with_its_own_rule(array: Any) -> Any:
    from sklearn.feature_extraction.text import CountVectorizer

    vectorizer = CountVectorizer()
    matrix = vectorizer.fit_transform(array.to_pylist())
    return matrix, list(vectorizer.get_feature_names_out())


WAYS = {
    "analysis": with_arrow,
    "CountVectorizer, the same token rule": with_count_vectorizer,
    "CountVectorizer, its own token rule": with_its_own_rule,
}


def measured(way: str, answer: Any) -> None:
    import sklearn.feature_extraction.text  # noqa: F401  (imports are not what is timed)

    import analysis.measure.tokens  # noqa: F401

    array = texts()
    start = time.perf_counter()
    matrix, terms = WAYS[way](array)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    matrix.sort_indices()
    fingerprint = (matrix.shape, int(matrix.sum()), hash_of(matrix, terms))
    answer.put((seconds, peak, array.nbytes / 1e6, fingerprint))


def hash_of(matrix: Any, terms: list[str]) -> str:
    """One hash of all counts: rows in order, terms by name."""
    import hashlib

    digest = hashlib.sha256("\n".join(terms).encode())
    for part in (matrix.indptr, matrix.indices, matrix.data):
        digest.update(part.astype("int64").tobytes())
    return digest.hexdigest()[:16]


def main() -> None:
    if not NEWS.is_file():
        sys.exit("skipped: needs ../shared/corpora/news-sample.parquet")
    context = multiprocessing.get_context("spawn")
    results: dict[str, list[Any]] = {way: [] for way in WAYS}
    for _ in range(3):
        for way in WAYS:
            answer = context.Queue()
            process = context.Process(target=measured, args=(way, answer))
            process.start()
            results[way].append(answer.get())
            process.join()
    print(f"{'':38} {'seconds':>8} {'MB/s':>6} {'peak MB':>8}  counts")
    for way, runs in results.items():
        seconds = statistics.median(r[0] for r in runs)
        peak = statistics.median(r[1] for r in runs)
        print(f"{way:38} {seconds:8.2f} {runs[0][2] / seconds:6.1f} {peak:8.0f}  {runs[0][3]}")


if __name__ == "__main__":
    main()
