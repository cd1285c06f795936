"""Hypothesis strategies for models in every style, with units in good or bad order, layouts and comments.

A model is drawn as `Piece`s, which are layers with their source code, and then written by the writer of a style.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import strategies as st

__all__ = ["STYLES", "Comment", "Drawn", "Piece", "models"]

RECOMMENDED = ("linear", "norm", "activation", "dropout")
SHOWN = {"relu": "ReLU", "leaky_relu": "LeakyReLU", "elu": "ELU", "prelu": "PReLU"}


@dataclass(frozen=True)
class Comment:
    """A comment that belongs to a layer.

    Attributes:
        is_above: Whether it is on its own line above the layer, after another one; otherwise at the end of the line.
    """

    text: str
    is_above: bool
    before: str = ""


@dataclass(frozen=True)
class Piece:
    """A layer as it is written.

    Attributes:
        role: `pass` for layers that rules ignore.
        layer: The class, or the function without its module (`activations.relu`).
        arguments: The source of each argument; `@` is before a dotted name whose module depends on the imports.
        name: The variable or attribute that some styles give it.
        inline: The chain name of the inline activation, if it has one.
        is_wrapped: Whether each argument is on its own line.
        has_notes: Whether the arguments have comments.
        is_function: Whether it is a function of a tensor.
    """

    role: str
    layer: str
    arguments: tuple[str, ...] = ()
    name: str = ""
    inline: str | None = None
    is_wrapped: bool = False
    has_notes: bool = False
    is_function: bool = False
    comment: Comment | None = None

    @property
    def chain(self) -> list[str]:
        """The names of the layer in the chain of its unit."""
        own = [] if self.role == "pass" else [_shown(self)]
        return own + ([self.inline] if self.inline else [])


def _shown(piece: Piece) -> str:
    if piece.is_function:
        name = piece.layer.rpartition(".")[2]
    elif piece.layer == "Activation":
        name = piece.arguments[0].strip("\"'")
    else:
        return piece.layer
    return SHOWN.get(name, name)


@dataclass(frozen=True)
class Unit:
    """A linear layer and the layers after it up to the next one.

    Attributes:
        skip: The variable that keeps the input, to be merged with the output; empty for none.
    """

    pieces: tuple[Piece, ...]
    skip: str = ""

    @property
    def is_broken(self) -> bool:
        places = [RECOMMENDED.index(piece.role) for piece in self.pieces if piece.role != "pass"]
        if any(piece.inline for piece in self.pieces):
            places.insert(1, RECOMMENDED.index("activation"))
        return places != sorted(places)

    @property
    def recommended(self) -> tuple[str, ...]:
        """The chain of the unit in the recommended order."""
        order = {name: RECOMMENDED.index(piece.role) for piece in self.pieces for name in piece.chain[:1]}
        order |= {piece.inline: RECOMMENDED.index("activation") for piece in self.pieces if piece.inline}
        return tuple(sorted(order, key=lambda name: order[name]))


@dataclass(frozen=True)
class Imports:
    """The imports of a file.

    Attributes:
        lines: The import statements; `{names}` is replaced by the names of the layers used.
        layers: The prefix of a layer name.
        keras: The prefix of `Sequential`, `Model`, `Input` and `activations`.
    """

    lines: tuple[str, ...]
    layers: str
    keras: str


IMPORTS = (
    Imports(("import keras", "from keras import layers"), "layers.", "keras."),
    Imports(("import keras",), "keras.layers.", "keras."),
    Imports(("import keras", "from keras.layers import {names}"), "", "keras."),
    Imports(("import keras", "from keras.layers import (", "    {names},", ")"), "", "keras."),
    Imports(("import keras", "from keras.layers import *"), "", "keras."),
    Imports(("import tensorflow as tf",), "tf.keras.layers.", "tf.keras."),
    Imports(("import tensorflow as tf", "from tensorflow.keras import layers as L"), "L.", "tf.keras."),
    Imports(("import tensorflow as tf", "layers = tf.keras.layers"), "layers.", "tf.keras."),
    Imports(("from tensorflow import keras", "from tensorflow.keras.layers import {names}"), "", "keras."),
)


@dataclass(frozen=True)
class Form:
    """The layout of a file."""

    imports: Imports
    indent: str
    newline: str
    in_function: bool
    trailing_comma: bool
    one_line: bool
    blank_lines: bool
    final_newline: bool
    cuts: tuple[bool, ...]


@dataclass(frozen=True)
class Line:
    """A line of the file; `unit` is the number of the unit in bad order that it belongs to, if it may be changed."""

    text: str
    unit: int | None = None


Statement = list[Line]


@dataclass(frozen=True)
class Drawn:
    """A model as drawn and as written.

    Attributes:
        style: The name of the writer.
        path: `net.py` or `net.ipynb`.
        text: The file.
        units: The units in order.
        kept: The lines that no repair may change, in order, without imports, since a repair may add to those.
        input_shape: The shape of the input, without the batch axis.
    """

    style: str
    path: str
    text: str = field(repr=False)
    units: tuple[Unit, ...]
    kept: tuple[str, ...] = field(repr=False)
    input_shape: tuple[int, ...]

    @property
    def repeats(self) -> bool:
        """Whether the graph may contain a unit several times."""
        return self.style in REPEATING or any(unit.skip for unit in self.units)

    @property
    def pieces(self) -> Iterator[Piece]:
        for unit in self.units:
            yield from unit.pieces

    def __str__(self) -> str:
        return self.text


# Writing


class Writer:
    """The base class of writers."""

    def __init__(self, units: Sequence[Unit], form: Form, input_shape: tuple[int, ...]) -> None:
        self.units = units
        self.form = form
        self.shape = input_shape
        self.broken = {number for number, unit in enumerate(units) if unit.is_broken}

    def statements(self) -> Iterator[Statement]:
        """The statements that build `model`, without indentation."""
        raise NotImplementedError

    def definitions(self) -> Iterator[Statement]:
        """The definitions before them at the top level."""
        return iter(())

    def merged(self, unit: Unit, value: str) -> str:
        """The expression that merges a value with its skip connection."""
        return f"{self.form.imports.layers}Concatenate()([{value}, {unit.skip}])"

    def unit_of(self, number: int) -> int | None:
        return number if number in self.broken else None

    def pieces(self) -> Iterator[tuple[int, Piece]]:
        for number, unit in enumerate(self.units):
            for piece in unit.pieces:
                yield number, piece

    def keras(self, name: str) -> str:
        return f"{self.form.imports.keras}{name}"

    def callee(self, piece: Piece) -> str:
        return self.keras(piece.layer) if piece.is_function else f"{self.form.imports.layers}{piece.layer}"

    def arguments(self, piece: Piece) -> list[str]:
        return [
            argument.replace("@layers.", self.form.imports.layers).replace("@", self.form.imports.keras)
            for argument in piece.arguments
        ]

    def made(self, piece: Piece) -> list[str]:
        """The constructor call, on one line or several."""
        arguments = self.arguments(piece)
        if not piece.is_wrapped or not arguments:
            return [f"{self.callee(piece)}({', '.join(arguments)})"]
        notes = [f"  # argument of {piece.name}"] * piece.has_notes
        lines = [f"{self.form.indent}{argument},{''.join(notes)}" for argument in arguments]
        return [f"{self.callee(piece)}(", *lines, ")"]

    def applied(self, piece: Piece, value: str) -> list[str]:
        """The layer applied to a value."""
        if piece.is_function:
            return [f"{self.callee(piece)}({value})"]
        *head, last = self.made(piece)
        return [*head, f"{last}({value})"]

    def commented(self, number: int, piece: Piece, lines: list[str], end: str = "") -> Statement:
        """Lines with the comment of the piece, above or at the end."""
        comment = piece.comment
        beside = f"  {comment.text}" if comment and not comment.is_above else ""
        lines = [*lines[:-1], lines[-1] + end + beside]
        if comment and comment.is_above:
            lines[:0] = [comment.before, comment.text] if comment.before else [comment.text]
        return [Line(text, self.unit_of(number)) for text in lines]

    def lines(self) -> list[Statement]:
        """The whole file, as top-level statements."""
        statements = [[Line(line) for line in self._imports()]]
        statements += self.definitions()
        body = list(self.statements())
        if self.form.in_function:
            inner = [_indented(line, self.form.indent) for statement in body for line in statement]
            end = [Line(f"{self.form.indent}return model"), Line(""), Line("")]
            statements.append([Line("def build():"), *inner, *end])
            statements.append([Line("model = build()")])
        else:
            statements += body
        return statements

    def _imports(self) -> Iterator[str]:
        names = sorted({piece.layer for _, piece in self.pieces() if not piece.is_function})
        inline = [word for _, piece in self.pieces() for word in piece.arguments if "@layers." in word]
        names += ["Concatenate"] * any(unit.skip for unit in self.units)
        names = sorted({*names, *(word.partition("@layers.")[2].partition("(")[0] for word in inline)})
        for line in self.form.imports.lines:
            yield line.format(names=f",\n{self.form.indent}".join(names) if line.startswith(" ") else ", ".join(names))
        yield from ("", "")


def _indented(line: Line, indent: str) -> Line:
    return replace(line, text=indent + line.text) if line.text else line


class SequentialList(Writer):
    """`model = Sequential([...])`, with one element per line or all on one line."""

    def statements(self) -> Iterator[Statement]:
        if self.form.one_line:
            yield self._one_line()
            return
        lines = [Line(f"model = {self.keras('Sequential')}([")]
        lines.append(Line(f"{self.form.indent}{self.keras('Input')}({self.shape!r}),"))
        last = list(self.pieces())[-1][1]
        for number, piece in self.pieces():
            comma = "," if piece is not last or self.form.trailing_comma else ""
            element = self.commented(number, piece, self.made(piece), comma)
            lines += [_indented(line, self.form.indent) for line in element]
        yield [*lines, Line("])")]

    def _one_line(self) -> Statement:
        elements = [f"{self.keras('Input')}({self.shape!r})"]
        for _, piece in self.pieces():
            elements += self.made(replace(piece, is_wrapped=False))
        text = f"model = {self.keras('Sequential')}([{', '.join(elements)}])"
        return [Line(text, min(self.broken, default=None))]


class Add(Writer):
    """`model.add(...)` statements."""

    def statements(self) -> Iterator[Statement]:
        yield [Line(f"model = {self.keras('Sequential')}()")]
        yield [Line(f"model.add({self.keras('Input')}({self.shape!r}))")]
        before = 0
        for number, piece in self.pieces():
            if number != before and self.form.blank_lines:
                yield [Line("")]
            before = number
            *head, last = self.made(piece)
            lines = [*head, f"{last})"]
            lines[0] = f"model.add({lines[0]}"
            yield self.commented(number, piece, lines)


class ListBuilding(Writer):
    """A list to which layers are appended, passed to `Sequential` at the end."""

    def statements(self) -> Iterator[Statement]:
        yield [Line(f"stack = [{self.keras('Input')}({self.shape!r})]")]
        for number, piece in self.pieces():
            *head, last = self.made(piece)
            lines = [*head, f"{last})"]
            lines[0] = f"stack.append({lines[0]}"
            yield self.commented(number, piece, lines)
        yield [Line(f"model = {self.keras('Sequential')}(stack)")]


class Rebound(Writer):
    """Functional: one variable that is assigned again and again."""

    def statements(self) -> Iterator[Statement]:
        yield [Line(f"inputs = {self.keras('Input')}({self.shape!r})")]
        value = "inputs"
        for number, unit in enumerate(self.units):
            if number and self.form.blank_lines:
                yield [Line("")]
            if unit.skip:
                yield [Line(f"{unit.skip} = {value}")]
            for piece in unit.pieces:
                lines = self.applied(piece, value)
                lines[0] = f"x = {lines[0]}"
                yield self.commented(number, piece, lines)
                value = "x"
            if unit.skip:
                yield [Line(f"x = {self.merged(unit, 'x')}")]
        yield [Line(f"model = {self.keras('Model')}(inputs, x)")]


class Loops(Writer):
    """Functional: the body of a loop for each unit that can follow itself."""

    def statements(self) -> Iterator[Statement]:
        yield [Line(f"x = inputs = {self.keras('Input')}({self.shape!r})")]
        for number, unit in enumerate(self.units):
            repeats = all(piece.role != "pass" for piece in unit.pieces) and number < len(self.units) - 1
            lines = [Line("for _ in range(2):")] if repeats else []
            for piece in unit.pieces:
                applied = self.applied(piece, "x")
                applied[0] = f"x = {applied[0]}"
                indent = self.form.indent if repeats else ""
                lines += [_indented(line, indent) for line in self.commented(number, piece, applied)]
            yield lines
        yield [Line(f"model = {self.keras('Model')}(inputs, x)")]


class NewNames(Writer):
    """Functional: a new variable on each line. A repair may have to rename the last value of a unit."""

    def statements(self) -> Iterator[Statement]:
        yield [Line(f"inputs = {self.keras('Input')}({self.shape!r})")]
        value = "inputs"
        before: int | None = None
        for number, unit in enumerate(self.units):
            given, consumed = value, before if before in self.broken else None
            for piece in unit.pieces:
                lines = self.applied(piece, value)
                lines[0] = f"{piece.name} = {lines[0]}"
                statement = self.commented(number, piece, lines)
                if piece is unit.pieces[0] and consumed is not None:
                    statement = [replace(line, unit=consumed) for line in statement]
                yield statement
                value = piece.name
            before = number
            if unit.skip:
                merged = self.merged(replace(unit, skip=given), value)
                own = self.unit_of(number)
                yield [Line(f"merge_{number} = {merged}", consumed if own is None else own)]
                value, before = f"merge_{number}", None
        yield [Line(f"model = {self.keras('Model')}(inputs, {value})", before if before in self.broken else None)]


class Nested(Writer):
    """Functional: a unit is one nested expression."""

    def statements(self) -> Iterator[Statement]:
        yield [Line(f"inputs = {self.keras('Input')}({self.shape!r})")]
        value = "inputs"
        for number, unit in enumerate(self.units):
            for piece in unit.pieces:
                value = self.applied(replace(piece, is_wrapped=False), value)[0]
            note = "".join(f"  {piece.comment.text}" for piece in unit.pieces[:1] if piece.comment)
            yield [Line(f"x = {value}{note}", self.unit_of(number))]
            value = "x"
        yield [Line(f"model = {self.keras('Model')}(inputs, x)")]


class Held(Writer):
    """Layers in variables, applied later. Only constructors with an inline activation in a bad unit change."""

    def statements(self) -> Iterator[Statement]:
        for number, piece in self.pieces():
            if not piece.is_function:
                lines = self.made(piece)
                lines[0] = f"{piece.name} = {lines[0]}"
                unit = self.unit_of(number) if piece.inline else None
                yield [Line(text, unit) for text in lines]
        yield [Line(f"inputs = {self.keras('Input')}({self.shape!r})")]
        value = "inputs"
        for number, piece in self.pieces():
            callee = self.callee(piece) if piece.is_function else piece.name
            yield self.commented(number, piece, [f"x = {callee}({value})"])
            value = "x"
        yield [Line(f"model = {self.keras('Model')}(inputs, x)")]


class Subclass(Writer):
    """A model with layers as attributes and a `call`."""

    def definitions(self) -> Iterator[Statement]:
        one, two = self.form.indent, self.form.indent * 2
        lines = [Line(f"class Net({self.keras('Model')}):"), Line(f"{one}def __init__(self):")]
        lines.append(Line(f"{two}super().__init__()"))
        for number, piece in self.pieces():
            if not piece.is_function:
                made = self.made(piece)
                made[0] = f"self.{piece.name} = {made[0]}"
                unit = self.unit_of(number) if piece.inline else None
                lines += [Line(two + text, unit) for text in made]
        lines += [Line(""), Line(f"{one}def call(self, x, training=None):")]
        for number, piece in self.pieces():
            callee = self.callee(piece) if piece.is_function else f"self.{piece.name}"
            training = ", training=training" if piece.role in ("norm", "dropout") and self.form.trailing_comma else ""
            applied = self.commented(number, piece, [f"x = {callee}(x{training})"])
            lines += [_indented(line, two) for line in applied]
        yield [*lines, Line(f"{two}return x"), Line(""), Line("")]

    def statements(self) -> Iterator[Statement]:
        yield [Line("model = Net()")]


class SubclassNested(Writer):
    """A layer whose `call` has one nested expression per unit, in a model."""

    def definitions(self) -> Iterator[Statement]:
        one, two = self.form.indent, self.form.indent * 2
        layer = f"{self.form.imports.layers}Layer" if self.form.imports.layers else self.keras("layers.Layer")
        lines = [Line(f"class Block({layer}):"), Line(f"{one}def __init__(self, **kwargs):")]
        lines.append(Line(f"{two}super().__init__(**kwargs)"))
        for number, piece in self.pieces():
            if not piece.is_function:
                made = self.made(replace(piece, is_wrapped=False))
                unit = self.unit_of(number) if piece.inline else None
                lines.append(Line(f"{two}self.{piece.name} = {made[0]}", unit))
        lines += [Line(""), Line(f"{one}def call(self, inputs):")]
        value = "inputs"
        for number, nested in enumerate(self.units):
            for piece in nested.pieces:
                callee = self.callee(piece) if piece.is_function else f"self.{piece.name}"
                value = f"{callee}({value})"
            lines.append(Line(f"{two}x = {value}", self.unit_of(number)))
            value = "x"
        yield [*lines, Line(f"{two}return x"), Line(""), Line("")]

    def statements(self) -> Iterator[Statement]:
        yield [Line(f"inputs = {self.keras('Input')}({self.shape!r})")]
        yield [Line(f"model = {self.keras('Model')}(inputs, Block()(inputs))")]


class SharedHelper(Writer):
    """A function for each unit that can follow itself, called twice, with an argument."""

    def definitions(self) -> Iterator[Statement]:
        for number, unit in enumerate(self.units):
            lines = [Line(f"def block_{number}(x, rate=0.25):")]
            for given in unit.pieces:
                piece = replace(given, arguments=("rate",)) if given.role == "dropout" else given
                applied = self.applied(piece, "x")
                applied[0] = f"x = {applied[0]}"
                lines += [_indented(line, self.form.indent) for line in self.commented(number, piece, applied)]
            yield [*lines, Line(f"{self.form.indent}return x"), Line(""), Line("")]

    def statements(self) -> Iterator[Statement]:
        yield [Line(f"x = inputs = {self.keras('Input')}({self.shape!r})")]
        for number, unit in enumerate(self.units):
            yield [Line(f"x = block_{number}(x)")]
            if all(piece.role != "pass" for piece in unit.pieces):
                yield [Line(f"x = block_{number}(x, rate=0.4)")]
        yield [Line(f"model = {self.keras('Model')}(inputs, x)")]


class Helpers(Writer):
    """One function per unit."""

    def definitions(self) -> Iterator[Statement]:
        for number, unit in enumerate(self.units):
            lines = [Line(f"def block_{number}(x):")]
            for piece in unit.pieces:
                applied = self.applied(piece, "x")
                applied[0] = f"x = {applied[0]}"
                lines += [_indented(line, self.form.indent) for line in self.commented(number, piece, applied)]
            yield [*lines, Line(f"{self.form.indent}return x"), Line(""), Line("")]

    def statements(self) -> Iterator[Statement]:
        yield [Line(f"inputs = {self.keras('Input')}({self.shape!r})")]
        value = "inputs"
        for number in range(len(self.units)):
            yield [Line(f"x = block_{number}({value})")]
            value = "x"
        yield [Line(f"model = {self.keras('Model')}(inputs, x)")]


STYLES: dict[str, type[Writer]] = {
    "sequential list": SequentialList,
    "model.add": Add,
    "list building": ListBuilding,
    "functional, one name": Rebound,
    "functional, new names": NewNames,
    "nested calls": Nested,
    "held layers": Held,
    "subclass": Subclass,
    "subclass, nested calls": SubclassNested,
    "helpers": Helpers,
    "helpers used twice": SharedHelper,
    "loops": Loops,
}
WITHOUT_FUNCTIONS = {"sequential list", "model.add", "list building"}
WITHOUT_COMMENTS = {"nested calls", "subclass, nested calls"}
WITH_MERGES = {"functional, one name", "functional, new names"}
REPEATING = {"helpers used twice", "loops"}


def written(style: str, units: Sequence[Unit], form: Form, shape: tuple[int, ...], notebook: bool) -> Drawn:
    """The model as a file."""
    statements = STYLES[style](units, form, shape).lines()
    _, *others = statements
    kept = tuple(line.text for statement in others for line in statement if line.unit is None and line.text.strip())
    if notebook:
        return Drawn(style, "net.ipynb", _notebook(statements, form), tuple(units), kept, shape)
    lines = [line.text for statement in statements for line in statement]
    text = form.newline.join(lines) + (form.newline if form.final_newline else "")
    return Drawn(style, "net.py", text, tuple(units), kept, shape)


def _notebook(statements: Sequence[Statement], form: Form) -> str:
    """A notebook whose cells start between statements; some have magics and outputs."""
    groups: list[list[str]] = [[]]
    for number, statement in enumerate(statements):
        if groups[-1] and form.cuts[number % len(form.cuts)]:
            groups.append([])
        groups[-1] += [line.text for line in statement]
    cells: list[dict[str, Any]] = [{"cell_type": "markdown", "metadata": {}, "source": ["# A model\n"]}]
    for number, group in enumerate(groups):
        source = ["%matplotlib inline", *group] if number == 0 else group
        lines = "\n".join(source).rstrip("\n").splitlines(keepends=True)
        outputs = [{"name": "stdout", "output_type": "stream", "text": ["é ünïcode\n"]}]
        cells.append(
            {"cell_type": "code", "execution_count": number, "metadata": {}, "outputs": outputs, "source": lines}
        )
    metadata = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    notebook = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, indent=1, ensure_ascii=form.trailing_comma) + ("\n" if form.final_newline else "")


# Drawing

Draw = Callable[[st.SearchStrategy[Any]], Any]

INLINE = (
    ('activation="relu"', "ReLU"),
    ("activation='tanh'", "tanh"),
    ('activation="elu"', "ELU"),
    ("activation=@activations.relu", "ReLU"),
    ("activation=@activations.sigmoid", "sigmoid"),
    ("activation=@layers.LeakyReLU()", "LeakyReLU"),
    ("activation=lambda v: @activations.relu(v)", "ReLU"),
    ('**{"activation": "tanh"}', "tanh"),
    ('"relu"', "ReLU"),
)
ACTIVATIONS = (
    ("Activation", ('"relu"',)),
    ("Activation", ("'tanh'",)),
    ("ReLU", ()),
    ("LeakyReLU", ()),
    ("ELU", ("alpha=0.5",)),
    ("ReLU", ("max_value=6.0",)),
)
FUNCTIONS = ("activations.relu", "activations.tanh", "activations.gelu")
NORMS = ((), ("momentum=0.9",), ("axis=-1", "epsilon=1e-4"), ("scale=False",))
RATES = ("0.3", "rate=0.25", "0.5, seed=3")


@st.composite
def models(draw: Draw, style: str | None = None, notebook: bool | None = None) -> Drawn:
    """Models with at least one unit in bad order.

    Args:
        style: One of `STYLES`; any if not given.
        notebook: Whether it is a notebook; either if not given.
    """
    style = draw(st.sampled_from(sorted(STYLES))) if style is None else style
    images = draw(st.booleans())
    numbers = iter(range(1, 1000))
    num_conv = draw(st.integers(1, 3)) if images else 0
    units: list[Unit] = [draw(_units(style, True, number == num_conv - 1, numbers)) for number in range(num_conv)]
    num_dense = draw(st.integers(0 if images else 1, 2))
    units += [draw(_units(style, False, False, numbers)) for _ in range(num_dense)]
    units.append(Unit((Piece("linear", "Dense", ("2",), f"dense_{next(numbers)}"),)))
    if not any(unit.is_broken for unit in units):
        first = units[0].pieces[0]
        norm = Piece("norm", "BatchNormalization", (), f"bn_{next(numbers)}")
        dropout = Piece("dropout", "Dropout", ("0.3",), f"drop_{next(numbers)}")
        tail = tuple(piece for piece in units[0].pieces[1:] if piece.role == "pass")
        units[0] = Unit((replace(first), dropout, norm, *tail))
    shape = (16, 16, 3) if images else (12,)
    return written(style, units, draw(_forms()), shape, draw(st.booleans()) if notebook is None else notebook)


@st.composite
def _forms(draw: Draw) -> Form:
    flags = st.booleans()
    return Form(
        imports=draw(st.sampled_from(IMPORTS)),
        indent=draw(st.sampled_from(["    ", "  ", "\t"])),
        newline=draw(st.sampled_from(["\n", "\n", "\r\n"])),
        in_function=draw(flags),
        trailing_comma=draw(flags),
        one_line=draw(st.integers(0, 3)) == 0,
        blank_lines=draw(flags),
        final_newline=draw(flags),
        cuts=tuple(draw(st.lists(flags, min_size=1, max_size=5))),
    )


@st.composite
def _units(draw: Draw, style: str, is_conv: bool, ends_images: bool, numbers: Iterator[int]) -> Unit:
    """A unit: a linear layer, then norms, activations, dropouts and `pass` layers in any order."""
    inline = draw(st.sampled_from([None, None, *INLINE]))
    linear = _linear(draw, is_conv, inline, numbers)
    others: list[Piece] = []
    if draw(st.booleans()):
        others.append(Piece("norm", "BatchNormalization", draw(st.sampled_from(NORMS)), f"bn_{next(numbers)}"))
    if inline is None and draw(st.booleans()):
        others.append(_activation(draw, style, numbers))
    if draw(st.booleans()):
        kinds = ["Dropout", "Dropout", "GaussianDropout", "AlphaDropout"]
        kinds += ["SpatialDropout2D"] if is_conv and not ends_images else []
        rate = draw(st.sampled_from(RATES))
        others.append(Piece("dropout", draw(st.sampled_from(kinds)), tuple(rate.split(", ")), f"drop_{next(numbers)}"))
    if is_conv and draw(st.booleans()):
        others.append(Piece("pass", "MaxPooling2D", (), f"pool_{next(numbers)}"))
    others = list(draw(st.permutations(others)))
    if ends_images:
        flat = Piece("pass", draw(st.sampled_from(["Flatten", "GlobalAveragePooling2D"])), (), f"flat_{next(numbers)}")
        at = draw(st.integers(0, len(others)))
        pools = [index for index, piece in enumerate(others) if piece.role == "pass"]
        others.insert(max([at, *(index + 1 for index in pools)]), flat)
    pieces = tuple(_dressed(draw, style, piece) for piece in (linear, *others))
    merges = style in WITH_MERGES and not ends_images and all(piece.role != "pass" for piece in pieces)
    skip = f"skip_{next(numbers)}" if merges and draw(st.integers(0, 2)) == 0 else ""
    return Unit(pieces, skip)


def _linear(draw: Draw, is_conv: bool, inline: tuple[str, str] | None, numbers: Iterator[int]) -> Piece:
    size = str(draw(st.integers(3, 6)))
    layer = draw(st.sampled_from(["Conv2D", "Conv2D", "SeparableConv2D"])) if is_conv else "Dense"
    arguments = (size, "3", 'padding="same"') if is_conv else (size,)
    if inline is not None and inline[0].startswith('"') and is_conv:
        inline = INLINE[0]  # not accepted by convolutions
    name = f"linear_{next(numbers)}"
    if inline is None:
        return Piece("linear", layer, arguments, name)
    return Piece("linear", layer, (*arguments, inline[0]), name, inline[1])


def _activation(draw: Draw, style: str, numbers: Iterator[int]) -> Piece:
    name = f"act_{next(numbers)}"
    if style not in WITHOUT_FUNCTIONS and draw(st.integers(0, 3)) == 0:
        return Piece("activation", draw(st.sampled_from(FUNCTIONS)), (), name, is_function=True)
    layer, arguments = draw(st.sampled_from(ACTIVATIONS))
    return Piece("activation", layer, arguments, name)


def _dressed(draw: Draw, style: str, piece: Piece) -> Piece:
    """The piece with a layout, and possibly a comment."""
    number = piece.name.rpartition("_")[2]
    piece = replace(piece, is_wrapped=draw(st.integers(0, 3)) == 0, has_notes=draw(st.integers(0, 3)) == 0)
    if style in WITHOUT_COMMENTS and piece.role != "linear":
        return replace(piece, is_wrapped=False)
    if draw(st.integers(0, 2)) != 0:
        return piece
    before = draw(st.sampled_from(["", "", "# It took long to find this,"]))
    return replace(piece, comment=Comment(f"# note {number}: {piece.layer}", draw(st.booleans()), before))
