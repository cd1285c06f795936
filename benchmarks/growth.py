"""How time and memory grow with the number of files: `python -m benchmarks.growth [--most 100000] [--record]`.

The files are generated. Of a hundred, four have one finding each, six have a model without findings, thirty use Keras
without a normalization, and sixty do not use Keras.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measuring import ROOT, record, spent

SIZES = (100, 1_000, 10_000, 100_000)
PLAIN = '"""Helpers {number}."""\n\nimport os\n\n\ndef joined(parts):\n    return os.path.join(*parts, "{number}")\n'
KERAS = """import keras


def trained(model, data):
    model.fit(data, epochs={number})
    return keras.ops.mean(data)
"""
CLEAN = """from keras import Sequential, layers

model = Sequential([
    layers.Conv2D({number}, 3, use_bias=False),
    layers.BatchNormalization(),
    layers.ReLU(),
    layers.Dropout(0.1),
    layers.Dense(10),
])
"""
FOUND = CLEAN.replace(
    "    layers.BatchNormalization(),\n    layers.ReLU(),\n", "    layers.ReLU(),\n    layers.BatchNormalization(),\n"
)


def text_of(number: int) -> str:
    """The text of a file."""
    place = number % 100
    kind = FOUND if place < 4 else CLEAN if place < 10 else KERAS if place < 40 else PLAIN
    return kind.replace("{number}", str(number + 1))


def made(folder: Path, count: int) -> None:
    """Write files, a hundred to each folder."""
    for number in range(count):
        place = folder / f"part{number // 100:04}"
        if number % 100 == 0:
            place.mkdir()
        (place / f"file{number:06}.py").write_text(text_of(number))


def measured(count: int) -> dict[str, Any]:
    """Measure a check of the files in one process."""
    command = [sys.executable, "-m", "orderlint", "check", "--isolated", "--no-cache", "--jobs", "1", "--quiet"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made(folder, count)
        run = spent([*command, "--format", "concise", "."], folder=folder, environment={"PYTHONPATH": str(ROOT)})
    findings = run.output.count("ORD001")
    if findings != count // 100 * 4:
        raise SystemExit(f"{count} files: {findings} findings, expected {count // 100 * 4}")
    return {"files": count, "seconds": round(run.processor, 2), "mebibytes": round(run.memory, 1)}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--most", type=int, default=10_000, help="the largest number of files")
    parser.add_argument("--record", action="store_true", help="write the result to benchmarks/results")
    parser.add_argument("--note", default="", help="a note for the table")
    options = parser.parse_args()
    steps = []
    for size in (size for size in SIZES if size <= options.most):
        steps.append(measured(size))
        one = steps[-1]
        per_file = 1000 * one["seconds"] / size
        print(
            f"{size:7} files {one['seconds']:9.2f} s {per_file:7.2f} ms a file {one['mebibytes']:7.1f} MiB", flush=True
        )
    if options.record:
        print(f"written to {record('growth', {'note': options.note, 'steps': steps})}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
