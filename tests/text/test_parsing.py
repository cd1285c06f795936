"""Texts that parse, texts that do not, and input that is meant to break a parser."""

from __future__ import annotations

import json
import random
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderlint.text.files import Cell
from orderlint.text.nesting import MOST_KIB, measure_nesting, run_deep
from orderlint.text.parsing import literal, parse, refusal, string
from tests.support import ROOT


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("print 'a'\n", (1, 1), "missing parentheses in call to 'print'"),
        ("x = 1\nexcept ValueError, e:\n", (2, 1), "invalid syntax"),
        ("x = 0777", (1, 5), "leading zeros"),
        ("def f(:\n    pass\n", (1, 7), ""),
        ("if a:\n\tb\n        c\n", (3, 1), "tabs and spaces"),
        ("é = é é\n", (1, 7), "invalid syntax"),
        ("x = layers.Dense(8,\u00a0activation='relu')", (1, 20), "U+00A0 (a no-break space)"),
        ("\ufeffx = 1\n", (1, 1), "U+FEFF (a byte order mark)"),
        ("x = 1\n\ufeffy = 2\n", (2, 1), "U+FEFF (a byte order mark)"),
        ("x = '''abc\n\n", (1, 5), "unterminated triple-quoted string"),
        ("a\r\nb\rc d\r\n", (3, 3), "invalid syntax"),
    ],
)
def test_a_text_that_does_not_parse_has_a_place_and_a_reason(text: str, place: tuple[int, int], message: str) -> None:
    """The reason is that of the running Python, which users know; the place counts from 1."""
    outcome = parse(text)
    assert isinstance(outcome, tuple)
    line, column, reason = outcome
    assert line == place[0]
    assert message in reason
    if sys.version_info[:2] == (3, 11):  # other versions report other columns of the same line
        assert column == place[1]
    assert refusal(text) == outcome


@pytest.mark.parametrize(
    "text",
    [
        "type Shape = tuple[int, ...]\n",
        "def f[T](x: T) -> T: return x\n",
        "print(f'{f'{a}'}')\n",
        "try:\n    a\nexcept* ValueError:\n    b\n",
        "match x:\n    case [1, *_]:\n        pass\n",
        "await f()\n",
        "return 3\n",
        "x = 1;\n",
        "a\rb\rc",
        "\f\nclass A:\n    x = 1\n\f\n    y = 2\n",
        "",
    ],
)
def test_what_libcst_reads_is_read(text: str) -> None:
    """Syntax that is newer than the running Python is read, and so is code that parses but does not compile."""
    assert not isinstance(parse(text), tuple)
    assert refusal(text) is None


def test_what_only_libcst_refuses_is_said_to_be_so() -> None:
    """The message does not say that a file is wrong if Python reads it."""
    text = "a = b\n(x): int = 1\n"
    assert parse(text) == (2, 5, "Python reads this, but orderlint's parser (libcst) does not")
    assert refusal(text) is None


NESTS = {
    "brackets": lambda n: "x = " + "(" * n + "1" + ")" * n,
    "lists": lambda n: "x = " + "[" * n + "]" * n,
    "calls in calls": lambda n: "x = " + "f(" * n + "1" + ")" * n,
    "call chain": lambda n: "x = a" + ".b(1)" * n,
    "sum": lambda n: "x = " + "1 + " * n + "1",
    "power": lambda n: "x = " + "a ** " * n + "a",
    "minus": lambda n: "x = " + "-" * n + "1",
    "not": lambda n: "x = " + "not " * n + "a",
    "lambdas": lambda n: "x = " + "lambda: " * n + "a",
    "conditions": lambda n: "x = " + "a if b else " * n + "a",
    "attributes": lambda n: "x = a" + ".b" * n,
    "subscripts": lambda n: "x = a" + "[0]" * n,
    "strings": lambda n: "x = (" + "'a'\n" * n + ")",
    "elifs": lambda n: "if a:\n    b\n" + "elif a:\n    b\n" * n,
    "blocks": lambda n: "".join(" " * i + "if a:\n" for i in range(n)) + " " * n + "b\n",
    "patterns": lambda n: "match a:\n    case " + "[" * n + "]" * n + ":\n        pass\n",
    "f-strings": lambda n: "x = " + "f'{" * n + "a" + "}'" * n,
    "brackets in an f-string": lambda n: "x = f'{" + "(" * n + "a" + ")" * n + "}'",
    "sets in an f-string": lambda n: "x = f'{ " + "{" * n + "a" + "}" * n + " }'",
    "sum in an f-string": lambda n: 'x = rf"""' + "{a + " + "1 + " * n + 'a}"""',
    "comprehensions": lambda n: "x = " + "[i for i in " * n + "a" + "]" * n,
}


READ_ALL = """
import json, sys, threading
from orderlint.text.cells import Cell
def work():
    for shape, text in json.load(sys.stdin).items():
        print(shape, end=": ", flush=True)
        cell = Cell('a.py', text)
        cell.check_syntax()
        print("refused" if cell.problem else cell.locate(cell.module.body[0]).line)
threading.stack_size(1 << 20)
thread = threading.Thread(target=work)
thread.start()
thread.join()
"""


