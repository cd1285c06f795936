"""The architecture: which module imports which, and what is loaded by an import."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from orderlint.judging.registry import own_registry
from tests.support import ROOT

PACKAGE = ROOT / "orderlint"

# What each part may import of orderlint. A part may always import itself, the package's own name, and `records`.
FLOOR = {"records"}
ALLOWED: dict[str, set[str]] = {
    "records": set(),
    "version": set(),
    "words": set(),
    "json_words": set(),
    "progress": set(),
    "graph": set(),
    "diagnostics": {"graph"},
    "catalog": {"graph"},
    "judging": {"graph", "diagnostics", "catalog", "words"},
    "rules": {"graph", "judging"},
    "text": {"graph", "diagnostics", "words", "json_words"},
    "screening": {"text"},
    "source": {"graph", "catalog", "text"},
    "runtime": {"graph", "diagnostics", "catalog", "words", "json_words"},
    "glance": {"graph", "catalog", "judging", "text", "source"},
    "repair": {"graph", "diagnostics", "catalog", "judging", "text", "source"},
    "report": {"graph", "diagnostics", "judging"},
    "discovery": {"diagnostics", "text", "words"},
    "config": {"graph", "diagnostics", "text", "discovery", "words"},
    "console": {"diagnostics", "report"},
    "fast_path": {"text", "screening", "discovery", "report", "engine"},
}
# The parts at the top, which no other part imports.
UPPER = {"engine", "api"}
ENTRIES = {"cli", "commands", "lsp", "notebook", "pytest_plugin", "__main__", "__init__"}
# What each module or folder of a part may import within the part.
INSIDE: dict[str, dict[str, set[str]]] = {
    "graph": {
        "guards": set(),
        "calls": {"guards"},
        "shortfalls": {"calls"},
        "units": {"calls", "guards", "shortfalls"},
    },
    "repair": {"text": set(), "net": {"text"}, "ways": {"text", "net"}},
    "source": {
        "neighborhood": set(),
        "queries": {"neighborhood"},
        "stars": {"queries"},
        "project": {"neighborhood", "queries", "stars"},
        "state": {"project"},
        "python": {"state"},
        "library": {"state", "python"},
        "keras": {"state", "python", "library"},
        "relevance": {"state", "python"},
        "inert": {"state", "python", "relevance"},
        "left_out": {"state", "relevance", "inert"},
        "interpreter": {"state", "python", "keras", "inert", "left_out"},
    },
}


def modules() -> Iterator[Path]:
    yield from sorted(PACKAGE.rglob("*.py"))


def part_of(path: Path) -> str:
    """The part to which a module belongs: its name below `orderlint`."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    """The absolute names of all modules that a module imports, at the top or inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the import directions"
            assert node.module is not None
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def module_id(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", list(modules()), ids=module_id)
def test_imports_follow_the_table(path: Path) -> None:
    """A module imports only the parts of orderlint that the table allows."""
    part = part_of(path)
    assert part in ALLOWED or part in UPPER or part in ENTRIES, f"{part} has no place in the table yet"
    parts = {name.split(".")[1] for name in imported(path) if name.startswith("orderlint.")}
    parts = {name for name in parts if (PACKAGE / name).exists() or (PACKAGE / f"{name}.py").exists()}
    if part in ENTRIES:
        allowed = parts
    elif part in UPPER:
        allowed = set(ALLOWED) - {"console", "fast_path"} | UPPER
    else:
        allowed = ALLOWED[part]
    assert parts - {part} - FLOOR <= allowed


@pytest.mark.parametrize("path", list(modules()), ids=module_id)
def test_imports_inside_a_part_follow_its_table(path: Path) -> None:
    """If a part has a table of its own, imports inside it follow that."""
    folder, *inner = path.relative_to(PACKAGE).with_suffix("").parts
    table = INSIDE.get(folder, {})
    if not inner or inner[0] not in table:
        return
    found = {name.split(".")[2] for name in imported(path) if name.startswith(f"orderlint.{folder}.")}
    assert {name for name in found if name in table} - {inner[0]} <= table[inner[0]]


def circles(graph: dict[str, set[str]]) -> list[set[str]]:
    """The sets of modules that import each other (strongly connected components), largest first."""
    reached = {name: _reached(graph, name) for name in graph}
    found = {frozenset(other for other in reached[name] if name in reached[other]) for name in graph}
    return sorted((set(circle) for circle in found if len(circle) > 1), key=len, reverse=True)


def _reached(graph: dict[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    stack = [start]
    while stack:
        new = graph[stack.pop()] - found
        found |= new
        stack += new
    return found


def import_graph() -> dict[str, set[str]]:
    """The imports between the modules of the package: at the top, inside functions and under `TYPE_CHECKING`."""
    names = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in modules()
    }
    return {name: {_module_of(one, names) for one in imported(path)} - {"", name} for name, path in names.items()}


def _module_of(name: str, known: dict[str, Path]) -> str:
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name


def test_no_modules_import_one_another_in_a_circle() -> None:
    """A module can be read and tested without the modules that use it; imports in functions count, too."""
    assert circles(import_graph()) == []


def test_circles_are_found() -> None:
    """Modules that import each other are one circle, which excludes others that they import or that import them."""
    graph = {"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set()}
    assert circles(graph) == [{"b", "c"}]


@pytest.mark.parametrize("path", list(modules()), ids=module_id)
def test_no_rule_code_is_known_outside_its_rule(path: Path) -> None:
    """What other modules need to know of a rule is an attribute of it; its code is not written elsewhere."""
    if part_of(path) == "rules":
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings and examples
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in prose)
    texts = (node.value for node in constants if isinstance(node.value, str))
    assert [text for text in texts if re.search(r"ORD\d", text)] == []


def _names_of_rules() -> set[str]:
    return {rule.name for rule in own_registry().rules.values()}


@pytest.mark.parametrize("path", list(modules()), ids=module_id)
def test_no_rule_name_is_known_outside_its_rule(path: Path) -> None:
    """Nor is its name written elsewhere."""
    if part_of(path) == "rules":
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)} & _names_of_rules() == set()


