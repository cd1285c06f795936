"""The glance: the code that it finds in order, and the code that it leaves to the analysis."""

from __future__ import annotations

import pytest

from orderlint.glance import machine
from tests.glance.looking import glance

START = "import functools\nimport keras\nfrom keras import layers\n"

EXPORTED = """
@export("own.Block")
class Block(layers.Layer):
    def __init__(self):
        super().__init__()
        self.begin()
    def begin(self):
        self.conv, self.norm = layers.Conv2D(8, 3), layers.BatchNormalization()
    def call(self, x):
        return self.norm(self.conv(x))
x = layers.ReLU()(Block()(keras.Input((8, 8, 3))))
"""

IN_ORDER = {
    "a sum of hundreds of terms": f"""
def feature(data):
    return {" + ".join(f"np.tanh(data[{n}])" for n in range(500))}
x = layers.BatchNormalization()(layers.Dense(8)(keras.Input((8,))))
""",
    "a list, or an object with a method of the same name": """
class Printer:
    def append(self, layer):
        print(layer)
seen = [] if quiet else Printer()
norm = layers.BatchNormalization()
seen.append(norm)
x = norm(layers.Dense(8)(keras.Input((8,))))
""",
    "a model up to a layer, and weights, by a name": """
x = inputs = keras.Input((8,))
model = keras.Model(inputs, layers.ReLU(name="act")(layers.Dense(8, name="fc")(x)))
features = keras.Model(model.input, model.get_layer("fc").output)
model.get_layer("fc").trainable = False
""",
    "a script of Python 2": """
print 'training', 1
x = layers.ReLU()(layers.BatchNormalization()(layers.Dense(8)(keras.Input((8,)))))
""",
    "a model in an object of a class of another library": """
import others

class Wrapped(others.Wrapper):
    def call(self, x):
        return self.model(x)

x = inputs = keras.Input((8,))
wrapped = Wrapped(keras.Model(inputs, layers.Dense(8)(x)), 3)
wrapped.build((None, 8))
wrapped.compile()
""",
    "a list that is no text": """
sizes = [3]
x = layers.Dense(8)(keras.Input((8,)))
if isinstance(sizes, str) or isinstance({"a": 1}, (list, int)) or isinstance(True, float):
    x = layers.Dropout(0.5)(x)
x = layers.BatchNormalization()(x)
""",
    "defaults that are read": """
def names_of(function):
    count = len(function.__defaults__ or ())
    return function.__code__.co_varnames[:count]

names_of(names_of)
x = layers.Dense(8)(keras.Input((8,)))
""",
    "settings as attributes by name": """
class Settings:
    def __init__(self, given):
        for name in given:
            self.__dict__[name] = given[name]
    def as_dict(self):
        return {name: value for name, value in self.__dict__.items()}

def net(x, given):
    settings = Settings(given)
    return layers.Dense(settings.units)(x)
""",
    "a list that a function hands out": """
SCOPES = []

def scopes():
    return SCOPES

def begin(scope):
    scopes().append(scope)

begin({"units": 8})
x = layers.Dense(8)(keras.Input((8,)))
""",
    "a method of one of several objects": """
class Game:
    def show(self, log):
        log.info("shown")

def show_all(log, names):
    games = eval("find(names)")
    games[0].show(log)

Game()
x = layers.Dense(8)(keras.Input((8,)))
""",
    "what is executed": """
exec("import os")
x = layers.Dense(8)(keras.Input((8,)))
""",
    "a list": "keras.Sequential([layers.Dense(8), layers.BatchNormalization(), layers.ReLU(), layers.Dropout(0.5)])",
    "model.add in a loop": """
model = keras.Sequential()
for units in sizes:
    model.add(layers.Dense(units))
    model.add(layers.BatchNormalization())
    model.add(layers.ReLU())
    model.add(layers.Dropout(0.5))
""",
    "a helper with options": """
def block(x, filters, act="relu", bn=True):
    x = layers.Conv2D(filters, 3)(x)
    if bn:
        x = layers.BatchNormalization()(x)
    return layers.Activation(act)(x)

def net(shape):
    x = inputs = keras.Input(shape)
    for number, filters in enumerate([8, 16, 32]):
        x = block(x, filters, bn=number > 0)
        x = layers.MaxPooling2D()(x)
    return keras.Model(inputs, layers.Dense(1)(layers.Dropout(0.5)(layers.Flatten()(x))))
""",
    "layers of an object": """
class Block(layers.Layer):
    def __init__(self, filters, **kwargs):
        super().__init__(**kwargs)
        self.convs, self.norms = [], []
        for _ in range(3):
            self.convs.append(layers.Conv2D(filters, 3))
            self.norms.append(layers.BatchNormalization())
        self.shortcut = None

    def build(self, shape):
        self.shortcut = layers.Conv2D(shape[-1], 1)

    def call(self, inputs, training=None):
        x = inputs
        for conv, norm in zip(self.convs, self.norms):
            x = keras.activations.relu(norm(conv(x), training=training))
        return x + self.shortcut(inputs)
""",
    "a block that opens with a norm": """
x = inputs = keras.Input((8, 8, 3))
x = layers.ReLU()(layers.BatchNormalization()(layers.Conv2D(8, 3)(x)))
x = layers.ReLU()(layers.BatchNormalization()(layers.MaxPooling2D()(x)))
x = layers.Conv2D(8, 3)(x)
""",
    "a layer by a name that is read from a file": """
import json, sys
def net(x):
    x = getattr(layers, json.loads(sys.argv[1]))()(layers.Conv2D(8, 3)(x))
    return layers.Dense(1)(layers.Flatten()(x))
""",
    "a layer by a name that nobody knows": """
import yaml
config = yaml.safe_load("")
def net(x):
    x = layers.Conv2D(8, 3, activation=config["act"])(x)
    return layers.ReLU()(layers.BatchNormalization()(x))
""",
    "items of an object": """
class Board:
    def __init__(self, size): self.rows = [[0] * size]
    def __getitem__(self, index): return self.rows[index]
    def __setitem__(self, index, value): self.rows[index] = value
def net(board: Board = Board(8)):
    board[0] = 1
    return layers.Dense(board[0])(keras.Input((8,)))
""",
    "the attribute of something in a long list": """
def net(blocks):
    blocks = [[[[[[[[[[blocks, layers.Dense(8)]]]]]]]]]]
    if blocks[0].size > 3:
        return layers.Dense(blocks[0].size.real)(keras.Input((8,)))
class Blocks:
    size = 8
""",
    "a generic class": """
from typing import Generic, TypeVar
T = TypeVar("T")
class Base(Generic[T]): pass
class Reader(Base[int]):
    def read(self): return self.lines()
def net():
    Reader().read()
    with Reader() as reader:
        reader.write(1)
    return layers.Dense(1)(keras.Input((8,)))
""",
    "wrappers in wrappers": """
class Twice(layers.Wrapper):
    def call(self, x):
        return self.layer(x)
def net(x):
    blocks = [layers.Dense(8), layers.Dense(8)]
    for number in range(len(blocks)):
        blocks[number] = Twice(blocks[number])
    for block in blocks:
        x = block(x)
    return layers.ReLU()(layers.BatchNormalization()(x))
""",
    "options of a command as arguments": """
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--units")
def net(units, **more): return layers.Dense(units)(keras.Input((8,)))
net(**vars(parser.parse_args()))
""",
    "functions that return functions": """
def compose(*functions):
    return functools.reduce(lambda f, g: lambda *a, **kw: g(f(*a, **kw)), functions)

def conv_bn(*args, **kwargs):
    options = {"use_bias": False}
    options.update(kwargs)
    return compose(layers.Conv2D(*args, **options), layers.BatchNormalization(), layers.LeakyReLU(0.1))

def net(x):
    return conv_bn(32, 3)(conv_bn(16, 3)(x))
""",
    "options of two branches": """
def conv(name=None, **kwargs):
    if name:
        options = {"name": name + "_conv"}
        options.update(kwargs)
    else:
        options = {}
    return layers.Conv2D(8, 3, **options)

def net(x):
    return layers.BatchNormalization()(conv("a", use_bias=False)(conv()(x)))
""",
    "an activation that nobody knows": """
def f(x, act):
    return layers.BatchNormalization()(layers.Dense(8, activation=act)(x))
""",
    "a class by a part of its name": """
def block(x, rank):
    x = getattr(layers, f"Conv{rank}D")(8, 3)(x)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    return getattr(layers, "SpatialDropout%dD" % rank)(0.1)(x)
""",
    "a class by its name among the globals": """
Block = layers.Conv2D
def net(x):
    return layers.BatchNormalization()(globals()["Block"](8, 3)(x))
""",
    "a text that is a parameter of a recursion": """
def walk(model, indent):
    for layer in model.layers:
        print(" " * indent, layer.name)
        walk(layer, indent + 4)
walk(keras.Sequential([layers.Dense(8), layers.BatchNormalization()]), 0)
""",
    "what a layer has given": """
dense = layers.Dense(8)
x = dense(keras.Input((8,)))
y = layers.BatchNormalization()(dense.output)
""",
    "methods of Python's own objects": """
import importlib
weights = importlib.import_module(place).weights
for name in weights.keys():
    print(name.split("/")[-1].startswith("conv"))
x = layers.BatchNormalization()(layers.Dense(8)(keras.Input((8,))))
""",
    "arguments by some of the names of many": """
given = {"units": 8, "activation": "relu", "use_bias": False}
def chosen(names, number):
    made = {name: given[name] for name in names}
    made.update({"name": "dense" + str(number)})
    return made
def net(x, depth):
    for number in range(depth):
        x = layers.BatchNormalization()(layers.Dense(**chosen(["units", "use_bias"], number))(x))
    return x
""",
    "a counter of a function around": """
def net(x, depth):
    made = 0
    def conv(x, filters):
        nonlocal made
        made += 1
        return layers.ReLU()(layers.BatchNormalization()(layers.Conv2D(filters, 3, name=f"conv{made}")(x)))
    for number in range(depth):
        x = conv(x, 8 * made)
    return x
""",
    "a method of a set, by another name": """
def unique(names):
    seen = set()
    add = seen.add
    return [name for name in names if not (name in seen or add(name))]

for units in unique([8, 8, 16]):
    x = layers.ReLU()(layers.BatchNormalization()(layers.Dense(units)(keras.Input((8,)))))
""",
    "functions that define each other without end, with growing numbers": """
def sample(number, left, chance):
    return tf.cond(chance < 0.5, lambda: number, lambda: sample(number + 1, left - 1, chance))

sample(0, 3, keras.random.uniform(()))
x = layers.ReLU()(layers.BatchNormalization()(layers.Dense(8)(keras.Input((8,)))))
""",
    "a function that is called with rows": """
import itertools
def block(x, units):
    return layers.ReLU()(layers.BatchNormalization()(layers.Dense(units)(x)))

inputs = keras.Input((8,))
ways = list(itertools.starmap(block, [(inputs, 8), (inputs, 16)]))
""",
    "an attribute of a function with some arguments": """
import functools
dense = functools.partial(layers.Dense, 8)
dense.describe()
x = layers.ReLU()(layers.BatchNormalization()(dense()(keras.Input((8,)))))
""",
    "a bar that shows how far a loop is": """
from tqdm import tqdm
bar = tqdm(total=8)
for number in range(8):
    bar.update()
    bar.update(number)
x = layers.ReLU()(layers.BatchNormalization()(layers.Dense(8)(keras.Input((8,)))))
""",
    "a class that a decorator puts on a list": """
EXPORTED = {}
class export:
    def __init__(self, place):
        self.place = place
    def __call__(self, symbol):
        EXPORTED[self.place] = symbol
        return symbol
"""
    + EXPORTED,
    "a set that is no model": """
class Tuner:
    def __init__(self, names, hypers):
        self.names = names
        self.hypers = hypers
    def begin(self, name):
        self.names.add(self.hypers.get(name))
        self.names.remove(name)
        return layers.ReLU()(layers.BatchNormalization()(layers.Dense(8)(name)))
""",
    "a class that an export of a library decorates": """
try:
    import namex
except ImportError:
    namex = None
if namex:
    class export(namex.export):
        def __init__(self, path):
            super().__init__(package="own", path=path)
else:
    class export:
        def __init__(self, path):
            pass
        def __call__(self, symbol):
            return symbol
"""
    + EXPORTED,
    "fields that have defaults": """
import collections
Args = collections.namedtuple("Args", ["filters", "kernel"])
Args.__new__.__defaults__ = (None,) * len(Args._fields)
def block(x, args):
    return layers.ReLU()(layers.BatchNormalization()(layers.Conv2D(args.filters, args.kernel or 3)(x)))
x = block(block(keras.Input((8, 8, 3)), Args(8)), Args(16, 3))
""",
    "layers as keys": """
rates = {layers.Dense(8): 0.1, layers.Dense(4): 0.2}
def net(x):
    for layer, rate in rates.items():
        x = layers.Dropout(rate)(layers.ReLU()(layers.BatchNormalization()(layer(x))))
    return x
""",
    "a configuration that nobody knows": """
import json
def revived(instance):
    config = json.loads(json.dumps({"class_name": type(instance).__name__, "config": instance.get_config()}))
    first = keras.saving.deserialize_keras_object(config)
    return keras.layers.deserialize({"class_name": "Own", "config": {}})(first(keras.Input((8,))))
""",
    "the class of a text": """
def again(initializer):
    return initializer.__class__.from_config(initializer.get_config())
def net(x, initializer="glorot_uniform"):
    return layers.BatchNormalization()(layers.Dense(8, kernel_initializer=again(initializer))(x))
""",
    "attributes that an object sets by name": """
class Net(keras.Model):
    def __setattr__(self, name, value):
        return super().__setattr__(name, value)
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(8)
    def call(self, x):
        return self.dense(x)
""",
    "a method that a decorator replaces in one of two ways": """
def traced(function):
    if unknown:
        return function
    @functools.wraps(function)
    def wrapper(self, x, **kwargs):
        return function(self, x, **kwargs)
    return wrapper
class Base(layers.Layer):
    @traced
    def call(self, x):
        return layers.BatchNormalization()(layers.Dense(8)(x))
class Net(Base):
    @traced
    def call(self, x):
        return layers.ReLU()(super().call(x))
x = Net()(keras.Input((8,)))
""",
    "a class and a function of Keras that are replaced": """
class Model(keras.models.Model):
    def fit(self, *args):
        return super().fit(*args)
def reshape(x, shape, axis=0):
    return function(x, shape, axis)
function = keras.backend.reshape
keras.models.Model, keras.backend.reshape = Model, reshape
x = inputs = keras.Input((8,))
x = keras.backend.reshape(layers.Dense(8)(x), (-1, 8))
keras.models.Model(inputs, layers.ReLU()(layers.BatchNormalization()(layers.Dense(8)(x))))
""",
    "an attribute that is added to Keras": """
keras.layers.Odd = layers.Dense
x = layers.BatchNormalization()(keras.layers.Odd(8)(keras.Input((8,))))
""",
}

