"""Lists, tuples and dictionaries of abstract values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderlint.graph import Limit
from orderlint.graph.guards import ALWAYS
from orderlint.source.python import containers
from orderlint.source.state.values import NONE, Choice, Const, Element, Sequence, Unknown
from tests.source.running import interpreter, is_unknown, python_value, value_of
from tests.source.worlds import ATOMS, holds_in, value_in, worlds


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("a[0]", 1),
        ("a[-1]", 3),
        ("a[True]", 2),
        ("a[1:]", [2, 3]),
        ("a[::-1]", [3, 2, 1]),
        ("a[:-1]", [1, 2]),
        ("(1, 2)[1]", 2),
        ("'abc'[1]", "b"),
        ("'abc'[1:]", "bc"),
        ("{'x': 1}['x']", 1),
        ("{1: 'a', **{2: 'b'}}", {1: "a", 2: "b"}),
        ("[*a, *(4, 5)]", [1, 2, 3, 4, 5]),
    ],
)
def test_known_items_are_pythons(expression: str, wanted: object) -> None:
    """Of known containers an item or a slice is what it is in Python."""
    assert python_value(interpreter("a = [1, 2, 3]\n"), expression) == wanted


@pytest.mark.parametrize("expression", ["a[5]", "a['x']", "{'x': 1}['y']", "'abc'[7]", "a[::0]", "blocks[0]"])
def test_what_is_not_there_is_unknown(expression: str) -> None:
    """An item that Python would not find is unknown, as is one of an unknown container."""
    assert is_unknown(interpreter("a = [1, 2, 3]\n"), expression)


def test_unknown_containers_go_on_perhaps() -> None:
    """Of an unknown iterable there is a first element; each later one is there if it goes on."""
    m = interpreter()
    first, second = containers.iterate(m, value_of(m, "blocks"))
    assert first.guard is ALWAYS
    assert second.guard is not ALWAYS
    assert first.value != second.value


def test_an_unknown_index_may_be_each() -> None:
    """`layers[i]` is each of the layers under the guard that `i` is its index."""
    m = interpreter("from keras import layers\nfound = [layers.ReLU(), layers.ELU()][i]\n")
    found = value_of(m, "found")
    assert isinstance(found, Choice)
    zero = m.conditions.equal(_unknown(m, "i"), Const(0))
    assert found.alternatives[0][0] is zero


def _unknown(m: object, name: str) -> Unknown:
    found = value_of(m, name)  # type: ignore[arg-type]
    assert isinstance(found, Unknown)
    return found


def test_too_many_items_to_tell_apart_are_told() -> None:
    """An unknown index into a longer list of layers than is told apart is a shortfall."""
    m = interpreter("from keras import layers\na = [layers.ReLU(name=str(i)) for i in range(20)]\nb = a[i]\n")
    assert [one.limit for one in m.shortfalls.values()] == [Limit.ALTERNATIVES]


@given(st.lists(st.sampled_from(["", *ATOMS]), max_size=4), st.integers(-4, 3))
def test_an_index_counts_the_elements_that_are_there(guards: list[str], index: int) -> None:
    """In each world an index means the element that it means in the list of that world."""
    m = interpreter()
    space = m.conditions.space
    for atom in ATOMS:
        space.atom(atom)
    elements = [Element(Const(i), space.atom(atom) if atom else ALWAYS) for i, atom in enumerate(guards)]
    found = containers.item(m, m.new_list(elements), Const(index))
    for world in worlds():
        there = [element.value for element in elements if holds_in(element.guard, world, space)]
        if -len(there) <= index < len(there) and isinstance(found, (Const, Choice)):
            assert value_in(found, world, space) == there[index]


@pytest.mark.parametrize(
    ("code", "name", "wanted"),
    [
        ("a, b = 1, 2", "b", 2),
        ("a, *b = [1, 2, 3]", "b", [2, 3]),
        ("*a, b = [1, 2, 3]", "a", [1, 2]),
        ("a, (b, c) = 1, (2, 3)", "c", 3),
        ("(a, b), c = 'xy', 1", "b", "y"),
    ],
)
def test_targets_are_unpacked(code: str, name: str, wanted: object) -> None:
    """The parts of a known value are bound as in Python."""
    assert python_value(interpreter(code), name) == wanted


def test_a_value_is_unpacked_on_each_path() -> None:
    """`a, b = (1, 2) if deep else (3, 4)` binds each name to what its path gives."""
    m = interpreter("a, b = (1, 2) if deep else (3, 4)\n")
    found = value_of(m, "b")
    assert isinstance(found, Choice)
    assert {value for _, value in found.alternatives} == {Const(2), Const(4)}


def test_items_are_set() -> None:
    """What is written at an index or a key is read there; other entries stay."""
    m = interpreter("a = [1, 2]\na[0] = 3\nb = {'x': 1}\nb['y'] = 2\ndel b['x']\n")
    assert python_value(m, "a") == [3, 2]
    assert python_value(m, "b") == {"y": 2}


@pytest.mark.parametrize(
    ("code", "is_known"),
    [
        ("d[k] = a\nd[k] = b", True),
        ("d[j] = a\nd[k] = b", True),
        ("d[k] = b\nd[j] = a", False),
        ("d[k] = b\nd[j] = 1", False),
        ("d[k] = b\nd['a'] = a", False),
        ("d[k] = b\nd[0] = a", False),
        ("d[k] = b\nd.update(j)", False),
        ("d[k] = b\nd.clear()", False),
    ],
)
def test_what_was_just_set_under_an_unknown_key_is_found_there(code: str, is_known: bool) -> None:
    """`d[k] = x; y = d[k]` gives `x`, unless an entry changed since then that may be the same one."""
    m = interpreter(f"from keras.layers import ReLU\na, b = ReLU(), ReLU()\nj, k = read()\nd = {{}}\n{code}\n")
    assert (value_of(m, "d[k]") == value_of(m, "b")) is is_known


def test_a_key_that_cannot_be_the_same_one_changes_nothing() -> None:
    """A text that begins with other letters is another key."""
    m = interpreter("from keras.layers import ReLU\na = ReLU()\nk = f'conv_{n}'\nd = {}\nd[k] = a\nd['pool'] = 1\n")
    assert value_of(m, "d[k]") == value_of(m, "a")


def test_an_entry_under_an_unknown_key_hides_nothing() -> None:
    """After `d[name] = 2` the known entries are known still."""
    assert python_value(interpreter("d = {'x': 1}\nd[name] = 2\n"), "d['x']") == 1


@pytest.mark.parametrize("other", ["options", "conf.OPTIONS", "{**options}"])
def test_options_that_are_not_in_view_may_hold_any_entry(other: str) -> None:
    """An entry may be another after an update, be its source a parameter or a name of a module that is not in view."""
    m = interpreter(f"import conf\nfrom conf import options\na = {{'rate': 0}}\na.update({other})\n")
    assert is_unknown(m, "a['rate']")


def test_a_parameter_is_settled_by_its_default() -> None:
    """Where nothing visible gives a value, an argument is taken for its default; not where the path excludes it."""
    m = interpreter()
    given = m.unknown("rate", Const(0.5))
    assert containers.settled(m, given) == Const(0.5)
    m.path = ~m.conditions.equal(given, Const(0.5))
    assert containers.settled(m, given) == given


def test_tensors_are_their_items() -> None:
    """An item, a slice and a part of a tensor is the tensor."""
    m = interpreter("from keras import Input\nx = Input((3,))\na, b = x\n")
    assert all(value_of(m, text) == value_of(m, "x") for text in ("x[0]", "x[1:]", "x[..., :4]", "a", "b"))


def test_other_values_have_no_elements() -> None:
    """What is no container is not walked through."""
    m = interpreter()
    assert containers.iterate(m, NONE) == []
    assert containers.iterate(m, Sequence(())) == []


def test_an_unknown_key_of_a_table_of_data() -> None:
    """Of few entries it is known when each is meant; of many that are data, one of them, and no test is made for it."""
    text = "import os\nkey = os.environ['key']\nfew = {'a': 1, 'b': 2}\nmany = {chr(n): n for n in range(65, 91)}\n"
    m = interpreter(text)
    assert isinstance(value_of(m, "few[key]"), Choice)
    before = len(m.conditions.space._atoms)
    found = value_of(m, "many[key]")
    assert isinstance(found, Unknown)
    assert Const(70) in found.among
    assert len(m.conditions.space._atoms) == before