@pytest.mark.parametrize("path", list(modules()), ids=module_id)
def test_only_the_runtime_side_imports_keras(path: Path) -> None:
    """Keras, TensorFlow and h5py are imported in `runtime/` and by users of the pytest plugin only."""
    foreign = {name.split(".")[0] for name in imported(path)} & {"keras", "tensorflow", "tf_keras", "h5py", "numpy"}
    if part_of(path) not in ("runtime", "repair"):
        assert not foreign


@pytest.mark.parametrize(
    ("statement", "unwanted"),
    [
        ("import orderlint.cli", {"tensorflow", "keras", "libcst", "rich", "pathspec", "json", "asyncio"}),
        ("import orderlint", {"tensorflow", "keras", "libcst", "rich", "click", "pathspec"}),
        ("import orderlint.judging", {"tensorflow", "keras", "libcst", "rich"}),
        ("import orderlint.catalog", {"tensorflow", "keras", "libcst", "rich"}),
        ("from orderlint.text.files import read_source", {"tensorflow", "keras", "libcst", "rich"}),
    ],
)
def test_imports_are_cheap(statement: str, unwanted: set[str]) -> None:
    """Modules that are slow to import are imported when they are used."""
    code = f"import sys; {statement}; print(*{{name.split('.')[0] for name in sys.modules}})"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not set(result.stdout.split()) & unwanted


