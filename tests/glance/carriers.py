"""Ways in which code passes on a value: how the value is stored, and how it is read again.

Each line has code that stores `V` (`\\n` starts a new line of it), and an expression that returns `V`. The value of
`unknown` is not known.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from textwrap import dedent, indent

__all__ = ["KINDS", "PAIRS", "carried", "carried_between", "program"]

_CARRIERS = r"""
v = [V][0]  ::  v
v = (V,)  ::  v[0]
v = {"a": V}  ::  v["a"]
v = dict(a=V)  ::  v.get("a")
v = dict([("a", V)])  ::  v["a"]
v = dict(zip(["a"], [V]))  ::  v["a"]
import collections; v = collections.OrderedDict([("a", V)])  ::  v["a"]
import collections; v = collections.OrderedDict(a=V)  ::  v["a"]
import collections; v = collections.defaultdict(lambda: V)  ::  v["a"]
import collections; v = collections.deque([V])  ::  v[0]
import collections; v = collections.deque(); v.appendleft(V)  ::  v.popleft()
import collections; P = collections.namedtuple("P", "a b"); v = P(V, 1)  ::  v.a
import collections; P = collections.namedtuple("P", ["a", "b"]); v = P(b=1, a=V)  ::  v.a
import collections; P = collections.namedtuple("P", "a b"); v = P(V, 1)  ::  v[0]
import collections; P = collections.namedtuple("P", "a b"); v = P(1, 1)._replace(a=V)  ::  v.a
import collections; P = collections.namedtuple("P", "a b"); v = P(V, 1)._asdict()  ::  v["a"]
import collections; P = collections.namedtuple("P", "a b"); v = P._make([V, 1])  ::  v.a
import collections; P = collections.namedtuple("P", "a b", defaults=[V, 1]); v = P()  ::  v.a
from typing import NamedTuple; P = NamedTuple("P", [("a", object)]); v = P(V)  ::  v.a
import types; v = types.SimpleNamespace(a=V)  ::  v.a
import types; v = types.SimpleNamespace(); v.a = V  ::  v.a
import types; v = types.SimpleNamespace(); setattr(v, "a", V)  ::  v.a
import types; v = types.SimpleNamespace(**{"a": V})  ::  v.a
import types; v = types.SimpleNamespace(b=types.SimpleNamespace(a=V))  ::  v.b.a
import argparse; v = argparse.Namespace(a=V)  ::  v.a
import argparse; v = argparse.ArgumentParser().parse_args(); v.a = V  ::  v.a
import argparse; p = argparse.ArgumentParser(); p.add_argument("--a", default=V); v = p.parse_args()  ::  v.a
import argparse; p = argparse.ArgumentParser(); p.set_defaults(a=V); v = p.parse_args()  ::  v.a
from easydict import EasyDict; v = EasyDict(a=V)  ::  v.a
from easydict import EasyDict; v = EasyDict({"a": V})  ::  v.a
from easydict import EasyDict; v = EasyDict(); v.a = V  ::  v.a
from easydict import EasyDict; v = EasyDict(); v["a"] = V  ::  v["a"]
from ml_collections import ConfigDict; v = ConfigDict(); v.a = V  ::  v.a
from box import Box; v = Box({"a": {"b": V}})  ::  v.a.b
v = somewhere(); v.a = V  ::  v.a
v = somewhere(); v.b.a = V  ::  v.b.a
v = somewhere(); setattr(v, "a", V)  ::  getattr(v, "a")
v = somewhere(); v["a"] = V  ::  v["a"]
v = somewhere(); vars(v)["a"] = V  ::  v.a
v = somewhere(); v.__dict__["a"] = V  ::  v.a
v = somewhere(); v.__dict__.update(a=V)  ::  v.a
import somewhere; somewhere.a = V  ::  somewhere.a
v = object(); v.a = V  ::  v.a
v = lambda: 0; v.a = V  ::  v.a
class C:\n    def m(self): return 1\nC.m.a = V  ::  C().m.a
class C:\n    def m(self): return 1\nsetattr(C.m, "a", V); v = C().m  ::  v.a
class C:\n    def m(self): return self.a\nv = C(); v.a = V; w = v.m  ::  w.__self__.a
class C:\n    def m(self, x=V): return x\nv = C().m  ::  v.__defaults__[0]
class C:\n    def m(self): return V\nv = C().m  ::  v.__call__()
class C:\n    def m(self): return V\nv = C().m  ::  v.__func__(1)
def v(): pass\nv.a = V  ::  v.a
v = layers.Dense(3); v.a = V  ::  v.a
v = Sequential(); v.a = V  ::  v.a
class C: pass\nv = C(); v.a = V  ::  v.a
class C: pass\nC.a = V; v = C()  ::  v.a
class C:\n    a = V\nv = C  ::  v.a
class C:\n    a = V\nv = C()  ::  getattr(v, "a")
class C:\n    a = V\nv = C()  ::  vars(C)["a"]
class C:\n    a = V\nv = C(); v.a = 1; del v.a  ::  v.a
class C:\n    a = V\nv = C(); v.a = 1; delattr(v, "a")  ::  v.a
class C:\n    a = V\nv = C()\nif unknown: v.a = 1  ::  v.a
class C:\n    def a(self, x): return V(x)\nv = C()\nif unknown: v.a = 1  ::  v.a
def f(a=1): return a\nf.__defaults__ = (V,)  ::  f()
def f(*, a=1): return a\nf.__kwdefaults__["a"] = V  ::  f()
class C:\n    a = V\nv = C()  ::  C.__dict__["a"]
class C:\n    def __init__(self): self.a = V\nv = C()  ::  v.__dict__["a"]
class C:\n    def __init__(self): self.a = V\nv = C()  ::  vars(v)["a"]
class C:\n    def __init__(self): vars(self).update(a=V)\nv = C()  ::  v.a
class C:\n    def __init__(self): self.__dict__["a"] = V\nv = C()  ::  v.a
class C:\n    def __init__(self, **kw): self.__dict__.update(kw)\nv = C(a=V)  ::  v.a
class C:\n    def __init__(self, **kw):\n        for k, x in kw.items(): setattr(self, k, x)\nv = C(a=V)  ::  v.a
class C:\n    def __init__(self, **kw):\n        for k in kw: setattr(self, k, kw[k])\nv = C(a=V)  ::  v.a
class C:\n def __init__(self):\n  for i in range(20): setattr(self, f"a{i}", V if i == 3 else 1)\nv = C()  ::  v.a3
class C:\n def __init__(self):\n  for i in range(3): setattr(self, "a%d" % i, V)\nv = C()  ::  getattr(v, f"a{2}")
class C:\n    def __init__(self): self.a12 = V\nv = [getattr(C(), f"a{i}") for i in range(20)]  ::  v[12]
class C:\n    def __init__(self): self.b = 1; self.a = V\nv = [getattr(C(), k) for k in {"b": 1, "a": 2}]  ::  v[1]
class C:\n    def a(self, y): return V(y)\nv = [getattr(C(), k) for k in "a b c d e f g h i j k".split()]  ::  v[0]
class C: pass\nv = C()\nfor k in ["a", "b"] * 9: setattr(v, k, V if k == "a" else 1)  ::  v.a
class C: pass\nv = C(); v.a1 = V; setattr(v, f"a{somewhere()}", 1)  ::  v.a1
class C:\n    def __init__(self): self.a = V; self.b = []; self.b.append(V)\nv = C(); del v.a  ::  v.b[0]
class C:\n    def __init_subclass__(cls, a=None): cls.a = a\nclass D(C, a=V): pass\nv = D()  ::  v.a
class C:\n    def __init_subclass__(cls): cls.a = V\nclass D(C): pass\nv = D  ::  v.a
class C:\n    r = []\n    def __init_subclass__(cls): C.r.append(cls)\nclass D(C):\n    a = V\nv = C.r[0]  ::  v.a
class B:\n def __init_subclass__(s): s.a = V\nclass C(B):\n __init_subclass__ = B.__init_subclass__\nclass D(C): 0 ::D.a
class C:\n    def __getattr__(self, name): return V\nv = C()  ::  v.a
class C:\n    def __getattribute__(self, name): return V\nv = C()  ::  v.a
class C:\n    def __getitem__(self, name): return V\nv = C()  ::  v["a"]
class C:\n    def __iter__(self): yield V\nv = C()  ::  list(v)[0]
class C:\n    def __iter__(self): yield V\nv, = C()  ::  v
class C:\n    def __next__(self): return V\n    def __iter__(self): return self\nv = C()  ::  next(v)
class C:\n    def __enter__(self): return V\n    def __exit__(self, *a): pass\nwith C() as v: pass  ::  v
class C:\n    def __new__(cls): return V\nv = C()  ::  v
class C:\n    def __call__(self, x): return V(x)\nv = C()  ::  v
class C:\n    @property\n    def a(self): return V\nv = C()  ::  v.a
class C:\n    @staticmethod\n    def a(x): return V(x)  ::  C.a
class C:\n    @classmethod\n    def a(cls, x): return V(x)  ::  C().a
class C:\n    @classmethod\n    def a(cls): return cls()\n    def b(self, x): return V(x)\nv = C.a()  ::  v.b
class C:\n    def b(self): return V\nclass D(C):\n    def b(self): return super().b()\nv = D()  ::  v.b()
class A:\n b = lambda s: None\nclass B(A): pass\nclass C(A):\n def b(s): return V\nclass D(B, C): pass  ::  D().b()
class A: b = None\nclass B(A): pass\nclass C(A): b = V\nclass D(B, C): pass  ::  D.b
class A: 0\nclass B(A):\n def b(s): return super().b()\nclass C(A):\n def b(s): return V\nclass D(B, C): 0  ::  D().b()
class C:\n    def b(self): return V\nclass D(C):\n    pass\nv = D()  ::  C.b(v)
from dataclasses import dataclass\n@dataclass\nclass C:\n    a: object = None\nv = C(V)  ::  v.a
from dataclasses import dataclass\n@dataclass\nclass C:\n    a: object\nv = C(V)  ::  v.a
from dataclasses import dataclass\n@dataclass\nclass C:\n    a: object = None\nv = C(a=V)  ::  v.a
from dataclasses import *\n@dataclass\nclass C:\n    a: object = field(default_factory=lambda: V)\nv = C()  ::  v.a
from dataclasses import dataclass, replace\n@dataclass\nclass C:\n    a: object = None\nv = replace(C(), a=V)  ::  v.a
from dataclasses import dataclass, asdict\n@dataclass\nclass C:\n    a: object = None\nv = asdict(C(a=V))  ::  v["a"]
from dataclasses import *\n@dataclass\nclass C:\n b: int = 1\n def __post_init__(self): self.a = V\nv = C()  ::  v.a
import attr\n@attr.s\nclass C:\n b = attr.ib(default=1)\n def __attrs_post_init__(self): self.a = V\nv = C()  ::  v.a
import collections\nclass C(collections.namedtuple("C", "a b")): pass\nv = C(V, 1)  ::  v.a
import collections\nclass C(collections.namedtuple("C", "a b")): pass\nv = C(1, b=V)  ::  v.b
import collections\nclass C(collections.namedtuple("C", "a b")): pass\nv = C(V, 1)  ::  v[0]
import collections\nclass C(collections.namedtuple("C", "a b", defaults=[V])): pass\nv = C(1)  ::  v.b
from collections import *\nclass C(namedtuple("C", "a b")):\n @property\n def c(s): return s.a\nv = C(V, 1)  ::  v.c
import collections\nclass C(collections.namedtuple("C", "a b")): pass\nv = C(1, 1)._replace(a=V)  ::  v.a
import attr\n@attr.s\nclass C:\n    a = attr.ib(default=None)\nv = C(V)  ::  v.a
import attr\n@attr.s\nclass C:\n    a = attr.ib(default=V)\nv = C()  ::  v.a
import attr\n@attr.s\nclass C:\n    a = attr.ib(factory=lambda: V)\nv = C()  ::  v.a
import attr\n@attr.s(auto_attribs=True)\nclass C:\n    a: object = None\nv = attr.evolve(C(), a=V)  ::  v.a
from typing import NamedTuple\nclass C(NamedTuple):\n    a: object = None\nv = C(V)  ::  v.a
from typing import NamedTuple\nclass C(NamedTuple):\n    a: object = V\nv = C()  ::  v.a
from typing import NamedTuple\nclass C(NamedTuple):\n    a: object = V\nv = C()  ::  v[0]
from enum import Enum\nclass C(Enum):\n    A = V\nv = C.A  ::  v.value
from enum import Enum\nclass C(Enum):\n    A = V\nv = list(C)[0]  ::  v.value
from enum import Enum\nclass C(Enum):\n    A = "a"\nv = {C.A: V}  ::  v[C.A]
from enum import Enum\nclass C(Enum):\n    A = 1\n    def m(self): return V\nv = C.A  ::  v.m()
from enum import Enum\nclass C(Enum):\n    A = 1\n    @property\n    def m(self): return V\nv = C.A  ::  v.m
from enum import Enum\nclass C(Enum):\n    A = 1\n    @staticmethod\n    def m(): return V\nv = C.A  ::  v.m()
from enum import Enum\nclass C(Enum):\n    A = 1\n    @classmethod\n    def m(cls): return V\nv = C.A  ::  v.m()
from enum import Enum\nclass C(Enum):\n    A = 1\n    def __call__(self): return V\nv = C.A  ::  v()
from enum import Enum\nclass C(Enum):\n    A = 1\n    def m(self): return V\nv = C(1)  ::  v.m()
from enum import Enum\nclass C(Enum):\n    A = 1\n    def m(self): return V\nv = C["A"]  ::  v.m()
from enum import Enum\nclass C(Enum):\n    A = 1\n    def m(self): return V\nv = [c for c in C]  ::  v[0].m()
from enum import Enum\nclass C(Enum):\n    A = [V]\n    def m(self): return self.value\nv = C.A  ::  v.m()[0]
from enum import Enum\nclass C(Enum):\n    A = 1\n    def m(self): return {C.A: V}[self]\nv = C.A  ::  v.m()
from enum import Enum\nclass C(Enum):\n    A = 1\n    def __init__(self, n): self.a = V\nv = C.A  ::  v.a
from enum import Enum\nclass C(Enum):\n    A = ("a", V)\n    def __init__(self, n, a): self.a = a\nv = C.A  ::  v.a
from enum import *\nclass C(Enum):\n A = 1\n def __init__(s, n): s.a = V\n def m(s): return s.a\nv = C["A"]  ::  v.m()
from enum import Enum\nclass C(Enum):\n    A = V\n    def m(self): return self.value\nv = C.A  ::  v.m()
from enum import *\nclass C(Enum):\n A = 1, V\n def __init__(s, n, a): s.a = a\n def __call__(s): return s.a  ::  C.A()
v = {}\nif unknown: v["a"] = 1\nelse: v["b"] = V\nv["c"] = 1  ::  list(v.values())[0]
v = {}\nif unknown: v["a"] = 1\nelse: v["b"] = V\nfor w in v: pass  ::  v[w]
v = {}\nif unknown: v["a"] = 1\nv["b"] = 2\nv["a"] = V\nfor w in v.values(): pass  ::  w
v = {}\nfor i in unknown:\n    if i: v[i] = 1\n    else: v[i] = V\nfor w in v.values(): pass  ::  w
import argparse; v = argparse.ArgumentParser().parse_args(); v.a = V  ::  vars(v)["a"]
import yaml; v = yaml.safe_load("a"); v.a = V  ::  vars(v)["a"]
import yaml; v = yaml.safe_load("a"); v.a = V  ::  v.a
class C:\n    def __init__(self): self.b = {"a": V}\n    def __getitem__(self, k): return self.b[k]\nv = C()  ::  v["a"]
class C:\n    def __getitem__(self, k): return {"a": V}\nv = C()  ::  v["b"]["a"]
from typing import NamedTuple\nclass C(NamedTuple):\n    a: object = V\nfor v in C(): pass  ::  v
with [V][0] as v: pass  ::  v
with somewhere() as v: v.a = V  ::  v.a
v = [V]\nfor _ in range(3): v[0] = (lambda f: lambda x: f(x))(v[0])  ::  v[0]
class C:\n def __init__(s, b): s.b = b\n def __call__(s, x): return s.b(x)\nv = V\nfor i in range(9): v = C(v)  ::  v
class C:\n    def __init__(self, b, c): self.b = b\nv = V\nfor i in range(9): v = C(v.b if i else v, [v] * 9)  ::  v.b
class C:\n    a = V\nclass D:\n    a = 1\nv = somewhere([C, D])  ::  [C, D][somewhere()].a
import importlib; v = importlib.import_module(somewhere()); v.a = V  ::  v.a
v = []; v.append(V)  ::  (v * 3)[1]
v = {**somewhere(), "a": V}  ::  v["a"]
v = {"b": {"a": V}}; w = {**v["b"]}  ::  w["a"]
v = [("a", V)]; w = {}; w.update(v)  ::  w["a"]
import random; v = random.choice([V])  ::  v
import numpy; v = numpy.random.choice([V])  ::  v
import secrets; v = secrets.choice([V])  ::  v
from future.utils import itervalues\nfor v in itervalues({"a": V}): pass  ::  v
from future.utils import iteritems\nfor k, v in iteritems({"a": V}): pass  ::  v
from past.builtins import map\nv = map(lambda n: V, [1])  ::  v[0]
import copy  ::  copy.copy(V)
import copy  ::  copy.deepcopy(V)
import copy; v = copy.deepcopy({"a": V})  ::  v["a"]
import functools; v = functools.partial(V)  ::  v
import functools; v = functools.partial(lambda f, x: f(x), V)  ::  v
import functools; v = functools.partial(lambda x, f: f(x), f=V)  ::  v
import functools; v = functools.partial(lambda x, f: f(x), f=V)  ::  functools.partial(v)
import functools; v = functools.partial(lambda x, f: f(x), f=V)  ::  (lambda y: v.func(y, **v.keywords))
import functools; v = functools.reduce(lambda a, b: b, [1, V])  ::  v
class C:\n    def __rshift__(self, f): return f\nv = C() >> V  ::  v
class C:\n    def __or__(self, f): return D(f)\nclass D(C):\n    def __init__(self, f): self.f = f\nv = C() | V  ::  v.f
class C:\n    def __and__(self, x): return V(x)\nv = C()  ::  (lambda x: v & [x][0])
class C:\n    a = V\n    def __add__(self, x): return lambda y: self.a(y)\nv = C() + 1  ::  v
class C:\n    def __sub__(self, x): return V\nv = C(); v -= 1  ::  v
class C:\n    def __mul__(self, x): return V\nv = [C() * 2]  ::  v[0]
class C:\n    def __add__(self, x): return V\nv = sum([C()], start=C())  ::  v
class C:\n    def __lshift__(self, f): return f\nv = C() << V  ::  v
class C:\n    def __truediv__(self, f): return f\nv = C() / V  ::  v
class C:\n    def __matmul__(self, f): return f\nv = C() @ V  ::  v
class C:\n    def __iadd__(self, f): self.f = f; return self\nv = C(); v += V  ::  v.f
class C:\n    def __ior__(self, f): self.f = f; return self\nv = C(); w = v; w |= V  ::  v.f
v = sum([[1], [V]], [])  ::  v[1]
v = sum(([1, v] for v in [V]), [])  ::  v[1]
v = sum([(1,)], start=(V,))  ::  v[0]
import functools\n@functools.lru_cache(None)\ndef v(): return V  ::  v()
from functools import *\ndef d(f):\n  @wraps(f)\n  def w(*a): return V(f(*a))\n  return w\n@d\ndef v(x): return x  ::  v
import functools\n@functools.singledispatch\ndef v(x): return V(x)  ::  v
def deco(f): return V\n@deco\ndef v(x): return x  ::  v
def deco(f): return {"a": V}\n@deco\ndef v(x): return x  ::  v["a"]
def deco(c): return lambda: V\n@deco\nclass C: pass\nv = C()  ::  v
import itertools; v = list(itertools.chain([1], [V]))  ::  v[1]
import itertools; v = list(itertools.chain.from_iterable([[V]]))  ::  v[0]
import itertools; v = next(itertools.repeat(V))  ::  v
import itertools; v = list(itertools.islice([V, 1], 1))  ::  v[0]
import itertools; v = next(itertools.cycle([V]))  ::  v
import itertools; v = list(itertools.product([V], [1]))  ::  v[0][0]
import itertools; v = list(itertools.zip_longest([V], [1]))  ::  v[0][0]
import itertools; v = list(itertools.zip_longest([1], [2, V]))  ::  v[1][1]
import itertools; v = list(itertools.zip_longest([1], [2, 3], fillvalue=V))  ::  v[1][0]
import itertools; v = list(itertools.chain(*[[1], [V]]))  ::  v[1]
import itertools; v = list(itertools.pairwise([1, V]))  ::  v[0][1]
import itertools; v = list(itertools.combinations([1, V], 2))  ::  v[0][1]
import itertools; v = list(itertools.accumulate([1, V], lambda a, b: b))  ::  v[1]
import itertools; v = list(itertools.starmap(lambda a: a, [(V,)]))  ::  v[0]
import operator  ::  operator.itemgetter(0)([V])
import operator; v = [V]  ::  operator.getitem(v, 0)
import operator\nclass C:\n    a = V  ::  operator.attrgetter("a")(C)
import operator; v = operator.methodcaller("get", "a")({"a": V})  ::  v
import random; v = random.choice([V])  ::  v
import numpy as np; v = np.array([V])  ::  v[0]
v = max([1, V], key=lambda y: 0)  ::  v
v = min(V, 1, key=id)  ::  v
v = sorted([V], key=id)  ::  v[0]
v = list(reversed([V]))  ::  v[0]
v = list(enumerate([V]))  ::  v[0][1]
v = list(zip([V], [1]))  ::  v[0][0]
v = list(zip(*[[V, 1]]))  ::  v[0][0]
v = [*[V]]  ::  v[0]
v = {**{"a": V}}  ::  v["a"]
v = {"a": V} | {}  ::  v["a"]
v = {}; v |= {"a": V}  ::  v["a"]
v = [V] * 2  ::  v[1]
v = 2 * [V]  ::  v[1]
v = [1] + [V]  ::  v[1]
v = []; v += [V]  ::  v[0]
v = (1,) + (V,)  ::  v[1]
v = []; v.append(V)  ::  v[0]
v = []; v.extend([V])  ::  v[-1]
v = []; v.insert(0, V)  ::  v.pop()
v = []; w = v; w.append(V)  ::  v[0]
v = []; put = v.append; put(V)  ::  v[0]
v = [1]; v[0] = V  ::  v[0]
v = [1]; v[:] = [V]  ::  v[0]
v = [1]; list.append(v, V)  ::  v[1]
v = [[]]; v[0].append(V)  ::  v[0][0]
v = {"a": []}; v["a"].append(V)  ::  v["a"][0]
v = {}; v.setdefault("a", []).append(V)  ::  v["a"][0]
v = {}; v.setdefault("a", V)  ::  v["a"]
v = {}; v.update(a=V)  ::  v["a"]
v = {}; v.update({"a": V})  ::  v["a"]
v = {}; v.update([("a", V)])  ::  v["a"]
v = {"a": V}  ::  v.pop("a")
v = {"a": V}  ::  v.popitem()[1]
v = {"a": V}  ::  list(v.values())[0]
v = {"a": V}  ::  list(v.items())[0][1]
v = {V: 1}  ::  list(v)[0]
v = {V: 1}  ::  list(v.keys())[0]
v = {}; v["a", 0] = V  ::  v["a", 0]
v = {("a", 0): V}  ::  v["a", 0]
v = {("a", (0, unknown)): V}  ::  v.get(("a", (0, unknown)))
v = {}; v["b%s" % unknown] = 1; v["a%s" % unknown] = V; v["c%s" % unknown] = 2  ::  v["a%s" % unknown]
w = {f"b{unknown}": 1, f"a{unknown}": V}; v = {}; v.update(w)  ::  v[f"a{unknown}"]
import itertools; v, w = itertools.tee([V])  ::  next(w)
import itertools; v, w = itertools.tee([1, V]); next(w)  ::  next(w)
import itertools; v = itertools.tee(unknown + [V], 3)  ::  list(v[2])[-1]
v = iter((1, V)); next(v)  ::  next(v)
v = [V, 1]; w = iter(v); next(w)  ::  v[0]
v = unknown[1:]; v.append(V)  ::  v[-1]
v = unknown[1:]; v.extend([V])  ::  v[-1]
v = unknown[:-1]; v.insert(0, V)  ::  v[0]
v = {"a": V}.get  ::  v("a")
v = {"a": V}.__getitem__  ::  v("a")
v = {V}  ::  v.pop()
v = {V}  ::  list(v)[0]
v = set(); v.add(V)  ::  list(v)[0]
v = frozenset([V])  ::  list(v)[0]
v = iter([V])  ::  next(v)
v = next(iter([]), V)  ::  v
v = (y for y in [V])  ::  next(v)
v = [y for y in [V] if y]  ::  v[0]
v = {k: V for k in "a"}  ::  v["a"]
class C:\n def __init__(self, q):\n  self.a = V\n  if q: return\n  self.a = 1\nv = C(unknown)  ::  v.a
class C:\n def __init__(s, q):\n  s.f(q)\n def f(s, q):\n  s.a = V\n  if q: return\n  s.a = 1\nv = C(q)  ::  v.a
class C:\n def __init__(self, q):\n  for i in q:\n   self.a = V\n   if i: break\n   self.a = 1\nv = C(q)  ::  v.a
class C:\n def __init__(s, q):\n  for i in q:\n   if i:\n    s.a = V\n    continue\n   s.a = i\nv = C(q)  ::  v.a
class C:\n def __init__(s, q):\n  while q:\n   s.a = V\n   if q.next: return\n   s.a = 1\nv = C(q)  ::  v.a
class C:\n def __init__(s, q):\n  s.a = V\n  q and s.put(1)\n def put(s, y): s.a = y\nv = C(unknown)  ::  v.a
class C:\n def __init__(s, q):\n  s.f(V) if q else s.f(1)\n def f(s, y): s.a = y\nv = C(q)  ::  v.a
class C:\n def __init__(s, q):\n  s.a = V\n  [s.f(i) for i in q]\n def f(s, y): s.a = y\nv = C(q)  ::  v.a
class C:\n def __init__(s, q):\n  s.a = V\n  try:\n   if q: return\n   s.a = 1\n  finally: pass\nv = C(q)  ::  v.a
class C:\n def __init__(s, q):\n  s.a = []\n  for i in q: s.a.append(1); s.a.append(V)\nv = C(q)  ::  v.a[1]
class C:\n def __init__(s, q):\n  s.a = []\n  for i in q:\n   if i: continue\n   s.a.append(V)\nv = C(q)  ::  v.a[0]
v = []\nfor i in unknown: v.append(1); v += [V]\nfor w in v: pass  ::  w
v = [1]\nfor i in unknown:\n    v.append(V)\n    if i: break\n    v.append(2)\nw = [y for y in v]  ::  w[1]
v = []\nfor i in unknown: v.append(V)\nv = v + [1]; w = list(enumerate(v))  ::  w[0][1]
v = []\nfor i in unknown: v.append(1)\nv.append(V)  ::  v[-1]
v = []\nfor i in unknown: v.append(1)\nelse: v.append(V)\nw = v[::-1]  ::  w[0]
v = [V]; unknown and v.insert(0, 1)  ::  v[0]
v = [1]; v.append(V) if unknown else v.append(2)  ::  v[1]
v = []; [v.append(V) for _ in unknown]  ::  v[0]
v = []; [v.append(V) for _ in range(2)]  ::  v[1]
if unknown and (v := V): pass\nelse: v = 1  ::  v
v = V if (w := unknown) else 1  ::  v
v = {k: V for k in ["a", "b"]}  ::  v["b"]
v = {k: y for k, y in [("a", 1), ("b", V)]}  ::  v["b"]
v = {k: V if k == "a" else 1 for k in ["a", "b"]}  ::  v["a"]
v = {k: y for k, y in [("a", 1), ("a", V)]}  ::  v["a"]
v = {k: y for k, y in [("a", V), (unknown, 1)]}  ::  v["a"]
v = {k: y for k, y in [("b", 1), (unknown, V)]}  ::  v["a"]
v = {k: V for k in ["a", "b"] if unknown}  ::  v["b"]
v = {k: y for k, y in [("a", V), ("a", 1)] if unknown or y is V}  ::  v["a"]
v = {k: V for k in ["a", "b"]}; w = {**v}  ::  w["a"]
v = {k + "x": V for k in ["a", "b"]}  ::  v["ax"]
v = {k: V for k in ["a", "b"]}; v.update({"c": 1})  ::  v["a"]
v = {y: 1 for y in [V]}  ::  list(v)[0]
v = {k: V for i in range(2) for k in "ab"}  ::  v["a"]
v = list(map(lambda y: V, [1]))  ::  v[0]
v = list(filter(None, [V]))  ::  v[0]
from tqdm import tqdm; v = tqdm([V])  ::  next(iter(v))
from tqdm import tqdm; v = tqdm(iterable=[V])  ::  next(iter(v))
v = list(*[[V]])  ::  v[0]
def w(y): return y\n@w\nclass C: a = V\n  ::  C.a
def w(y):\n y.a = V\n return y\n@w\nclass C: a = 1\n  ::  C.a
class D: a = V\ndef w(y): return D\n@w\nclass C: a = 1\n  ::  C.a
def w(y):\n class D(y): a = V\n return D\n@w\nclass C: a = 1\n  ::  C().a
def w(z):\n def u(y): return y\n return u\n@w(1)\nclass C: a = V\n  ::  C.a
def w(y): return lambda: y()\n@w\nclass C: a = V\n  ::  C().a
class D: a = V\nw = unknown\nif unknown:\n def w(y): return D\n@w\nclass C: a = 1\n  ::  C.a
w = unknown\nif unknown:\n def w(y): return lambda: V\n@w\ndef u(): return 1\n  ::  u()
w = unknown\nif unknown:\n def w(y): return 1\n@w\ndef u(): return V\n  ::  u()
import collections; C = collections.namedtuple("C", "a b"); C.__new__.__defaults__ = (None, V)  ::  C(1).b
import collections; C = collections.namedtuple("C", "a b"); C.__new__.__defaults__ = (2, 1); v = C(V)  ::  v.a
v = list(filter(lambda y: True, [V]))  ::  v[0]
v = getattr(layers, "Re" + "LU")()  ::  v
v = getattr(layers, "%sLU" % "Re")()  ::  v
v = getattr(layers, f"{'Re'}LU")()  ::  v
v = getattr(layers, "%(a)sLU" % {"a": "Re"})()  ::  v
v = getattr(layers, "{}LU".format("Re"))()  ::  v
v = getattr(layers, "".join(["Re", "LU"]))()  ::  v
v = getattr(layers, ["ReLU"][0])()  ::  v
v = getattr(layers, "relu".replace("relu", "ReLU"))()  ::  v
v = getattr(layers, somewhere, layers.ReLU)()  ::  v
v = layers.__dict__["ReLU"]()  ::  v
v = vars(layers)["ReLU"]()  ::  v
v = layers.__getattribute__("ReLU")()  ::  v
v = eval("layers.ReLU()")  ::  v
v = eval("V")  ::  v
v = [eval(k) for k in ["V", "V"] * 9]  ::  v[0]
class C: a = V\n  ::  eval("C.a")
v = globals()["V"]  ::  v
v = globals().get("V")  ::  v
v = locals()["V"]  ::  v
globals()["v"] = V  ::  v
globals().update(v=V)  ::  v
exec("v = V")  ::  v
class C: a = V\n  ::  [getattr(C, y) for y in dir(C)][0]
class C: pass\nv = C(); v.a = V  ::  dict(v.__dict__)["a"]
class C: pass\nv = C(); v.a = V  ::  dict(vars(v), b=1)["a"]
class C: pass\nv = C(); v.a_b = V  ::  v.__dict__.get(f"{unknown}_b")
class C: pass\nv = C(); v.a_b = V  ::  v.__dict__[str(unknown)]
class C: pass\nv = C(); v.a_b = V  ::  v.__dict__["a_" + "b"]
v = staticmethod(V)  ::  v
v = {"a": V}\nfor k, y in v.items(): w = y  ::  w
v = {}\nfor k in unknown: v[k] = V  ::  list(v.values())[0]
v = {k: V for k in unknown}  ::  list(v.values())[0]
v = dict((k, V) for k in unknown)  ::  list(v.items())[0][1]
v = {}\nfor k in unknown: v[k] = V\nfor y in v.values(): w = y  ::  w
v = {k: V for k in unknown}\nfor k in v: w = v[k]  ::  w
v = {"a": V, "b": 1}\nw = {k + "c": y for k, y in v.items()}  ::  w["ac"]
v = {"a": V}\nw = [v[k] for k in v]  ::  w[0]
v = {"a": V}\nw = [v[k] for k in v.keys()]  ::  w[0]
class C: pass\nv = C(); v.__dict__["a"] = V  ::  v.a
class C: pass\nv = C(); v.__dict__[unknown] = V  ::  v.__dict__[unknown]
class C: pass\nv = C(); v.__dict__["a"] = V; v.__dict__["b"] = 1  ::  v.__dict__["a"]
class C: pass\nv = C(); v.a = V  ::  list(v.__dict__.values())[0]
class C: pass\nv = C(); v.a = V  ::  list(vars(v).items())[0][1]
class C:\n    def __init__(self): self.a = V\n    def m(self): return list(self.__dict__.values())  ::  C().m()[0]
class C:\n    def m(self): return [y for y in vars(self).values()]\nv = C(); setattr(v, "a", V)  ::  v.m()[0]
class C:\n    def __setattr__(self, k, y): self.__dict__[k] = y\nv = C(); v.a = V  ::  v.a
class C:\n    def __init__(self, d):\n        for k, y in d.items(): self.__dict__[k] = y\nv = C({"a": V})  ::  v.a
def w(a=V): return 1  ::  w.__defaults__[0]
def w(y): return V if isinstance(y, list) else 1  ::  w([1])
def w(y): return V if isinstance(y, str) else 1  ::  w("a")
def w(y): return V if isinstance(y, dict) else 1  ::  w({})
def w(y): return 1 if isinstance(y, str) else V  ::  w([1])
def w(y): return 1 if isinstance(y, (list, tuple)) else V  ::  w({"a": 1})
def w(y): return V if isinstance(y, (int, float)) else 1  ::  w(1)
def w(y): return V if isinstance(y, int) else 1  ::  w(True)
def w(y): return 1 if isinstance(y, (str, dict)) else V  ::  w((1, 2))
class B:\n @classmethod\n def m(cls): return V\nclass C(B):\n @classmethod\n def m(cls): return super().m()  ::  C.m()
class B:\n @staticmethod\n def m(y): return y\nclass C(B):\n @classmethod\n def m(cls): return super().m(V)  ::  C.m()
class B:\n m = classmethod(lambda c: c.a)\nclass C(B):\n a = V\n @classmethod\n def m(c): return super().m()  ::  C.m()
v = eval('{"a": V}')  ::  v.get("a")
v = eval('{"a": V}')  ::  list(v.values())[0]
v = eval('{"a": V}')  ::  list(v.items())[0][1]
class C:\n    def m(self): return V  ::  eval("C()").m()
class C:\n    def m(self, y): return y  ::  eval("C()").m(V)
class C:\n    @property\n    def m(self): return V  ::  eval("C()").m
class C:\n @classmethod\n def m(cls): return V  ::  eval("C").m()
class C:\n    @staticmethod\n    def m(y): return y  ::  eval("C()").m(V)
class C:\n    def get(self, y): return y  ::  eval("C()").get(V)
class C:\n    def __init__(self): self.m = lambda y: y  ::  eval("C()").m(V)
w = []\ndef u(): return w\nu().append(V)  ::  w[0]
w = []\ndef u(): return w\nu().append(V)  ::  u()[0]
w = {}\ndef u(): return w\nu()["a"] = V  ::  w["a"]
w = {}\nw.setdefault("a", []).append(V)  ::  w["a"][0]
w = {}\nw.setdefault("a", []).append(V)  ::  list(w.values())[0][0]
w = {}\nw.setdefault("a", []).append(V)  ::  [z for y in w.values() for z in y][0]
import itertools; w = {}\nw.setdefault("a", []).append(V)  ::  list(itertools.chain(*w.values()))[0]
w = {"a": []}\nw.get("a").append(V)  ::  w["a"][0]
w = []\n(w or []).append(V)  ::  w[0]
w = []\n(w if unknown else [1]).append(V)  ::  w[0]
w = []\nnext(iter([w])).append(V)  ::  w[0]
w = [[]]\nw.copy()[0].append(V)  ::  w[0][0]
class K:\n    def append(self, a): self.a = a\nk = K(); v = [1] if unknown else k; v.append(V)  ::  k.a
class K:\n    def append(self, a): self.a = a; return a\nk = K(); v = [1] if unknown else k; w = v.append(V)  ::  w
class K:\n    def update(self, a): self.a = a["b"]\nk = K(); v = {} if unknown else k; v.update({"b": V})  ::  k.a
class K:\n def __getattr__(self, n): return w.append\nw = []; k = K(); v = [1] if unknown else k; v.append(V)  ::  w[0]
class K(list): pass\nk = K(); v = [1] if unknown else k; v.append(V)  ::  k[0]
class K(dict): pass\nk = K(); v = {} if unknown else k; v.update(a=V)  ::  k["a"]
print "a"\nv = V  ::  v
import importlib; v = importlib.import_module("keras.layers").ReLU()  ::  v
import importlib; v = getattr(importlib.import_module("keras"), "layers").ReLU()  ::  v
v = __import__("keras").layers.ReLU()  ::  v
import sys; v = sys.modules["keras"].layers.ReLU()  ::  v
import sys; v = sys.modules[__name__].V  ::  v
import sys; v = getattr(sys.modules[__name__], "V")  ::  v
def w():\n    global v\n    v = V\nw()  ::  v
def w():\n    v = 1\n    def u():\n        nonlocal v\n        v = V\n    u()\n    return v\n  ::  w()
def w():\n v = 1\n def u():\n  nonlocal v\n  v = V\n v = 2\n u()\n v = v\n return v\n  ::  w()
def w():\n v = 1\n def u():\n  nonlocal v\n  v = V\n return u, lambda: v\np, q = w(); p()  ::  q()
def w():\n v = 1\n def u():\n  nonlocal v\n  v = V\n return u, lambda: v\np, q = w(); y = q(); p(); y = q()  ::  y
def w():\n v = []\n def u():\n  nonlocal v\n  v = [V]\n u()\n return v\n  ::  w()[0]
def w():\n v = []\n def u():\n  nonlocal v\n  v += [V]\n u()\n return v\n  ::  w()[0]
def w():\n v = []\n def u():\n  nonlocal v\n  v.append(V)\n u()\n return v\n  ::  w()[0]
def w():\n v = 0\n def u():\n  nonlocal v\n  v += 1\n  return V if v > 1 else 1\n u()\n return u()\n  ::  w()
def w():\n v = False\n def u():\n  nonlocal v\n  v = True\n u()\n if v: return V\n return 1\n  ::  w()
def w():\n v = 1\n def u():\n  def t():\n   nonlocal v\n   v = V\n  t()\n u()\n return v\n  ::  w()
def w():\n v = 1\n def u(y):\n  nonlocal v\n  v = y\n for y in [1, V]: u(y)\n return v\n  ::  w()
def w(v=V): return v  ::  w()
def w(*v): return v[0]  ::  w(V)
def w(**v): return v["a"]  ::  w(a=V)
def w(*, a): return a  ::  w(**{"a": V})
def w(a, *b): return b  ::  w(1, V)[0]
def w():\n    yield V  ::  next(w())
def w():\n    yield from [V]  ::  list(w())[0]
def w():\n    while True:\n        y = yield V  ::  next(w())
def w(l=[]):\n    l.append(V)\n    return l  ::  w()[0]
def w():\n    try:\n        return 1\n    finally:\n        return V  ::  w()
def w():\n    try:\n        raise ValueError\n    except ValueError:\n        return V\n    return 1  ::  w()
def w():\n    for y in [1]:\n        pass\n    else:\n        return V  ::  w()
def w():\n    while True:\n        return V  ::  w()
def w(y):\n    match y:\n        case 1:\n            return V\n        case _:\n            return 1  ::  w(1)
def w(y):\n    match y:\n        case {"a": v}: return v\n        case _: return 1  ::  w({"a": V})
def w(y):\n    match y:\n        case [v]:\n            return v\n        case _:\n            return 1  ::  w([V])
v = V or 1  ::  v
v = None or V  ::  v
v = True and V  ::  v
v = V if somewhere else V  ::  v
v = (lambda: V)()  ::  v
v = (w := V)  ::  w
a = b = V  ::  b
a, (b, *c) = 1, (2, V)  ::  c[0]
a, b = b, a = V, 1  ::  b
[a, b] = [1, V]  ::  b
for v in [V]: pass  ::  v
for i, v in enumerate([V]): pass  ::  v
with open("a") as h, somewhere(V) as v: v = V  ::  v
v = V.__class__()  ::  v
v = type(V)()  ::  v
v = V.__call__  ::  v
v = V.call  ::  v
v = layers.ReLU.__call__  ::  (lambda y: v(V, y))
v = layers.Activation(V)  ::  v
v = layers.TimeDistributed(V)  ::  v
v = layers.Lambda(lambda y: V(y))  ::  v
v = layers.Lambda(V)  ::  v
v = layers.Lambda(lambda y, f: f(y), arguments={"f": V})  ::  v
v = Sequential([V])  ::  v
v = Sequential(); v.add(V)  ::  v
v = Sequential([V])  ::  v.layers[0]
v = Sequential([V])  ::  v.get_layer(index=0)
v = Sequential([layers.Flatten(), V]); v.pop(); v.add(V)  ::  v
v = Sequential(layers=[V])  ::  v
v = Sequential([Sequential([V])])  ::  v
i = Input((3,)); v = Model(i, V(i))  ::  v
i = Input((3,)); v = Model(inputs=i, outputs=V(i))  ::  v
i = Input((3,)); v = Model(i, V(i))  ::  v.layers[1]
class L(layers.Layer):\n    def call(self, y): return V(y)\nv = L()  ::  v
class L(Model):\n    def call(self, y): return V(y)\nv = L()  ::  v
class L(layers.ReLU): pass\nv = L()  ::  v
class L(layers.Activation):\n    def __init__(self): super().__init__("relu")\nv = L()  ::  v
class L(Sequential):\n    def __init__(self):\n        super().__init__()\n        self.add(V)\nv = L()  ::  v
class L(Sequential):\n    def __init__(self): super().__init__([V])\nv = L()  ::  v
class L(layers.Wrapper):\n    def call(self, y): return self.layer(y)\nv = L(V)  ::  v
import tensorflow as tf; v = tf.keras.layers.ReLU()  ::  v
import tensorflow as tf; v = tf.nn.relu  ::  v
import tensorflow as tf; v = tf.keras.activations.get("relu")  ::  v
import tensorflow as tf; v = tf.keras.activations.deserialize("relu")  ::  v
import tensorflow as tf; v = tf.function(V)  ::  v
import tensorflow as tf\n@tf.function\ndef v(x): return V(x)  ::  v
import tensorflow as tf; v = tf.recompute_grad(V)  ::  v
import tensorflow as tf; v = tf.keras.layers.deserialize({"class_name": "ReLU", "config": {}})  ::  v
import tensorflow as tf; v = tf.keras.utils.get_custom_objects(); v["a"] = V  ::  v["a"]
import keras; v = keras.saving.register_keras_serializable()(V)  ::  v
from keras.layers import *; v = ReLU()  ::  v
import keras.layers as kl; v = kl.ReLU()  ::  v
from keras import layers as l; v = l.ReLU()  ::  v
import keras; v = keras.layers.ReLU()  ::  v
v = layers.ReLU.from_config({})  ::  v
v = keras.saving.deserialize_keras_object({"class_name": "ReLU", "config": {}})  ::  v
import re; v = {"a": V}[re.match("a", "a").group()]  ::  v
import re; v = {"a": V}[re.sub("b", "a", "b")]  ::  v
import json; v = {"a": V}[json.loads('{"k": "a"}')["k"]]  ::  v
import ast; v = {"a": V}[ast.literal_eval("'a'")]  ::  v
v = {2: V}[int("2")]  ::  v
v = {2: V}[len([1, 2])]  ::  v
v = {"2": V}[str(2)]  ::  v
v = {True: V, False: 1}[bool(1)]  ::  v
v = [1, V][1 == 1]  ::  v
v = [1, V][sum([1])]  ::  v
v = [1, 1, V][min(3, 2)]  ::  v
v = ["a", V][any([1])]  ::  v
v = V if f"{f'{somewhere}e'}_" != "b" else 1  ::  v
v = [1, V]["%d%%" % 5 == "5%"]  ::  v
v = [1, V]["%s{}".format(1) == "%s1"]  ::  v
v = [1, V]["{{{}}}".format(1) == "{1}"]  ::  v
import math; v = [1, 1, V][math.ceil(1.5)]  ::  v
v = V if somewhere else 1  ::  v
v = [V, 1] if somewhere else [1, V]  ::  v[0]
v = dict({"a": V} if somewhere else {"a": 1})  ::  v["a"]
v = dict({"a": 1} if somewhere else {"a": V})  ::  v["a"]
v = {}; v.update({"a": V} if somewhere else {"a": 1})  ::  v["a"]
v = {"a": V}; v.update({"a": 1} if somewhere else {})  ::  v["a"]
v = {"a": V, **({"a": 1} if somewhere else {"b": 1})}  ::  v["a"]
import types; v = types.SimpleNamespace(**({"a": V} if somewhere else {"a": 1}))  ::  v.a
from easydict import EasyDict; v = EasyDict({"a": V} if somewhere else {"a": 1})  ::  v.a
from easydict import EasyDict; v = EasyDict({"a": 1} if somewhere else {"a": V})  ::  v.a
class C:\n    a = 1\nv = C(); vars(v).update({"a": V} if somewhere else {"a": 1})  ::  v.a
class C:\n    def __init__(self):\n      self.a = V; vars(self).update({"a": 1} if somewhere else {})\nv = C()  ::  v.a
class C:\n    def __init__(self): vars(self).update({"a": 1} if somewhere else {"a": V})\nv = C()  ::  v.a
class C:\n    def __init__(self): self.a = V if somewhere else 1\nv = C()  ::  v.a
def w():\n    if somewhere:\n        return V\n    return 1  ::  w()
"""

_BEGIN = "from unknown import somewhere\nimport keras\nfrom keras import Input, Model, Sequential, layers\n"
_APPLIED = """
def f(x):
    x = layers.Conv2D(3, 3)(x)
    x = CARRIED(x)
    return layers.BatchNormalization()(x)
