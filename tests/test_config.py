"""The configuration: keys, the choice of the file, and error messages."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from orderlint.config import ConfigError, Configuration, Configurations, Selection, load_configuration
from orderlint.config.errors import line_of
from orderlint.diagnostics import RepairKind
from orderlint.graph import Role

RULES = {
    "ORD001": "norm-after-activation",
    "ORD002": "dropout-before-norm",
    "ORD003": "dropout-before-activation",
    "ORD101": "redundant-bias",
    "ORD102": "repeated-activation",
    "ORD900": "invalid-syntax",
}
DEFAULT = ("ORD001", "ORD002", "ORD003", "ORD900")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def project(folder: Path, text: str, name: str = "pyproject.toml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(text.encode())
    return path


def read(folder: Path, text: str) -> Configuration:
    """The settings of a `pyproject.toml` with these keys."""
    settings = load_configuration(project(folder, f"[tool.orderlint]\n{text}"), RULES)
    assert settings is not None
    return settings


def codes(settings: Configuration, path: str = "net.py", overriding: Selection | None = None) -> str:
    """The last three digits of the codes of enabled rules."""
    return " ".join(code[3:] for code in settings.codes(settings.ignored_in(path), RULES, DEFAULT, overriding))


def test_every_key_is_read(here: Path) -> None:
    """Each key of the manual, with its possible values."""
    settings = read(
        here,
        """
        select = ["ORD0", "redundant-bias"]
        extend-select = ["ORD9"]
        ignore = ["ORD003"]
        exclude = ["legacy/", "./old"]
        force-exclude = true
        warn = ["ORD101"]
        repair = "same-inference"
        order = ["activation", "norm", "dropout"]
        [tool.orderlint.per-file-ignores]
        "tests/*" = ["ORD1"]
        [tool.orderlint.roles]
        "mylib.BN" = "norm"
        "mylib.ConvBNReLU" = ["linear", "norm", "activation"]
        """,
    )
    assert settings == Configuration(
        selection=Selection(("ORD0", "redundant-bias"), ("ORD9",), ("ORD003",)),
        per_file_ignores=(("tests/*", ("ORD1",)),),
        exclude=("legacy/", "old"),
        force_exclude=True,
        warn=("ORD101",),
        repair=(RepairKind.EQUIVALENT, RepairKind.SAME_INFERENCE),
        order=(Role.ACTIVATION, Role.NORM, Role.DROPOUT),
        roles={"mylib.BN": (Role.NORM,), "mylib.ConvBNReLU": (Role.LINEAR, Role.NORM, Role.ACTIVATION)},
        file=here / "pyproject.toml",
    )
    assert codes(settings) == "001 002 101 900"


def test_settings_can_be_sent_to_another_process(here: Path) -> None:
    """Files are checked in several processes."""
    settings = read(here, 'roles = {"a.b" = "norm"}\nexclude = ["x"]')
    assert settings.excludes(str(here / "x"), False)
    assert pickle.loads(pickle.dumps(settings)) == settings


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ('"equivalent"', "equivalent"),
        ('"same-inference"', "equivalent same-inference"),
        ('"changes-model"', "equivalent same-inference changes-model"),
        ('["same-inference"]', "same-inference"),
        ("[]", ""),
    ],
)
def test_a_kind_of_repair_stands_for_the_milder_ones_too(here: Path, text: str, kinds: str) -> None:
    """A list stands for its elements; without the key there is no restriction."""
    repair = read(here, f"repair = {text}").repair
    assert repair is not None
    assert " ".join(kind.value for kind in repair) == kinds
    assert read(here, "").repair is None


def test_the_order_may_name_the_linear_layer_first() -> None:
    """It is first in each order."""
    assert Configuration().order == (Role.NORM, Role.ACTIVATION, Role.DROPOUT)


@pytest.mark.parametrize("order", ['["linear", "dropout", "norm", "activation"]', '["dropout", "norm", "activation"]'])
def test_any_permutation_is_an_order(here: Path, order: str) -> None:
    """With or without `linear`."""
    assert read(here, f"order = {order}").order == (Role.DROPOUT, Role.NORM, Role.ACTIVATION)


def test_a_dotted_name_may_go_without_quotes(here: Path) -> None:
    """TOML then makes a table of each part; the intended name is clear."""
    settings = read(here, '[tool.orderlint.roles]\nmylib.blocks.BN = "norm"\nmylib.Drop = ["dropout"]')
    assert settings.roles == {"mylib.blocks.BN": (Role.NORM,), "mylib.Drop": (Role.DROPOUT,)}


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('selct = ["ORD001"]', 2, "unknown key `selct`; did you mean `select`?"),
        ('\nextend_select = ["ORD001"]', 3, "unknown key `extend_select`; did you mean `extend-select`?"),
        ("line-length = 3", 2, "unknown key `line-length`; known are `select`, `extend-select`, `ignore`"),
        ("[tool.orderlint.lint]\nselect = []", 2, "unknown key `lint`"),
        ('select = ["ORD001", "ORD0O1"]', 2, "unknown rule `ORD0O1`; did you mean `ORD001`?"),
        ('ignore = [\n  "ORD001",\n  "ORD5",\n]', 4, "unknown rule `ORD5`"),
        ('warn = ["norm-after-activations"]', 2, "did you mean `norm-after-activation`?"),
        ('extend-select = ["O"]', 2, "unknown rule `O`"),
        ('select = "ORD001"', 2, '`select` is a string, expected a list of strings, such as ["ORD001"]'),
        ("exclude = [1]", 2, '`exclude` contains a number, expected a list of strings, such as ["third_party/"]'),
        ("warn = [1]", 2, '`warn` contains a number, expected a list of strings, such as ["ORD001"]'),
        ('warn = ["ORD999"]', 2, "unknown rule `ORD999`; known are `ORD001`, `ORD002`"),
        ('force-exclude = "yes"', 2, "`force-exclude` is a string, expected `true` or `false`"),
        ('repair = "equivalnt"', 2, "unknown value `equivalnt` of `repair`; did you mean `equivalent`?"),
        ("repair = 3", 2, "`repair` is a number, expected one of `equivalent`, `same-inference`, `changes-model`"),
        ('repair = ["none"]', 2, "unknown value `none` of `repair`"),
        (
            'order = ["norm", "activation"]',
            2,
            "`order` is `norm`, `activation`, expected each of `norm`, `activation`",
        ),
        ('order = ["norm", "norm", "dropout"]', 2, "`order` is `norm`, `norm`, `dropout`, expected each of"),
        (
            'order = ["norm", "activations", "dropout"]',
            2,
            "unknown value `activations` of `order`; did you mean `activation`?",
        ),
        ("order = 1979-05-27", 2, "`order` is a date or time, expected a list of strings"),
        ('roles = "norm"', 2, "`roles` is a string, expected a table"),
        (
            '[tool.orderlint.roles]\n"a.b" = "batchnorm"',
            3,
            'unknown value `batchnorm` of `roles."a.b"`; did you mean `norm`?',
        ),
        (
            '[tool.orderlint.roles]\n"a.b" = ["norm", "drop"]',
            3,
            'unknown value `drop` of `roles."a.b"`; did you mean `dropout`?',
        ),
        (
            '[tool.orderlint.roles]\n"a.b" = []',
            3,
            "the role of `a.b` is an empty list, expected a role",
        ),
        ('[tool.orderlint.roles]\n"a.b" = 3', 3, "the role of `a.b` is a number"),
        ('[tool.orderlint.roles]\n"a b" = "norm"', 3, "`a b` is not a dotted name"),
        (
            '[tool.orderlint.roles]\nSyncNorm = "norm"',
            3,
            "`SyncNorm` names no module: expected the name that the layer is imported by, such as `mylib.",
        ),
        (
            '[tool.orderlint.roles]\n"a.b" = "BatchNormalization"',
            3,
            'unknown value `BatchNormalization` of `roles."a.b"`; did you mean `norm`?',
        ),
        ('per-file-ignores = ["a"]', 2, "`per-file-ignores` is a list, expected a table"),
        ('[tool.orderlint.per-file-ignores]\n"*.py" = ["ORD01"]', 3, "unknown rule `ORD01`; did you mean `ORD001`?"),
        ('[tool.orderlint.per-file-ignores]\n"*.py" = "ORD001"', 3, '`per-file-ignores."*.py"` is a string'),
    ],
)
def test_a_mistake_is_told_with_its_place(here: Path, text: str, line: int, message: str) -> None:
    """File and line, the mistake, and what was probably meant."""
    with pytest.raises(ConfigError) as caught:
        read(here, text)
    assert caught.value.line == line
    assert message in caught.value.message
    assert str(caught.value) == f"pyproject.toml:{line}: {caught.value.message}"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("[tool.orderlint]\nselect = [", 2, "not valid TOML"),
        ("[tool.orderlint]\nselect = 1 2\n", 2, "not valid TOML"),
        ("[tool.orderlint]\na = 1\na = 2\n", 3, "not valid TOML"),
        ("[tool.orderlint]\na = " + "1" * 10_000, None, "a number that is too long"),
        ("[tool.orderlint]\n" + ' "a" .a.' * 100 + "b = 1", 2, "a key of more than 100 parts"),
        ("[tool.orderlint]\n# " + "1" * 2**20, None, "characters; at most 1,048,576 are read"),
        ("[tool.orderlint]\norder = [" + '"norm", ' * 99 + "]", 2, "`norm`, ..., expected each of"),
        ("tool = 3  # orderlint\n", 1, "`tool` is not a table: expected `[tool.orderlint]`"),
        ("[tool]\norderlint = 3\n", 2, "`tool.orderlint` is not a table: expected `[tool.orderlint]`"),
        ("[tool]\norderlint.selct = []\n", 2, "unknown key `selct`"),
        ("tool.orderlint = {selct = []}\n", 1, "unknown key `selct`"),
        ('[tool.x]\n[tool.orderlnt]\nselect = ["ALL"]\n', 2, "`[tool.orderlnt]`; did you mean `[tool.orderlint]`?"),
    ],
)
def test_a_broken_file_is_told_with_its_place(here: Path, text: str, line: int | None, message: str) -> None:
    """In any form of the table."""
    with pytest.raises(ConfigError) as caught:
        load_configuration(project(here, text), RULES)
    assert (caught.value.line, message in caught.value.message) == (line, True)


def test_a_key_of_some_parts_and_a_text_of_many_are_read(here: Path) -> None:
    """Dots in a value are not part of a key."""
    text = '[tool.orderlint]\nexclude = ["' + "a." * 99 + 'py", "' + "b.py/" * 1_000 + '"]\n[' + "a." * 90 + "a]\n"
    assert len(Configurations(RULES).of_file(project(here, text)).exclude) == 2


def test_what_is_not_utf_8_is_told_with_its_place(here: Path) -> None:
    """TOML is always UTF-8; a byte order mark is allowed."""
    (here / "orderlint.toml").write_bytes(b"# ok\n# \xe9\n")
    with pytest.raises(ConfigError, match=r"orderlint.toml:2: not valid UTF-8"):
        load_configuration(here / "orderlint.toml", RULES)
    (here / "pyproject.toml").write_bytes("[tool.orderlint]\n".encode("utf-16"))
    with pytest.raises(ConfigError, match=r"pyproject.toml:1: not valid UTF-8"):
        load_configuration(here / "pyproject.toml", RULES)
    project(here, "\ufeffexclude = ['a']", "orderlint.toml")
    assert Configurations(RULES).of_file(here / "net.py").exclude == ("a",)


def test_other_projects_files_are_none_of_our_concern(here: Path) -> None:
    """A `pyproject.toml` that does not mention orderlint may contain errors."""
    for data in (b"[tool", b"\xff", b"[tool.black]\n"):
        (here / "pyproject.toml").write_bytes(data)
        assert Configurations(RULES).of_file(here / "net.py") == Configuration()


def test_the_keys_of_orderlint_toml_stand_at_its_top(here: Path) -> None:
    """The error for a `[tool.orderlint]` in it explains this."""
    project(here, 'ignore = ["ORD001"]\n[roles]\n"a.B" = "norm"\n', "orderlint.toml")
    settings = Configurations(RULES).of_file("net.py")
    assert (settings.selection.ignore, settings.roles) == (("ORD001",), {"a.B": (Role.NORM,)})
    project(here, "[tool.orderlint]\nignore = []\n", "orderlint.toml")
    with pytest.raises(ConfigError, match=r"^orderlint.toml:1: unknown key `tool`; in orderlint.toml the keys are"):
        Configurations(RULES).of_file("net.py")


def test_the_nearest_configuration_with_the_table_counts(here: Path) -> None:
    """From the folder of the file upwards; a `pyproject.toml` without the table is skipped."""
    project(here, '[tool.orderlint]\nexclude = ["outer"]\n')
    project(here / "a" / "b", "[tool.black]\nline-length = 100\n# orderlint is configured above\n")
    project(here / "a" / "c", "[tool.orderlint]\n")
    project(here / "a" / "d", '[tool.orderlint]\nexclude = ["project"]\n')
    project(here / "a" / "d", 'exclude = ["own"]\n', "orderlint.toml")
    configurations = Configurations(RULES)
    found = {name: configurations.of_file(here / name).exclude for name in ("net.py", "a/b/net.py", "a/c/x/net.py")}
    assert found == {"net.py": ("outer",), "a/b/net.py": ("outer",), "a/c/x/net.py": ()}
    assert configurations.of_folder("a/d").exclude == ("own",)
    assert Configurations(RULES, isolated=True).of_folder("a/d") == Configuration()


def test_a_folder_called_like_a_configuration_is_none(here: Path) -> None:
    """Nor does a path that does not exist end the search."""
    (here / "orderlint.toml").mkdir()
    assert Configurations(RULES).of_file("missing/net.py") == Configuration()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "001 002 003 900"),
        ('select = ["ALL"]', "001 002 003 101 102 900"),
        ('select = ["ORD1"]', "101 102"),
        ("select = []", ""),
        ('extend-select = ["ORD1"]\nignore = ["ORD101"]', "001 002 003 102 900"),
        ('extend-select = ["ORD101"]\nignore = ["ORD1"]', "001 002 003 101 900"),
        ('ignore = ["ALL"]\nextend-select = ["ORD00"]', "001 002 003"),
        ('select = ["ORD0"]\nignore = ["dropout-before-norm"]', "001 003"),
        ('select = ["ord001"]\nignore = ["ORD001"]', ""),
    ],
)
def test_the_closer_selector_wins(here: Path, text: str, expected: str) -> None:
    """A code takes precedence over its prefix, `ignore` over an equal `select`, and `select` replaces the default."""
    assert codes(read(here, text)) == expected


@pytest.mark.parametrize(
    ("overriding", "expected"),
    [
        (Selection(), "001 102"),
        (Selection(ignore=("ORD001",)), "102"),
        (Selection(extend_select=("ORD002",)), "001 002 102"),
        (Selection(select=("ORD0",)), "001 002 003"),
        (Selection(select=("ORD101",), extend_select=("ORD9",)), "101 900"),
    ],
)
def test_the_command_line_overrides(here: Path, overriding: Selection, expected: str) -> None:
    """Its selection replaces the configured one; what it adds or ignores is applied after it."""
    settings = read(here, 'select = ["ORD001", "ORD1"]\nignore = ["ORD101"]')
    assert codes(settings, overriding=overriding) == expected


def test_rules_can_be_ignored_file_by_file(here: Path) -> None:
    """Patterns are relative to the configuration's folder; `!` negates one."""
    settings = read(
        here,
        '[tool.orderlint.per-file-ignores]\n"tests/" = ["ORD001"]\n"*.ipynb" = ["ORD00"]\n"!src/" = ["ORD900"]\n',
    )
    assert codes(settings, "src/net.py") == "001 002 003 900"
    assert codes(settings, "src/net.ipynb") == "900"
    assert codes(settings, "tests/a/net.py") == "002 003"
    assert codes(settings, "src/tests/net.py") == "002 003 900"
    assert codes(settings, str(here.parent / "net.py")) == "001 002 003 900"