LEFT = {
    "a list that is filled in a call, after many calls with other widths": """
def block(x, width, outputs):
    x = layers.Dense(width)(x)
    outputs.append(layers.ReLU()(x))
    return x
x = keras.Input((8,))
"""
    + "".join(f"x = block(x, {width}, [])\n" for width in range(100, 120))
    + """
first, second = [], []
x = block(x, 999, first if flag else second)
for output in first:
    layers.BatchNormalization()(output)
""",
    "a list that is filled deep in a recursion": """
def walk(x, depth, own, every):
    if depth > 3:
        every.append(layers.ReLU()(layers.Dense(8)(x)))
    else:
        walk(x, depth + 1, [], every)
every = []
walk(keras.Input((8,)), 0, [], every)
for output in every:
    layers.BatchNormalization()(output)
""",
    "a list in a dictionary that is filled deep in a recursion": """
def walk(x, depth, own, every):
    if depth > 3:
        every["outputs"].append(layers.ReLU()(layers.Dense(8)(x)))
    else:
        walk(x, depth + 1, [], every)
outputs = []
walk(keras.Input((8,)), 0, [], {"outputs": outputs})
for output in outputs:
    layers.BatchNormalization()(output)
""",
    "a class by its name, after many calls with other names": """
def block(x, name):
    x = layers.deserialize({"class_name": name, "config": {"rate": 0.5}})(x)
    return layers.BatchNormalization()(x)
"""
    + "".join(f"block(layers.Dense(8)(keras.Input((8, 8))), 'Flatten{number}')\n" for number in range(20))
    + "block(layers.Dense(8)(keras.Input((8, 8))), 'SpatialDropout1D')\n",
    "what a member of an enumeration makes": """
import enum
class Kind(enum.Enum):
    DENSE = "dense"
    NORM = "norm"
    def make(self):
        return layers.BatchNormalization() if self is Kind.NORM else layers.Dense(8, activation="relu")
x = layers.Dense(8, activation="relu")(keras.Input((8,)))
y = Kind.NORM.make()(x)
""",
    "layers that the members of an enumeration ask for": """
from enum import Enum
class Kind(Enum):
    DENSE = layers.Dense
    NORM = layers.BatchNormalization
x = layers.Dense(8, activation="relu")(keras.Input((8,)))
for kind in Kind:
    if kind is not Kind.DENSE:
        x = kind.value()(x)
""",
    "the class that is the value of a member": """
from enum import Enum
class Kind(Enum):
    ACT = layers.ReLU
kind = Kind.ACT
y = layers.BatchNormalization()(kind.value()(layers.Dense(8)(keras.Input((8,)))))
""",
    "a member of an enumeration by its value": """
from enum import Enum
class Kind(Enum):
    NORM = layers.BatchNormalization
x = layers.Dense(8, activation="relu")(keras.Input((8,)))
y = Kind(layers.BatchNormalization).value()(x)
""",
    "a layer that a configuration describes": """
x = layers.Dense(8, activation="relu")(keras.Input((8,)))
y = keras.layers.deserialize({"class_name": "BatchNormalization", "config": {}})(x)
""",
    "a layer that a text describes": """
import json
x = layers.Dense(8, activation="relu")(keras.Input((8,)))
y = keras.saving.deserialize_keras_object(json.loads('{"class_name": "BatchNormalization", "config": {}}'))(x)
""",
    "a method that a decorator replaces in one of two ways": """
def traced(function):
    if unknown:
        return function
    def wrapper(self, x):
        return layers.ReLU()(function(self, x))
    return wrapper
class Net(layers.Layer):
    @traced
    def call(self, x):
        return layers.Dense(8)(x)
x = layers.BatchNormalization()(Net()(keras.Input((8,))))
""",
    "a layer of a model by its name": """
x = inputs = keras.Input((8,))
model = keras.Model(inputs, layers.ReLU(name="act")(layers.Dense(8)(x)))
y = layers.BatchNormalization()(model.get_layer("act").output)
""",
    "a layer by its name of an object that is a model": """
class Net(keras.Model):
    def __init__(self):
        inputs = keras.Input((8,))
        super().__init__(inputs, layers.Dense(8, activation="relu", name="hidden")(inputs))
y = layers.BatchNormalization()(Net().get_layer("hidden").output)
""",
    "a method that nothing calls, of an object that is made": """
class Net:
    def __init__(self, kind=None):
        self.kind = kind

    def body(self, x):
        return layers.BatchNormalization()(self.kind()(layers.Dense(8)(x)))

def made():
    return Net(layers.ReLU)
""",
    "a method of a base, of an object of the class that inherits it": """
class Base:
    def body(self, x):
        return layers.BatchNormalization()(self.kind()(layers.Dense(8)(x)))

class Net(Base):
    def __init__(self, kind):
        self.kind = kind

def made():
    return Net(layers.ReLU)
""",
    "an inline activation": "def f(x):\n    return layers.BatchNormalization()(layers.Dense(8, activation='relu')(x))",
    "a default": "def f(x, act='relu'):\n    return layers.BatchNormalization()(layers.Dense(8, activation=act)(x))",
    "the other branch": """
class Block(layers.Layer):
    def __init__(self, fast):
        super().__init__()
        if fast:
            self.first = layers.Dropout(0.5)
        else:
            self.first = layers.Dense(8)
        self.norm = layers.BatchNormalization()

    def call(self, x):
        return self.norm(self.first(x))
""",
    "an option of the command line": """
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--act", default="relu")
args = parser.parse_args()
x = layers.BatchNormalization()(layers.Dense(8, activation=args.act)(x))
""",
    "a closure and a global of one name": """
kind = "c"
def make(kind):
    def apply(t):
        if kind == "b":
            t = layers.BatchNormalization()(t)
        return t
    return apply
x = make("b")(layers.Dense(8, activation="relu")(keras.Input((8,))))
""",
    "a list that is turned round": """
stack = [layers.BatchNormalization(), layers.Dropout(0.2)]
stack.reverse()
x = functools.reduce(lambda t, layer: layer(t), stack, keras.Input((8,)))
""",
    "a deque that is turned on": """
import collections
stack = collections.deque([layers.BatchNormalization(), layers.Dense(8, activation="relu")])
stack.rotate(1)
x = functools.reduce(lambda t, layer: layer(t), stack, keras.Input((8,)))
""",
    "another name for a method": """
model = keras.Sequential()
add = model.add
add(layers.Dense(8, activation="relu"))
add(layers.BatchNormalization())
""",
    "another name for a method of a list": """
stack = [layers.Dense(8)]
add = stack.append
add(layers.ReLU())
add(layers.BatchNormalization())
x = functools.reduce(lambda t, layer: layer(t), stack, keras.Input((8,)))
""",
    "a method of a dictionary that is passed on": """
made = {"norm": layers.Flatten()}
list(map(made.update, [{"norm": layers.BatchNormalization()}]))
x = made["norm"](layers.ReLU()(layers.Dense(8)(keras.Input((8,)))))
""",
    "rows that may be anything": """
import itertools
x = list(itertools.starmap(lambda t, layer: layer(t), [(layers.ReLU()(layers.Dense(8)(keras.Input((8,)))), norm)
                                                       for norm in [layers.BatchNormalization()]]))
""",
    "a model that is a parameter": """
def head(model):
    model.add(layers.Dense(8, activation="relu"))
    model.add(layers.BatchNormalization())
""",
    "a list with two names": """
stack = []
same = stack
same.append(layers.Dropout(0.5))
same.append(layers.BatchNormalization())
model = keras.Sequential(stack)
""",
    "layers handed to an object": """
class Stack(layers.Layer):
    def __init__(self, parts):
        super().__init__()
        self.parts = parts
    def call(self, x):
        for part in self.parts:
            x = part(x)
        return x
def mlp():
    return Stack([layers.Dense(8, activation="relu"), layers.BatchNormalization()])
""",
    "a layer by its name": "x = getattr(layers, 'Batch' + kind)()(layers.Dense(8, activation='relu')(x))",
    "the last iteration of a loop": """
x = inputs
for number in range(3):
    x = layers.Dense(8)(x)
    x = layers.BatchNormalization()(x)
    x = layers.Dropout(0.5)(x)
x = layers.BatchNormalization()(x)
""",
    "an attribute that another method sets": """
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.first = layers.Dense(8)
    def harden(self):
        self.first = layers.Dropout(0.5)
    def call(self, x):
        return layers.BatchNormalization()(self.first(x))
""",
    "code that Python 3 does not read": """
print 'training'
x = layers.BatchNormalization()(layers.Dense(8, activation='relu')(x))
""",
    "an option that one branch sets": """
options = {"units": 8}
if flag:
    options["activation"] = "relu"
x = layers.Dense(**options)(inputs)
x = layers.Dropout(0.5)(x)
x = layers.ReLU()(x)
""",
    "options over which others go": """
def block(x, act="relu"):
    options = {"activation": None, **dict(activation=act)}
    return layers.BatchNormalization()(layers.Dense(8, **options)(x))
""",
    "an option that is taken out": """
def block(x, **options):
    options.setdefault("activation", "relu")
    return layers.BatchNormalization()(layers.Dense(8, **options)(x))
""",
    "layers as keys": """
parts = {layers.Dropout(0.5): 1, layers.BatchNormalization(): 2}
def net(x):
    for part in parts:
        x = part(x)
    return x
""",
    "an attribute of what nobody knows": """
def net(x, cfg):
    cfg.first = layers.Dropout(0.5)
    return layers.BatchNormalization()(cfg.first(x))
""",
    "the output of a layer": """
drop = layers.Dropout(0.5)
x = drop(keras.Input((8,)))
y = layers.BatchNormalization()(drop.output)
""",
    "a norm by a part of its name": """
def block(x, kind):
    return getattr(layers, f"Batch{kind}")()(layers.Dropout(0.5)(layers.Dense(8)(x)))
""",
    "what is added to Keras": """
keras.layers.Odd = layers.Dropout
x = layers.BatchNormalization()(keras.layers.Odd(0.5)(keras.Input((8,))))
""",
    "what is added to a module that is imported whole": """
from keras.layers import *
keras.layers.Odd = Dropout
x = BatchNormalization()(Odd(0.5)(keras.Input((8,))))
""",
    "a recursion over numbers": """
def deep(x, n):
    x = layers.BatchNormalization()(layers.Dense(8, activation="relu" if n == 7 else None)(x))
    return deep(x, n + 1) if n < 9 else x
x = deep(keras.Input((8,)), 0)
""",
    "a text that is known in part, within another": """
def net(x, kind):
    part = f"{kind}_a"
    if part + "b" == "drop_ab":
        x = layers.Dropout(0.5)(x)
    return layers.BatchNormalization()(x)
""",
    "evaluated code": "x = eval('layers.BatchNormalization()')(layers.Dense(8, activation='relu')(x))",
}