def test_every_command_loads_what_it_needs_only_when_it_runs() -> None:
    """`orderlint --help` imports each command, but not libcst, rich or TensorFlow."""
    code = (
        "import sys; from orderlint.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(*{name.split('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not set(result.stderr.split()) & {"tensorflow", "keras", "libcst", "rich"}
    assert "check" in result.stdout


# Parts in which each module has a test that imports it. Elsewhere whole commands and reports are tested.
TESTED = {"graph", "judging", "repair", "source", "text"}


def test_modules_are_imported_by_tests_of_their_own() -> None:
    """Except for two in a hundred, each module of these parts is imported by a test."""
    found = {name for path in (ROOT / "tests").rglob("*.py") for name in imported(path)}
    found |= {name.rpartition(".")[0] for name in found}
    paths = [path for path in modules() if part_of(path) in TESTED and path.stem != "__init__"]
    held = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths}
    assert len(held - found) <= len(held) / 50, sorted(held - found)


# State of a module that functions change, and why it is allowed.
KEPT = {
    ("screening/packages.py", "_asked"),  # cache with keys that contain everything the value depends on
    ("text/nesting.py", "_local"),  # whether the stack of the current thread was already enlarged
    ("engine/worker.py", "_PARSED"),  # syntax trees by path and digest, so that a long-lived worker parses a text once
    ("glance/frames.py", "_KNOWN"),  # the names in a tree, for the lifetime of the tree
}
_EMPTY = re.compile(r"\{\}|\[\]|(collections\.)?(dict|list|set|deque|OrderedDict|Counter|defaultdict)\(\w*\)")
_CHANGING = frozenset(
    {"add", "append", "clear", "discard", "extend", "insert", "pop", "popitem", "remove", "setdefault", "update"}
)


def _own_names(tree: ast.Module) -> set[str]:
    """The names that are assigned at the top level."""
    targets = [target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets]
    targets += [node.target for node in tree.body if isinstance(node, ast.AnnAssign)]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _changed(node: ast.AST) -> str | None:
    """The name whose value is modified by an expression or statement."""
    holder: ast.AST | None = None
    if isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, (ast.Store, ast.Del)):
        holder = node.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CHANGING:
        holder = node.func.value
    return holder.id if isinstance(holder, ast.Name) else None


def _to_be_filled(tree: ast.Module) -> Iterator[str]:
    """The names to which the top level assigns an empty container, which may be filled later."""
    for node in tree.body:
        value = node.value if isinstance(node, (ast.Assign, ast.AnnAssign)) else None
        if value is not None and _EMPTY.fullmatch(ast.unparse(value)):
            yield from _own_names(ast.Module([node], [])) - {"__all__"}


def _kept_by(tree: ast.Module) -> Iterator[str]:
    """The names of a module that its functions rebind or modify, or that are empty containers."""
    own = _own_names(tree)
    yield from _to_be_filled(tree)
    for function in ast.walk(tree):
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            bound = {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and _is_bound(node)}
            bound |= {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
            for node in ast.walk(function):
                if isinstance(node, ast.Global):
                    yield from node.names
                elif (name := _changed(node)) in own - bound:
                    yield str(name)


def _is_bound(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


@pytest.mark.parametrize("path", list(modules()), ids=module_id)
def test_modules_keep_no_state(path: Path) -> None:
    """State of a run is passed as an argument: except for caches of pure functions, no function changes a module."""
    found = set(_kept_by(ast.parse(path.read_text(encoding="utf-8"))))
    assert {name for name in found if (path.relative_to(PACKAGE).as_posix(), name) not in KEPT} == set()


def test_state_of_a_module_is_found() -> None:
    """Rebound, modified, or an empty container; not a local variable, nor a table with content."""
    text = """
a = b = c = d = e = f = None
g: dict[str, int] = {}
h = OrderedDict()
i = {"a": 1}
def change(f):
    global a
    a = 2
    b.append(1)
    c[1] = 2
    d.x = 3
    e = []
    e.append(1)
    f.append(2)
"""
    assert set(_kept_by(ast.parse(text))) == {"a", "b", "c", "d", "g", "h"}