def test_patterns_exclude_from_the_configurations_folder(here: Path) -> None:
    """As in a `.gitignore` in that folder."""
    project(
        here / "sub",
        '[tool.orderlint]\nexclude = ["/a.py", "legacy/", "*_gen.py", "!b_gen.py"]\nforce-exclude = true\n',
    )
    configurations = Configurations(RULES)
    excluded = [
        name
        for name in ("sub/a.py", "sub/x/a.py", "sub/x/legacy/y.py", "sub/c_gen.py", "sub/b_gen.py", "a.py")
        if configurations.excludes(str(here / name), False)
    ]
    assert excluded == ["sub/a.py", "sub/x/legacy/y.py", "sub/c_gen.py"]
    assert configurations.excludes(str(here / "sub/legacy"), True)
    assert configurations.of_file(here / "sub/a.py").force_exclude
    assert not configurations.of_file(here / "a.py").force_exclude


@pytest.mark.parametrize(
    ("keys", "value", "line"),
    [
        (("tool", "x"), None, 2),
        (("tool", "x", "a"), None, 3),
        (("tool", "x", "a"), "two", 5),
        (("tool", "x", "a"), "four", 3),
        (("tool", "x", "b", "c.d"), None, 8),
        (("tool", "x", "b", "e"), None, 7),
        (("tool", "x", "f", "g"), None, 10),
        (("other",), None, None),
    ],
)
def test_lines_are_found_in_the_text(keys: tuple[str, ...], value: str | None, line: int | None) -> None:
    """The line of the longest prefix of the key that has one; for a string, after its key."""
    text = '# top\n[tool.x]\na = [\n  "one",\n  "two",\n]\n[ tool . "x".b ]\n"c.d" = 1\n[tool]\nx.f.g = "four"\n'

    assert line_of(text, keys, value) == line