@pytest.mark.parametrize("text", IN_ORDER.values(), ids=IN_ORDER)
def test_what_is_plainly_in_order_needs_no_analysis(text: str) -> None:
    """These files are not parsed with libcst."""
    assert glance(START + text) is True


@pytest.mark.parametrize("text", LEFT.values(), ids=LEFT)
def test_what_may_be_out_of_order_is_left_to_the_analysis(text: str) -> None:
    """Each of these has hidden a finding from an analysis that assumes too much."""
    assert glance(START + text) is None


def test_code_without_layers_is_told() -> None:
    """If nothing is applied, the caller decides whether the file counts as checked."""
    assert glance("import keras\n\ndef f(a):\n    return a\n") is False


def test_modules_of_the_project_are_followed() -> None:
    """A helper in another file keeps its order."""
    main = "from keras import layers\nfrom helpers import block\n\ndef net(x):\n    return block(layers.Dense(8)(x))\n"
    helper = "from keras import layers\n\ndef block(x):\n    return layers.{}(layers.{}(x))\n"
    good = {"helpers.py": helper.format("ReLU()", "BatchNormalization()").replace("()(layers", "()(layers")}
    bad = {"helpers.py": helper.format("BatchNormalization()", "ReLU()")}
    assert glance(main, others=good) is True
    assert glance(main, others=bad) is None


