"""Untrusted files: each has a clear error or an ordinary report, and none of its code is executed."""

from __future__ import annotations

import base64
import json
import marshal
import os
import stat
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orderlint.engine.inspecting import inspect_file
from orderlint.runtime import archive
from orderlint.runtime.errors import FileReadError, InspectionError
from orderlint.runtime.jsontext import MAX_BYTES
from orderlint.runtime.saved import read_saved
from tests.runtime.seen import chains, roles
from tests.support import ROOT

EDGE = {"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": ["in", 0, 0]}}], "kwargs": {}}


def model_with(*layers: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A model whose layers all take the input, as stored in `config.json`."""
    entry = {"module": "keras.layers", "class_name": "InputLayer", "config": {"name": "in"}, "name": "in"}
    parts = [{**entry, "inbound_nodes": []}, *({"inbound_nodes": [EDGE], **layer} for layer in layers)]
    outputs = [[layer["name"], 0, 0] for layer in layers]
    config = {"name": "m", "layers": parts, "input_layers": [["in", 0, 0]], "output_layers": outputs}
    return {"module": "keras", "class_name": "Functional", "config": config, **more}


def keras_file(path: Path, config: object) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("metadata.json", "{}")
        file.writestr("config.json", json.dumps(config))
        file.writestr("model.weights.h5", b"")
    return path


def code_that_writes(marker: Path) -> str:
    """Python byte code that would create a file, in the form in which Keras stores lambdas."""
    source = f"__import__('pathlib').Path({str(marker)!r}).write_text('ran')"
    return base64.b64encode(marshal.dumps(compile(source, "<evil>", "eval"))).decode()


def attacks(marker: Path) -> dict[str, dict[str, Any]]:
    """Configurations that would execute code, read files or connect to the network if Keras loaded them unsafely."""
    code = code_that_writes(marker)
    shell = f"touch {marker}"
    dense = {"module": "keras.layers", "class_name": "Dense", "name": "fc", "config": {"name": "fc", "units": 2}}
    lambda_ = {"class_name": "__lambda__", "config": {"code": code, "defaults": None, "closure": None}}
    return {
        "lambda": model_with(
            {
                "module": "keras.layers",
                "class_name": "Lambda",
                "name": "x",
                "config": {"name": "x", "function": lambda_},
            }
        ),
        "old_lambda": model_with(
            {
                "class_name": "Lambda",
                "name": "x",
                "config": {"name": "x", "function": [code, None, None], "function_type": "lambda", "module": "os"},
            }
        ),
        "activation": model_with({**dense, "config": {"name": "fc", "activation": lambda_}}),
        "module": model_with({"module": "os", "class_name": "system", "name": "x", "config": shell}),
        "function": model_with(
            {"module": "builtins", "class_name": "function", "name": "x", "config": {"value": "exec", "args": [shell]}}
        ),
        "own_module": model_with({"module": "evil_module", "class_name": "Layer", "name": "x", "config": {}}),
        "get_file": model_with(
            {
                "module": "keras.utils",
                "class_name": "get_file",
                "name": "x",
                "config": {"fname": str(marker), "origin": "http://127.0.0.1:9/x", "extract": True},
            }
        ),
        "enable": model_with(
            {"module": "keras.config", "class_name": "enable_unsafe_deserialization", "name": "x", "config": {}}
        ),
        "vocabulary": model_with(
            {
                "module": "keras.layers",
                "class_name": "StringLookup",
                "name": "x",
                "config": {"name": "x", "vocabulary": "/etc/passwd"},
            }
        ),
        "torch": model_with(
            {"module": "keras.layers", "class_name": "TorchModuleWrapper", "name": "x", "config": {"module": code}}
        ),
        "saved_model": model_with(
            {"module": "keras.layers", "class_name": "TFSMLayer", "name": "x", "config": {"filepath": str(marker)}}
        ),
        "compile": model_with(
            dense, compile_config={"loss": {"module": "os", "class_name": "function", "config": "system"}}
        ),
        "build": model_with({**dense, "build_config": {"module": "os", "class_name": "system", "config": shell}}),
    }


ATTACKS = sorted(attacks(Path("marker")))


@pytest.mark.parametrize("name", ATTACKS)
@pytest.mark.parametrize("form", ["keras", "json"])
def test_no_code_of_a_file_runs(name: str, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A malicious model has an ordinary report or an error message, and has no effect."""
    marker = tmp_path / "marker"
    (tmp_path / "evil_module.py").write_text(f"open({str(marker)!r}, 'w').close()", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    config = attacks(marker)[name]
    path = tmp_path / f"evil.{form}"
    if form == "keras":
        keras_file(path, config)
    else:
        path.write_text(json.dumps(config), encoding="utf-8")
    graph = read_saved(path)
    assert len(graph.calls) == 2
    assert not marker.exists()
    assert "evil_module" not in sys.modules
    expected = "linear" if name in ("activation", "compile", "build") else "boundary"
    assert list(roles(graph).values())[1] == expected


def test_the_attacks_would_work_if_loaded(tmp_path: Path) -> None:
    """The byte code of these files is executed if it is decoded, so the tests above can fail."""
    marker = tmp_path / "marker"
    exec(marshal.loads(base64.b64decode(code_that_writes(marker))))
    assert marker.exists()


def test_reading_loads_no_keras(tmp_path: Path) -> None:
    """A new process reads each kind of file without Keras, TensorFlow or protobuf."""
    config = attacks(tmp_path / "marker")["lambda"]
    keras_file(tmp_path / "a.keras", config)
    (tmp_path / "b.json").write_text(json.dumps(config), encoding="utf-8")
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "keras_metadata.pb").write_bytes(metadata(json.dumps(config).encode()))
    code = (
        "import sys\nfrom orderlint.engine import inspecting\n"
        "for path in sys.argv[1:]: inspecting.inspect_file(path)\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    files = [str(tmp_path / name) for name in ("a.keras", "b.json", "saved")]
    command = [sys.executable, "-c", code, *files]
    result = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    foreign = {"keras", "tensorflow", "tf_keras", "google", "numpy", "h5py", "libcst", "pickle", "marshal"}
    assert not foreign - {"marshal"} & set(result.stdout.split())
    assert not (tmp_path / "marker").exists()


def metadata(text: bytes, path: bytes = b"root") -> bytes:
    """A `keras_metadata.pb` with one object."""
    node = b"\x1a" + varint(len(path)) + path + b"\x2a" + varint(len(text)) + text
    return b"\x0a" + varint(len(node)) + node


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def with_members(path: Path, members: list[tuple[zipfile.ZipInfo | str, bytes]]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members:
            file.writestr(name, data)


GOOD = json.dumps(model_with()).encode()


def duplicate(path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        with_members(path, [("config.json", GOOD), ("config.json", b"{}")])


def traversal(path: Path) -> None:
    with_members(path, [("config.json", GOOD), ("../../evil.py", b"")])


def backslash(path: Path) -> None:
    with_members(path, [("config.json", GOOD), ("..\\evil.py", b"")])


def absolute(path: Path) -> None:
    with_members(path, [("config.json", GOOD), ("/etc/evil", b"")])


def symlink(path: Path) -> None:
    member = zipfile.ZipInfo("config.json")
    member.create_system = 3
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    with_members(path, [(member, b"/etc/passwd")])


def encrypted(path: Path) -> None:
    with_members(path, [("config.json", GOOD)])
    data = bytearray(path.read_bytes())
    data[6] |= 1  # the flag in the local header
    data[data.rfind(b"PK\x01\x02") + 8] |= 1  # and in the central directory
    path.write_bytes(data)


def truncated(path: Path) -> None:
    with_members(path, [("config.json", GOOD), ("model.weights.h5", os.urandom(10_000))])
    path.write_bytes(path.read_bytes()[:5_000])


def garbled(path: Path) -> None:
    with_members(path, [("config.json", GOOD)])
    data = bytearray(path.read_bytes())
    data[50:60] = b"\xff" * 10
    path.write_bytes(data)


def bomb(path: Path) -> None:
    with_members(path, [("config.json", b"[" + b" " * 20_000_000 + b"]")])


def huge(path: Path) -> None:
    # The central directory declares more than is read, so the data is not unpacked.
    with_members(path, [("config.json", GOOD)])
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.rfind(b"PK\x01\x02") + 24, MAX_BYTES + 1)
    path.write_bytes(data)


def lying(path: Path) -> None:
    # The unpacked data is longer than the central directory declares.
    with_members(path, [("config.json", GOOD + b" " * 5_000)])
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.rfind(b"PK\x01\x02") + 24, 100)
    path.write_bytes(data)


def lzma(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as file:
        file.writestr("config.json", GOOD)


def crowded(path: Path) -> None:
    with_members(path, [(f"assets/{number}", b"") for number in range(20_001)])


def long_directory(path: Path) -> None:
    with_members(path, [("config.json", GOOD)])
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.rfind(b"PK\x05\x06") + 12, 2**31)
    path.write_bytes(data)


def no_archive(path: Path) -> None:
    path.write_bytes(b"\x80\x04\x95pickle, most likely")


def pointer(path: Path) -> None:
    path.write_bytes(b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n")


def hdf5_inside(path: Path) -> None:
    path.write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(100))


def empty(path: Path) -> None:
    path.write_bytes(b"")


def no_config(path: Path) -> None:
    with_members(path, [("readme.txt", b"hello")])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (duplicate, "the archive has 2 members called config.json, so it is unclear which one is the model"),
        (traversal, "unsafe archive: its member '../../evil.py' would lie outside of it"),
        (backslash, "unsafe archive: its member '.*evil.py' would lie outside of it"),
        (absolute, "unsafe archive: its member '/etc/evil' would lie outside of it"),
        (symlink, "unsafe archive: its member 'config.json' is a symbolic link"),
        (encrypted, "the archive is encrypted: its config.json cannot be read"),
        (truncated, "truncated archive: its table of contents, which is at the end, is missing"),
        (garbled, "damaged archive: "),
        (bomb, "config.json unpacks to [0-9,]+ times its size; at most 200 times is read"),
        (huge, "config.json unpacks to 67,108,865 bytes; at most 67,108,864 are read"),
        (lying, "damaged archive: "),
        (lzma, "config.json is packed with method 14; Keras stores or deflates"),
        (crowded, "the archive lists 20,001 members; at most 20,000 are read"),
        (long_directory, "the archive lists 1 members|damaged archive"),
        (no_archive, "not a .keras archive: it does not begin like a zip file; save the model again, or correct"),
        (pointer, "not a .keras archive: it is a pointer of Git LFS; `git lfs pull` fetches the model"),
        (hdf5_inside, "not a .keras archive: it is an HDF5 file; give it the ending .h5"),
        (empty, "not a .keras archive: the file is empty; save the model again"),
        (no_config, "not a .keras archive: it has no config.json with the model"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_bad_archives(make: Callable[[Path], None], message: str, tmp_path: Path) -> None:
    """Each kind of damage has its own message."""
    path = tmp_path / "model.keras"
    make(path)
    with pytest.raises(FileReadError, match=message):
        read_saved(path)


def deep(levels: int) -> str:
    return '{"class_name": "x", "config": ' + "[" * levels + "]" * levels + "}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "the file is empty"),
        (b'{"a" 1}', "the file is not valid JSON in line 1, column 6: expecting ':' delimiter"),
        (b"\xff\xfe", r"the file is not UTF-8 text \(byte 0\)"),
        (b"[]", "the file contains a list, expected an object with the model"),
        (b'{"a": 1}', "the model has no `class_name`: not the JSON of a Keras model"),
        (b'{"class_name": "Functional"}', "`Functional` is a subclassed model"),
        (b'{"class_name": "Dense", "config": {}}', r"it contains a single layer \(`Dense`\), expected a model"),
        (deep(100_000).encode(), "the file is nested too deeply"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "the file is not JSON that can be read: a number in it has 10,000 digits"),
        (b'{"class_name": "Functional", "config": {"layers": [3]}}', "layer 1 of `Functional` has no `class_name`"),
        (b"[" * 4_000_001, "the file contains more than 4,000,000 values"),
        (b" " * (MAX_BYTES + 1), "the file has 67,108,865 bytes; at most 67,108,864 are read"),
    ],
    ids=[str(number) for number in range(12)],
)
def test_bad_json(text: bytes, message: str, tmp_path: Path) -> None:
    """JSON that is not a model, too large or too deep is refused with the reason and the location."""
    path = tmp_path / "model.json"
    path.write_bytes(text)
    with pytest.raises(FileReadError, match=message):
        read_saved(path)


def test_layers_in_a_circle(tmp_path: Path) -> None:
    """A graph with a cycle is refused."""
    layer = {"module": "keras.layers", "class_name": "Dense", "name": "a", "config": {"name": "a"}}
    config = model_with(layer)
    history = {"class_name": "__keras_tensor__", "config": {"keras_history": ["a", 0, 0]}}
    config["config"]["layers"][1]["inbound_nodes"] = [{"args": [history], "kwargs": {}}]
    with pytest.raises(FileReadError, match="the layers of `m` depend on each other in a cycle"):
        read_saved(keras_file(tmp_path / "circle.keras", config))


@pytest.mark.parametrize(
    "innermost", [[], [{"module": "keras.layers", "class_name": "Dense", "name": "fc", "config": {}}]]
)
def test_models_that_double_at_each_level(innermost: list[dict[str, Any]], tmp_path: Path) -> None:
    """A small file whose graph would fill the memory, or take exponential time, is refused."""

    def level(depth: int) -> dict[str, Any]:
        if depth == 0:
            return model_with(*innermost)
        return model_with({**level(depth - 1), "name": "x", "inbound_nodes": [EDGE, EDGE]})

    with pytest.raises(InspectionError, match="more than 50,000 layer applications"):
        read_saved(keras_file(tmp_path / "doubling.keras", level(30)))


def test_a_model_of_more_layers_than_are_read(tmp_path: Path) -> None:
    """The error has the number of layers and the bound, and no graph is built."""
    layers = [{"class_name": "ReLU", "config": {"name": f"a{i}"}} for i in range(50_001)]
    config = {"class_name": "Sequential", "config": {"name": "m", "layers": layers}}
    with pytest.raises(FileReadError, match="`m` has 50,001 layers; at most 50,000 are read"):
        read_saved(keras_file(tmp_path / "long.keras", config))


@pytest.mark.parametrize("where", ["class_name", "module", "name", "activation"])
def test_a_name_of_a_million_letters(where: str, tmp_path: Path) -> None:
    """The name is neither repeated in a report nor split in a lookup."""
    layer = {"module": "keras.layers", "class_name": "Dense", "name": "a", "config": {"name": "a"}}
    named = (
        {**layer, "config": {"activation": "r" * 10**6}} if where == "activation" else {**layer, where: "r." * 500_000}
    )
    path = tmp_path / "named.json"
    path.write_text(json.dumps(model_with(named)), encoding="utf-8")
    with pytest.raises(FileReadError, match="a name of 1,000,000 characters; at most 1,000 are read"):
        read_saved(path)


def test_paths_of_a_file_that_are_not_followed_are_told(tmp_path: Path) -> None:
    """A layer with too many consumers is checked partly, and the report says so."""
    dense = {"module": "keras.layers", "class_name": "Dense", "name": "d", "config": {"activation": "relu"}}
    config = model_with(dense)
    history = {"class_name": "__keras_tensor__", "config": {"keras_history": ["d", 0, 0]}}
    edge = {"args": [history], "kwargs": {}}
    norm = {"module": "keras.layers", "class_name": "BatchNormalization", "config": {}}
    norms = [{**norm, "name": f"b{i}", "inbound_nodes": [edge]} for i in range(9_000)]
    config["config"]["layers"] += norms
    config["config"]["output_layers"] = [[one["name"], 0, 0] for one in norms]
    path = tmp_path / "fan.json"
    path.write_text(json.dumps(config), encoding="utf-8")
    report = inspect_file(path)
    assert [one.is_gap for one in report.warnings] == [True]
    assert "too many paths between its layers" in report.warnings[0].message


@pytest.mark.parametrize(
    "reference",
    [
        ["in", 10**30, 0],
        ["in", 0, 10**12],
        ["nobody", 0, 0],
        ["in", -1, -1],
        ["in", True, 0],
        ["in", "0", 0],
        "in",
        None,
    ],
)
def test_references_that_lead_nowhere(reference: object, tmp_path: Path) -> None:
    """An edge with an invalid reference is left out."""
    config = model_with({"module": "keras.layers", "class_name": "Dense", "name": "a", "config": {"name": "a"}})
    history = {"class_name": "__keras_tensor__", "config": {"keras_history": reference}}
    config["config"]["layers"][1]["inbound_nodes"] = [{"args": [history], "kwargs": {}}, [[reference]]]
    assert len(read_saved(keras_file(tmp_path / "odd.keras", config)).calls) == 3


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x0a\xff\xff\xff\xff\x7f", "truncated or damaged keras_metadata.pb: a field ends after the message"),
        (b"\xff" * 20, "truncated or damaged keras_metadata.pb: a number has more than ten bytes"),
        (b"\x0b", "truncated or damaged keras_metadata.pb: unknown wire type 3"),
        (b"", "keras_metadata.pb describes no model: it has no object called root"),
        (metadata(b"{}", b"root.layer"), "keras_metadata.pb describes no model"),
        (metadata(b"{"), "keras_metadata.pb is not valid JSON in line 1, column 2: expecting"),
    ],
)
def test_bad_saved_model_folders(data: bytes, message: str, tmp_path: Path) -> None:
    """The error says what is wrong with the folder."""
    (tmp_path / "keras_metadata.pb").write_bytes(data)
    with pytest.raises(FileReadError, match=message):
        read_saved(tmp_path)


