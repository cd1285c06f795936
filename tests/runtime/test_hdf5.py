"""The reader of `.h5` files reads the same text as h5py, and raises an error for invalid files."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import h5py
import numpy as np
import pytest

from orderlint.runtime.errors import FileReadError, WeightsOnlyError
from orderlint.runtime.hdf5 import read_config

TEXT = '{"class_name": "Sequential", "config": {"layers": []}, "note": "ß"}'


def written(path: Path, value: object, libver: str = "earliest", groups: int = 0) -> Path:
    with h5py.File(path, "w", libver=libver) as file:
        for number in range(groups):
            file.create_group(f"layer_{number}").create_dataset("kernel", data=[1.0, 2.0])
        file.attrs["keras_version"] = "3.15.1"
        file.attrs["backend"] = b"tensorflow"
        file.attrs["model_config"] = value
        file.attrs["training_config"] = "{}"
    return path


@pytest.mark.parametrize("libver", ["earliest", "v108", "v110", "v112", "latest"])
@pytest.mark.parametrize("value", [TEXT, TEXT.encode(), np.bytes_(TEXT.encode())], ids=["str", "bytes", "fixed"])
def test_every_version_and_form_of_text_is_read(tmp_path: Path, value: object, libver: str) -> None:
    """Each version of the format that h5py writes, and strings of variable and fixed length."""
    assert read_config(written(tmp_path / "m.h5", value, libver, groups=20)).decode() == TEXT


@pytest.mark.parametrize("libver", ["earliest", "latest"])
def test_long_texts_are_read(tmp_path: Path, libver: str) -> None:
    """A string that is too long for a header is in a heap."""
    text = TEXT * 20_000
    assert read_config(written(tmp_path / "m.h5", text, libver)).decode() == text


def test_a_text_kept_in_another_form_says_so(tmp_path: Path) -> None:
    """A string outside the header is an error, not a file without a model."""
    path = written(tmp_path / "m.h5", np.bytes_(b"x" * 100_000), "latest")
    with pytest.raises(FileReadError, match=r"the form in which its attributes are stored; save it as \.keras"):
        read_config(path)


def test_no_model_is_told(tmp_path: Path) -> None:
    """A file with only weights has no `model_config`."""
    with h5py.File(tmp_path / "w.h5", "w") as file:
        file.create_dataset("kernel", data=[1.0])
    with pytest.raises(WeightsOnlyError, match="weights only"):
        read_config(tmp_path / "w.h5")


def test_mutated_files_end_in_a_text_or_an_error(tmp_path: Path) -> None:
    """With changed or missing bytes, the result is a text or an error of the file."""
    originals = [
        written(tmp_path / f"{libver}.h5", TEXT, libver, groups=3).read_bytes() for libver in ("earliest", "latest")
    ]
    chance = random.Random(20)
    path = tmp_path / "mutated.h5"
    outcomes = {"read": 0, "refused": 0}
    for turn in range(600):
        data = bytearray(originals[turn % 2])
        for _ in range(chance.choice([1, 3, 30])):
            data[chance.randrange(8, len(data))] = chance.choice([0, 255, chance.randrange(256)])
        path.write_bytes(data[: chance.choice([len(data), chance.randrange(8, len(data))])])
        try:
            read_config(path)
            outcomes["read"] += 1
        except (FileReadError, WeightsOnlyError):
            outcomes["refused"] += 1
    assert min(outcomes.values()) > 0


def test_a_text_that_claims_to_be_huge_is_refused_unread(tmp_path: Path) -> None:
    """The length is compared with the bound before the text is read."""
    path = written(tmp_path / "m.h5", "x" * 1_000)
    data = path.read_bytes()
    place = data.index(struct.pack("<I", 1_000))  # of the text, in the attribute
    path.write_bytes(data[:place] + struct.pack("<I", 300 * 2**20) + data[place + 4 :])
    with pytest.raises(FileReadError, match="its `model_config` has 314,572,800 bytes; at most 67,108,864 are read"):
        read_config(path)


def test_a_header_that_goes_on_in_itself_ends(tmp_path: Path) -> None:
    """A header that continues in itself is refused after a few blocks."""
    path = written(tmp_path / "m.h5", TEXT, "earliest", groups=3)
    data = bytearray(path.read_bytes())
    root = int.from_bytes(data[64:72], "little")
    size = int.from_bytes(data[root + 8 : root + 12], "little")
    first = struct.pack("<HHB3x", 0x10, 16, 0) + struct.pack("<QQ", root + 16, size)
    data[root + 16 : root + 16 + len(first)] = first
    path.write_bytes(data)
    with pytest.raises(FileReadError, match="the header of its root group is too large"):
        read_config(path)