def test_what_a_module_runs_as_a_program_is_not_run_by_an_import() -> None:
    """The code under `if __name__ == "__main__"` of a helper is only judged in its own file."""
    main = "from keras import layers\nfrom helpers import units\n\ndef net(x):\n    return layers.Dense(units)(x)\n"
    wrong = "x = layers.BatchNormalization()(layers.Dropout(0.5)(layers.Dense(8)(x)))"
    guard = f"from keras import layers\nunits = 8\nif __name__ == '__main__':\n    {wrong}\nelse:\n    {{}}\n"
    assert glance(main, others={"helpers.py": guard.format("pass")}) is True
    assert glance(main, others={"helpers.py": guard.format(wrong)}) is None
    assert glance(guard.format("pass"), "helpers.py") is None


def test_modules_may_import_each_other() -> None:
    """Circular imports end."""
    first = "from second import g\nfrom keras import layers\n\ndef f(x):\n    return layers.Dense(8)(g(x))\n"
    second = "import first\nfrom keras import layers\n\ndef g(x):\n    return layers.ReLU()(x)\n"
    assert glance(first, "first.py", {"second.py": second, "first.py": first}) is True


def test_modules_that_import_each_other_keep_their_names() -> None:
    """Names that a module binds after they were read are known in the next run."""
    first = "from second import g\nfrom keras import layers\n\ndef f(x):\n    return layers.ReLU()(x)\n"
    second = "import first\nfrom first import f\nfrom keras import layers\n\ndef g(x):\n    return {}\n"
    bad = second.format("layers.BatchNormalization()(f(layers.Dense(8)(x)))")
    good = second.format("f(layers.BatchNormalization()(layers.Dense(8)(x)))")
    assert glance(bad, "second.py", {"first.py": first, "second.py": bad}) is None
    assert glance(good, "second.py", {"first.py": first, "second.py": good}) is True


