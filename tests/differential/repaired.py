"""Repairs random programs, builds both texts with Keras, and compares the models.

    python -m tests.differential.repaired [COUNT] [--start SEED] [--show N] [--only SEEDS]

The models must have the same shapes and no new finding of any rule. A repair that is called equivalent or
same-inference must, on its own, keep the predictions for the same weights. Each fault is printed with both programs as
soon as it is found; the exit status is 1 if there is one.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from dataclasses import replace
from typing import NamedTuple

__all__ = ["Compared", "compared"]


class Compared(NamedTuple):
    """The result for one program.

    Attributes:
        outcome: `repaired`, `nothing to repair` or `not built`.
        num_repaired: The number of repaired findings.
        num_left: The number of findings that are left.
        num_predicted: The number of models whose predictions were compared.
        fault: The fault; empty if there is none.
        text: The repaired program if there is a fault.
    """

    outcome: str
    num_repaired: int = 0
    num_left: int = 0
    num_predicted: int = 0
    fault: str = ""
    text: str = ""


def compared(seed: int) -> Compared:
    """Repair one program, build it before and after, and compare the models."""
    from orderlint.diagnostics import RepairKind
    from orderlint.repair import fix_text
    from orderlint.text.files import source_from_text
    from tests.differential.programs import program
    from tests.differential.sides import PATH, NotBuilt, models_of
    from tests.repair.building import DEFAULT, OBSTRUCTING, found, predict_the_same, shapes

    one = program(seed)
    file = source_from_text(one.text, PATH)
    result = fix_text(file, DEFAULT)
    counts = len(result.repaired), len(result.left)
    if not result.repaired:
        return Compared("nothing to repair", *counts)
    try:
        before = models_of(one)
    except NotBuilt:
        return Compared("not built", *counts)
    try:
        after = models_of(replace(one, text=result.text))
    except NotBuilt:
        return Compared("repaired", *counts, 0, "it is not built any more", result.text)
    if [shapes(model) for model in before] != [shapes(model) for model in after]:
        return Compared("repaired", *counts, 0, "its models have other shapes", result.text)
    for old, new in zip(before, after, strict=True):
        if brought := found(new, OBSTRUCTING) - found(old, OBSTRUCTING):
            return Compared("repaired", *counts, 0, f"its models have new findings: {dict(brought)}", result.text)
    mild = fix_text(file, DEFAULT, only=RepairKind.SAME_INFERENCE)
    if not mild.repaired:
        return Compared("repaired", *counts)
    num_predicted = 0
    for old, new in zip(before, models_of(replace(one, text=mild.text)), strict=True):
        is_same = predict_the_same(old, new)
        num_predicted += is_same is not None
        if is_same is False:
            return Compared("repaired", *counts, num_predicted, "it predicts something else", mild.text)
    return Compared("repaired", *counts, num_predicted)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int, nargs="?", default=300, help="how many programs")
    parser.add_argument("--start", type=int, default=0, help="the number of the first one")
    parser.add_argument("--show", type=int, default=5, help="how many faults to print with their programs")
    parser.add_argument("--only", default="", help="the numbers of some programs, between commas")
    options = parser.parse_args()
    os.environ["KERAS_BACKEND"] = "numpy"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from tests.differential.programs import program
    from tests.differential.quick import settle

    settle()
    seeds = [int(number) for number in options.only.split(",")] if options.only else None
    outcomes: Counter[str] = Counter()
    faults: list[int] = []
    for seed in seeds or range(options.start, options.start + options.count):
        result = compared(seed)
        outcomes[result.outcome] += 1
        outcomes["findings repaired"] += result.num_repaired
        outcomes["findings left"] += result.num_left
        outcomes["models whose predictions were compared"] += result.num_predicted
        if result.fault:
            faults.append(seed)
            print(f"program {seed}: {result.fault}", flush=True)
            if len(faults) <= options.show:
                print(f"{program(seed).uses}\n{program(seed).text}\n# repaired\n{result.text}", flush=True)
    print("".join(f"{name:<40}{count:>7}\n" for name, count in sorted(outcomes.items())), end="")
    print(f"faults: {len(faults)}" + (f" (--only {','.join(map(str, faults))})" if faults else ""))
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
