"""Measures the cost of measuring, in addition to the passes that it needs: `python -m benchmarks.measure [--rounds N]`.

Both sides run the same passes over the same model and data, alternately in one process: six plain passes, and six in
which the normalizations are watched. The first figure is the median of the ratios of processor time, with the smallest
and the largest value. It depends on other work on the machine. The second figure is the time of the hook and the
statistics themselves, as a part of the plain passes. A whole measurement of ResNet50 is timed as well.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

PASSES = 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras
    import numpy as np

    from orderlint import measure_model

    data = np.random.default_rng(0).normal(size=(32, 96, 96, 3)).astype("float32")
    for name, model in (("ResNet50, 96 x 96, 32 examples", resnet(keras)), ("six dense blocks of 512", dense(keras))):
        x = data if "ResNet" in name else data.reshape(32, -1)[:, :512].repeat(16, 0)
        rows = [_ratios(model, x) for _ in range(rounds + 1)][1:]  # the first round warms up
        whole, own = zip(*rows, strict=True)
        print(f"{name}: {statistics.median(whole):.3f} ({min(whole):.3f} to {max(whole):.3f}) x the bare passes")
        print(f"  hook and statistics: {statistics.median(own):.1%} ({min(own):.1%} to {max(own):.1%}) of them")
    clock, processor = time.perf_counter(), time.process_time()
    measure_model(resnet(keras), data)
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    print(f"measure_model, ResNet50, 96 x 96, 32 examples: {clock:.1f} s, {processor:.1f} s of processor time")


def resnet(keras: Any) -> Any:
    """ResNet50 with a dropout before its head."""
    base = keras.applications.ResNet50(weights=None, include_top=False, input_shape=(96, 96, 3), pooling="avg")
    return keras.Sequential([base, keras.layers.Dropout(0.5), keras.layers.Dense(10)])


def dense(keras: Any) -> Any:
    """Blocks with a dropout before the normalization."""
    layers = keras.layers
    block = (lambda: layers.Dense(512), lambda: layers.Dropout(0.3), layers.BatchNormalization, layers.ReLU)
    return keras.Sequential([layers.Input((512,)), *(make() for _ in range(6) for make in block)])


def _ratios(model: Any, x: Any) -> tuple[float, float]:
    """The time of the watched passes, and that of the observers in them, both divided by that of the plain passes."""
    from orderlint.runtime.library import library_of
    from orderlint.runtime.measuring.keeping import eager_functions, unchanged
    from orderlint.runtime.measuring.running import Runner
    from orderlint.runtime.measuring.shifts import run_passes
    from orderlint.runtime.measuring.watching import watching

    library = library_of(model)
    assert library is not None
    runner = Runner(model, library, lambda _: None)
    kinds = [False, *[True] * PASSES, False]
    spent = 0.0

    def timed(library: Any, before: Any = None, after: Any = None) -> Any:
        def observe(applied: Any) -> None:
            nonlocal spent
            start = time.thread_time()  # NumPy works on one thread
            after(applied)
            spent += time.thread_time() - start

        return watching(library, before, observe)

    with unchanged(model), eager_functions(library), patch("orderlint.runtime.measuring.shifts.watching", timed):
        bare = _timed(lambda: [runner(x, training=kind) for kind in kinds])
        watched = _timed(lambda: run_passes(runner, x, PASSES))
    return watched / bare, spent / bare


def _timed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