def no_hdf5(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04")


def cut_hdf5(path: Path) -> None:
    import h5py

    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = GOOD.decode()
        file.create_dataset("weights", data=list(range(5_000)))
    path.write_bytes(path.read_bytes()[:900])


def array_attribute(path: Path) -> None:
    import h5py

    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = [1, 2, 3]


def linked(path: Path) -> None:
    import h5py

    with h5py.File(path, "w") as file:
        file["model_config"] = h5py.ExternalLink("/etc/passwd", "/")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (no_hdf5, "not an HDF5 file: it is a zip file; give it the ending .keras"),
        (cut_hdf5, "truncated or damaged HDF5 file"),
        (array_attribute, "its `model_config` is not a string"),
        (linked, "contains weights only"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_bad_hdf5(make: Callable[[Path], None], message: str, tmp_path: Path) -> None:
    """The reader uses one attribute of the root group, and never follows links."""
    path = tmp_path / "model.h5"
    make(path)
    with pytest.raises(FileReadError, match=message):
        read_saved(path)


def test_other_files(tmp_path: Path) -> None:
    """A missing file, another suffix and an empty folder have different messages."""
    with pytest.raises(FileReadError, match="no such file"):
        read_saved(tmp_path / "nothing.keras")
    (tmp_path / "model.pkl").write_bytes(b"")
    with pytest.raises(FileReadError, match=r"expected a file ending in .h5, .hdf5, .json, .keras, or a SavedModel"):
        read_saved(tmp_path / "model.pkl")
    (tmp_path / "folder").mkdir()
    with pytest.raises(FileReadError, match="neither a SavedModel nor an unpacked"):
        read_saved(tmp_path / "folder")


def test_checksum_is_verified(tmp_path: Path) -> None:
    """A member of an archive with a wrong checksum is damaged, and is not read."""
    path = tmp_path / "model.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as file:
        file.writestr("config.json", GOOD)
    path.write_bytes(path.read_bytes().replace(b"InputLayer", b"InputLayex"))
    assert zlib.crc32(GOOD)
    with pytest.raises(FileReadError, match="damaged archive: Bad CRC-32"):
        archive.read_config(path)


def test_a_clean_file_is_read(tmp_path: Path) -> None:
    """The helpers for invalid files can make a valid one, so the errors above are caused by the damage."""
    dense = {
        "module": "keras.layers",
        "class_name": "Dense",
        "name": "fc",
        "config": {"name": "fc", "activation": "relu"},
    }
    assert chains(read_saved(keras_file(tmp_path / "good.keras", model_with(dense)))) == ["Dense ReLU | output"]