@pytest.mark.parametrize(
    "text",
    [
        "def f(x):\n    return f(x)\n",
        "def f(n):\n    return {'a': f(n - 1), 'b': n}\n",
        "x = 0\nwhile True:\n    x = [x]\n",
        "class A(A):\n    pass\n",
        "import net\nfrom net import *\n",
        "f = lambda g: g(g)\nf(f)\n",
        "".join(f"def f{n}(x):\n    return f{n + 1}(f{n + 1}(x))\n" for n in range(200))
        + "def f200(x):\n    return x\n",
        "x" + ".a" * 900 + "\n",
        "x = [" + "1, " * 50_000 + "]\ny = {" + "".join(f"{n}: {n}, " for n in range(20_000)) + "}\n",
        "[" * 60 + "]" * 60 + "\n",
        "x = []\nfor i in y:\n    x = [x, [x, i], {1: x, 2: [x, x]}]\n",
        "def f(x):\n    return [f([x, 1]), f([1, x]), f([x, x])]\ny = f([layer])\n",
    ],
)
def test_whatever_the_code_is_a_glance_ends(text: str) -> None:
    """A glance gives a result, and raises no error."""
    assert glance(START + text) in (True, False, None)


def test_a_recursion_forgets_only_what_rests_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The results of earlier calls remain known after a recursion, and no other code is run again."""
    monkeypatch.setattr(machine, "MOST_STEPS", 600)
    long = "def long():\n    n = 0\n" + "    n = n + 1\n" * 100 + "    return n\n"
    walks = (
        f"def walk{k}(x, n):\n    long()\n    return walk{k}(x, n + 1) if n < 5 else layers.ReLU()(x)\n"
        f"walk{k}(keras.Input((8,)), 0)\n"
        for k in range(8)
    )
    assert glance("import keras\nfrom keras import layers\n" + long + "long()\n" + "".join(walks)) is True
