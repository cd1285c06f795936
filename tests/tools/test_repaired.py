"""The count of the findings that `orderlint fix` repairs."""

from __future__ import annotations

from pathlib import Path

from tests.tools.repaired import counted, is_missed

DENSE = "x = Dense(8, activation='relu')(x)\n"


def test_what_would_be_wrong_is_not_missed(tmp_path: Path) -> None:
    """A value with another reader is kept; a layer in an iteration is missed, since there is no way to move it."""
    read = f"{DENSE}y = BatchNormalization()(x)\nz = Add()([x, y])\n"
    looped = "for i in range(n):\n    x = Dense(8)(x)\n    if i == n - 1:\n        x = Dropout(i / 10)(x)\n"
    looped += "x = BatchNormalization()(x)\nx = Dense(1)(x)\n"
    paths = []
    for name, text in (("plain", f"{DENSE}x = BatchNormalization()(x)\n"), ("read", read), ("looped", looped)):
        path = tmp_path / f"{name}.py"
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    count = counted(paths)
    assert (count.repaired, len(count.kept), len(count.missed)) == (1, 1, 1)
    assert count.rate == 50


def test_reasons_are_told_apart() -> None:
    """An edit that would change another layer is wrong; an unknown way is missed."""
    assert is_missed("one of the layers is in a loop, the other is not; put both into the loop, or outside")
    assert not is_missed("the output of `ReLU` in line 6 is also used in line 9, which would get a different value")
