"""Measures the inspection of a large model: compared with building it, and from a file in a fresh process.

    python -m benchmarks.inspect [--model ResNet152] [--rounds 5]

Prints the best of the rounds, because other work on the machine changes it least.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

API = "import sys; from orderlint import inspect_file; inspect_file(sys.argv[1])"
COMMAND = "import sys; from orderlint.cli import main; main(['inspect', '--format', 'concise', sys.argv[1]])"
WITNESS = (
    "import sys; from orderlint import inspect_file; inspect_file(sys.argv[1]); "
    "print(*{name.split('.')[0] for name in sys.modules} & {'keras', 'tensorflow', 'tf_keras', 'numpy', 'libcst'})"
)


def timed(function: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = function()
    return time.perf_counter() - start, result


def best(rounds: int, function: Callable[[], Any]) -> tuple[float, Any]:
    return min((timed(function) for _ in range(rounds)), key=lambda pair: pair[0])


def fresh(code: str, path: Path) -> subprocess.CompletedProcess[str]:
    """Run code in a separate process."""
    return subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False)


def measured(label: str, code: str, path: Path, rounds: int) -> None:
    """Print the best wall-clock time of a fresh process, and its processor time, which depends less on other work."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    wall, result = best(rounds, lambda: fresh(code, path))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert result.returncode in (0, 1), result.stderr
    processor = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / rounds
    print(f"  {label:24} {wall:8.3f} s  ({processor:.3f} s of processor)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="ResNet152")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()

    import keras

    from orderlint import inspect_model

    make = getattr(keras.applications, options.model)
    make(weights=None)  # TensorFlow's own start-up is no part of building a model
    building, model = best(max(1, options.rounds // 2), lambda: make(weights=None))
    inspecting, report = best(options.rounds, lambda: inspect_model(model))
    print(f"{options.model}: {len(model.layers)} layers, {len(report)} findings")
    print(f"building it                {building:8.3f} s")
    print(f"inspecting it              {inspecting:8.3f} s  {inspecting / building:.1%} of building")

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        model.save(path)
        loaded = fresh(WITNESS, path).stdout.strip() or "none"
        print(f"its file of {path.stat().st_size / 2**20:.0f} MiB, in a fresh process")
        measured("Python alone", "", path, options.rounds)
        measured("orderlint.inspect_file", API, path, options.rounds)
        measured("orderlint inspect", COMMAND, path, options.rounds)
        print(f"  of keras, tensorflow, numpy and libcst it loads: {loaded}")


if __name__ == "__main__":
    main()