@pytest.mark.parametrize(("depth", "expected"), [(8, "1"), (10_000, "refused")])
def test_no_nesting_ends_the_process(depth: int, expected: str) -> None:
    """libcst's native parser overflows the stack on deep input, so a text that is too deep is rejected first.

    A parsed text also has positions. The test runs in its own process, on a thread with the smallest stack in use
    anywhere (1 MiB).
    """
    texts = json.dumps({shape: nest(depth) for shape, nest in NESTS.items()})
    result = subprocess.run(
        [sys.executable, "-c", READ_ALL], check=False, input=texts, capture_output=True, text=True, cwd=ROOT
    )
    assert result.stdout.splitlines() == [f"{shape}: {expected}" for shape in NESTS], result.stderr[-2000:]
    assert result.returncode == 0


@pytest.mark.parametrize("shape", ["sum", "call chain", "elifs", "strings", "attributes"])
def test_long_chains_that_people_write_are_read(shape: str) -> None:
    """Generated code has sums and chains of calls with hundreds of parts."""
    cell = Cell("a.py", NESTS[shape](300))
    assert cell.problem is None
    assert cell.locate(cell.module.body[0]).line == 1


def test_brackets_that_are_never_closed_are_refused_for_that() -> None:
    """The error for a text that is both broken and deep is that it is broken."""
    outcome = parse("x = (\n" + "a + b\n" * 1_000 + "c d")
    assert isinstance(outcome, tuple)
    assert "never closed" in outcome[2]


def test_a_merge_that_is_not_finished_is_told() -> None:
    """The error is at the first marker, whatever Python reports for the lines between; one marker is not a merge."""
    text = "x = 1\n<<<<<<< HEAD\nx = (2\n=======\nx = 3)\n>>>>>>> theirs\n"
    for newline in ("\n", "\r\n"):
        assert parse(text.replace("\n", newline)) == (2, 1, "it has merge conflict markers")
    assert parse(f'"""\n{text}"""\n') != (3, 1, "it has merge conflict markers")
    outcome = parse("x = 1\n<<<<<<< HEAD\n")
    assert isinstance(outcome, tuple)
    assert "merge" not in outcome[2]


def test_deep_code_that_python_reads_is_not_told_to_be_wrong() -> None:
    """The depth is a bound of orderlint: the message says that the code may have no mistake."""
    outcome = parse("x = " + "+".join("1" * 4_000))
    assert isinstance(outcome, tuple)
    assert outcome[2] == "nested too deeply for orderlint, even if Python reads it"


def test_braces_in_long_texts_are_no_nesting() -> None:
    """A style sheet in an f-string has thousands of braces that are not nested."""
    text = 'x = f"""' + "p {{ color: {color}; }} a.b-c (d) :( \n" * 3000 + '"""\n'
    assert measure_nesting(text).excess is None


def test_nesting_in_strings_and_comments_does_not_count() -> None:
    """Only brackets in code count."""
    text = "x = '''" + "(" * 5000 + "'''\n# " + "[" * 5000 + "\ny = '" + "{" * 5000 + "'\n"
    assert measure_nesting(text).excess is None
    assert not isinstance(parse(text), tuple)


@given(st.text(alphabet="([{}])\"'#\\\n\r\t\f aif.+:,=0", max_size=200))
def test_no_text_makes_the_parser_fail(text: str) -> None:
    """For any text there is a tree, or an error at a place in the text."""
    cell = Cell("a.py", text)
    if cell.problem is not None:
        assert 1 <= cell.problem.line <= len(cell.lines)
        assert cell.problem.column >= 1
    else:
        cell.locate(cell.module)


def test_the_measure_never_falls_below_the_depth() -> None:
    """The measure of randomly nested brackets is at least their depth."""
    random.seed(0)
    for _ in range(50):
        depth = random.randint(1, 150)
        closing = [random.choice(["()", "[]", "{}"]) for _ in range(depth)]
        text = "".join(pair[0] for pair in closing) + "1" + "".join(pair[1] for pair in reversed(closing))
        nesting = measure_nesting(text)
        assert nesting.excess is None
        assert depth * 14 <= nesting.kib <= MOST_KIB


def test_deep_work_hands_back_results_and_errors() -> None:
    """A function has the same result or error with a deep stack."""

    def count(depth: int) -> int:
        return 0 if depth == 0 else 1 + count(depth - 1)

    limit = sys.getrecursionlimit()
    assert run_deep(lambda: count(5000)) == 5000
    assert run_deep(lambda: run_deep(lambda: 1)) == 1
    assert sys.getrecursionlimit() == limit
    with pytest.raises(ZeroDivisionError):
        run_deep(lambda: 1 // 0)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("text", "value"), [("'a'", "a"), (r"'\d'", r"\d"), ("r'\\d'", "\\d"), ("b'a'", None), (r"'\N{no such}'", None)]
)
def test_what_a_string_stands_for(text: str, value: str | None) -> None:
    """The result is its characters, without a warning of Python; `None` if there are none."""
    assert string(text) == value


@pytest.mark.parametrize("text", ["9" * 5_000, r"'\x'", "name"])
def test_what_is_no_literal_has_no_value(text: str) -> None:
    """The error is the same for numbers that are too large, invalid escapes and other expressions."""
    with pytest.raises(ValueError, match=r"\S"):
        literal(text)
