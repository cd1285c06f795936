"""What measuring costs over the passes that it needs: `python -m benchmarks.measure [--rounds N]`.

Both sides run the same passes over the same model and data, in turns in one process: six passes as they are, and six
whose normalizations are watched. The figure is the median of the ratios of processor time, with the smallest and the
largest. A whole measurement of ResNet50 is timed as well, on the clock and on the processor.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from typing import Any

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
        found = [_ratio(model, x) for _ in range(rounds + 1)][1:]  # the first round warms up
        print(f"{name}: {statistics.median(found):.3f} ({min(found):.3f} to {max(found):.3f}) x the bare passes")
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


def _ratio(model: Any, x: Any) -> float:
    from orderlint.runtime.library import library_of
    from orderlint.runtime.measuring.keeping import eager_functions, unchanged
    from orderlint.runtime.measuring.running import Runner
    from orderlint.runtime.measuring.shifts import run_passes

    library = library_of(model)
    assert library is not None
    runner = Runner(model, library, lambda _: None)
    kinds = [False, *[True] * PASSES, False]
    with unchanged(model), eager_functions(library):
        bare = _timed(lambda: [runner(x, training=kind) for kind in kinds])
        watched = _timed(lambda: run_passes(runner, x, PASSES))
    return watched / bare


def _timed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