"""
_AT_TOP = """
x = Input((8, 8, 3))
x = layers.Conv2D(3, 3)(x)
x = CARRIED(x)
x = layers.BatchNormalization()(x)
"""
_AS_ACTIVATION = """
def f(x):
    x = layers.Conv2D(3, 3, activation=CARRIED)(x)
    return layers.BatchNormalization()(x)
"""
_AS_FLAG = """
def f(x):
    x = layers.Conv2D(3, 3)(x)
    x = layers.ReLU()(x) if CARRIED else layers.BatchNormalization()(x)
    if CARRIED:
        return layers.BatchNormalization()(x)
    return layers.ReLU()(x)
"""
_LAYERS = "V = [layers.Conv2D(3, 3), layers.ReLU(), layers.BatchNormalization()]\n"
_IN_MODEL = "keras.Sequential([layers.Conv2D(3, 3), CARRIED, layers.BatchNormalization()])\n"

KINDS = {
    "a layer": ("V = layers.ReLU()\n", _APPLIED),
    "a layer at the top": ("V = layers.ReLU()\n", _AT_TOP),
    "a class": ("V = layers.ReLU\n", _APPLIED.replace("CARRIED", "CARRIED()")),
    "a function": ("def V(x):\n    return layers.ReLU()(x)\n", _APPLIED),
    "a function of Keras": ("V = keras.activations.relu\n", _APPLIED),
    "an activation": ("V = keras.activations.relu\n", _AS_ACTIVATION),
    "a name": ("V = 'relu'\n", _AS_ACTIVATION),
    "the name of an `Activation`": ("V = 'relu'\n", _APPLIED.replace("CARRIED", "layers.Activation(CARRIED)")),
    "a flag": ("V = True\n", _AS_FLAG),
    "a layer of a model": ("V = layers.ReLU()\n", _IN_MODEL),
    "the layers of a model": (_LAYERS, "keras.Sequential(CARRIED)\n"),
    "the layers of a model, twice": (_LAYERS, "keras.Sequential(CARRIED * 2)\n"),
    "the layers of a model, among others": (_LAYERS, "keras.Sequential(CARRIED + [layers.Flatten()] * 2)\n"),
}
"""For each kind of value, the code that constructs it, and the code that uses it out of order."""


def _pairs() -> Iterator[tuple[str, str]]:
    for line in _CARRIERS.strip().splitlines():
        code, _, expression = line.rpartition("::")
        yield code.strip().replace(r"\n", "\n"), expression.strip()


PAIRS = tuple(_pairs())


def carried(kind: str) -> Iterator[str]:
    """A program for each way, in which a value of this kind is carried from the top level to its use."""
    make, use = KINDS[kind]
    for code, expression in PAIRS:
        yield f"{_BEGIN}{make}{code}\n{use.replace('CARRIED', expression)}"


def carried_between(kind: str) -> Iterator[tuple[str, str]]:
    """For each way, a module and a program that imports it and uses the carried value.

    The module alternately provides the names, or a function that reads the value.
    """
    make, use = KINDS[kind]
    for number, (code, expression) in enumerate(PAIRS):
        module = f"{_BEGIN}{make}{code}\n"
        if number % 2:
            yield module, f"{_BEGIN}from ways import *\n{use.replace('CARRIED', expression)}"
        else:
            reads = f"def carry():\n    return {expression}\n"
            yield module + reads, f"{_BEGIN}from ways import carry\n{use.replace('CARRIED', 'carry()')}"


def program(seed: int) -> str:
    """A program in which a value is carried in one or two ways, from and to any place."""
    chance = random.Random(seed)
    kind = chance.choice(list(KINDS))
    code, expression = chance.choice(PAIRS)
    if chance.random() < 0.6:
        more, again = chance.choice(PAIRS)
        code, expression = f"{code}\nW = {expression}\n{_renamed(more)}", _renamed(again)
    make, use = KINDS[kind]
    place = chance.choice((_before, _behind_a_lambda, _after, _within, _in_a_layer, _in_an_object))
    return _BEGIN + make + place(code, expression, use)


def _renamed(code: str) -> str:
    """The same code with other names, which carries the result of the first way."""
    for name, other in (("v", "u"), ("w", "t"), ("C", "D"), ("V", "W")):
        code = re.sub(rf"\b{name}\b", other, code)
    return code


def _before(code: str, expression: str, use: str) -> str:
    return f"{code}\n{use.replace('CARRIED', expression)}"


def _behind_a_lambda(code: str, expression: str, use: str) -> str:
    return f"{code}\ncarry = lambda: {expression}\n{use.replace('CARRIED', 'carry()')}"


def _after(code: str, expression: str, use: str) -> str:
    return f"{use.replace('CARRIED', expression)}\n{code}\n"


def _body(use: str) -> str:
    """The statements that use the value, without the function around them."""
    return dedent(use.replace("\ndef f(x):\n", "").strip("\n")) + "\n"


def _within(code: str, expression: str, use: str) -> str:
    return "def f(x):\n" + indent(f"{code}\n{_body(use.replace('CARRIED', expression))}", "    ")


def _in_a_layer(code: str, expression: str, use: str) -> str:
    return (
        "class Net(Model):\n    def __init__(self):\n        super().__init__()\n"
        + indent(f"{code}\nself.carried = {expression}\n", " " * 8)
        + "    def call(self, x):\n"
        + indent(_body(use.replace("CARRIED", "self.carried")), " " * 8)
    )


def _in_an_object(code: str, expression: str, use: str) -> str:
    return (
        "class Net:\n    def prepare(self):\n"
        + indent(f"{code}\nself.carried = {expression}\n", " " * 8)
        + "    def build(self, x):\n        self.prepare()\n"
        + indent(_body(use.replace("CARRIED", "self.carried")), " " * 8)
    )
