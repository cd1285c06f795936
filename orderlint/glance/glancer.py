"""Glances at one file: which code is run, and what the result is."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from orderlint.glance import anywhere, attributes, calls, classes, expressions, invoking, statements
from orderlint.glance.arguments import Given
from orderlint.glance.frames import Module
from orderlint.glance.library import Library, known_tree
from orderlint.glance.machine import Machine
from orderlint.glance.orders import Orders
from orderlint.glance.sites import Sites
from orderlint.glance.things import UNKNOWN, Class, Function, Instance, Value, one, only
from orderlint.glance.unsure import Suspicion, Unsure
from orderlint.judging.suspects import Suspect
from orderlint.records import record

if TYPE_CHECKING:
    from orderlint.judging import Rule
    from orderlint.judging.order import Order
    from orderlint.source.project import Project

__all__ = ["Glance", "Seen"]

MOST_PASSES = 10
MOST_REACHED = 150  # modules that are searched for imports of modules in which something may be out of order
FIRST_ROUNDS = 8  # of definitions that running earlier ones has added, until numbers and texts are left out
MOST_ROUNDS = 40
FIRST_PASSES = 4
MOST_OF_PASSES = 40_000  # steps of all passes, if there are more than the first: some names may never settle


@record(frozen=True, slots=True)
class Seen:
    """What a glance saw in a file in which no rule finds anything.

    Attributes:
        has_layers: Whether layers are applied.
        suspects: What rules may find in the files that it imports, because of how it uses them.
    """

    has_layers: bool
    suspects: frozenset[Suspect] = frozenset()


class Glancer(Machine):
    """A machine whose operations are bound."""

    evaluate = expressions.evaluate
    peek = expressions.peek
    decide = expressions.decide
    call = calls.call
    call_expression = calls.call_expression
    run_block = statements.run_block


class Glance:
    """Glances at the files of a project.

    Args:
        project: Finds and reads the modules of the project.
    """

    def __init__(self, project: Project) -> None:
        self._library = Library(project)
        self._suspected: set[str] = set()  # the modules in which a rule may have found something, for earlier files

    def at(self, path: str, trees: Sequence[ast.Module | None], rules: Sequence[Rule], order: Order) -> Seen | None:
        """What is seen in a file that is in order; `None` if the glance is unsure whether it is.

        Args:
            path: The file.
            trees: Its syntax tree, or those of its cells; `None` for one that Python cannot parse.
            rules: The rules. All of them judge by roles.
            order: The order that they follow.
        """
        try:
            tree = ast.Module([statement for each in trees for statement in known_tree(each).body], [])
            return self._look(path, tree, rules, order, goes_on=self._may_meet_more(path, tree))
        except (Unsure, RecursionError):
            return None

    def _may_meet_more(self, path: str, tree: ast.Module) -> bool:
        """Whether a file imports modules in which a rule may have found something, for earlier files."""
        reached = self._library.reached(path, tree, MOST_REACHED) if self._suspected else None
        if reached is None:
            return False
        with contextlib.suppress(Unsure):  # Python cannot parse a module
            trees = ((place, tree if place == path else self._library.tree(place)) for place in reached)
            leads_to, suspected = self._library.leads_to, self._suspected
            return any(each is not None and leads_to(place, each, suspected) for place, each in trees)
        return False

    def _look(self, path: str, tree: ast.Module, rules: Sequence[Rule], order: Order, *, goes_on: bool) -> Seen:
        """What is seen in a file.

        Args:
            path: The file.
            tree: Its syntax tree.
            rules: The rules.
            order: Their order.
            goes_on: Whether to record, from the start, what is out of order in other files, and to go on. It costs more
                to record places, so this is otherwise only done if something is out of order.
        """
        if not goes_on:
            g = Glancer(self._library, Orders(rules, order))
            try:
                return Seen(look(g, path, tree))
            except Suspicion as suspicion:
                if len(g.modules) == 1 or suspicion.path == path:  # it is in the file itself, or may be
                    raise
                if suspicion.path:
                    self._suspected.add(suspicion.path)
        sites = Sites(path)
        has_layers = look(Glancer(self._library, Orders(rules, order, sites)), path, tree)
        return Seen(has_layers, sites.suspects(self._library.column))


def look(g: Machine, path: str, tree: ast.Module) -> bool:
    """Run a file until its late changes settle. Return whether it applies any layer.

    Raises:
        Unsure: A rule may find something in it.
    """
    num_passes = num_steps = 0
    while g.is_stale or not num_passes:
        if num_passes >= MOST_PASSES or (num_passes >= FIRST_PASSES and num_steps > MOST_OF_PASSES):
            raise Unsure("names that do not settle")
        g.start()
        g.orders.start()
        _run(g, path, tree)
        anywhere.settle(g)
        num_passes += 1
        num_steps += g.steps
    g.orders.settle()
    return g.num_layers > 0


def _run(g: Machine, path: str, tree: ast.Module) -> None:
    """Run the top level of a file, then everything that it defines, as if nothing used it.

    What runs in one round may define functions for the next one, and so on without end, if they only differ in numbers.
    So after some rounds, calls are no longer distinguished by numbers and texts.
    """
    module = g.module_of(g.library.name_of(path), path, tree)
    g.modules[path] = module
    g.run_module(module)
    done: set[object] = set()
    for number in range(MOST_ROUNDS):
        g.is_blurred = number >= FIRST_ROUNDS
        waiting: list[Class | Function] = [*g.classes, *g.functions]
        waiting = [each for each in waiting if each not in done and each.frame.module is module]
        made = [instance for instance in g.instances if instance not in done]
        methods = {key: method for key, method in _methods(g, module) if key not in done}
        if not waiting and not made and not methods:
            return
        for definition in waiting:
            done.add(definition)
            if isinstance(definition, Class):
                _object(g, definition)
            elif definition.owner is None or definition.wrapper == "staticmethod":
                g.consume((invoking.run_by_itself(g, definition),))
        for instance in made:
            done.add(instance)
            _apply(g, instance)
        for key, (function, instance) in methods.items():
            done.add(key)
            g.consume((invoking.run_by_itself(g, function, one(instance)),))
    raise Unsure("definitions that add others without end")


def _methods(g: Machine, module: Module) -> Iterator[tuple[object, tuple[Function, Instance]]]:
    """The methods of a module, with the objects that have them. The analysis judges the last object that was created.

    Each pair has a key, which is the same for objects of one class that were given the same attributes.
    """
    owners: dict[Class, list[Function]] = {}
    for function in g.functions:
        if function.owner is None or function.wrapper == "staticmethod" or function.frame.module is not module:
            continue
        if getattr(function.node, "name", "") != "__init__":
            owners.setdefault(function.owner, []).append(function)
    for instance in list(g.instances):
        functions = [each for cls in attributes.own_classes(g, instance.cls) for each in owners.get(cls, ())]
        functions = [each for each in functions if not classes.is_run_by_making(g, each, instance.cls)]
        if functions:
            g.tick(len(functions))  # in each round, because methods of other objects may create objects
        given = _given(g, instance) if functions else None
        yield from (((function, instance.cls, given), (function, instance)) for function in functions)


def _given(g: Machine, instance: Instance) -> object:
    """The attributes that an object was given, during its creation and later."""
    return frozenset(instance.attributes.items()), frozenset(g.late.get(instance, {}).items())


def _object(g: Machine, cls: Class) -> Value:
    """An object of a class, created with unknown arguments."""
    made = g.objects.get(cls)
    if made is None:
        init = attributes.method(g, cls, "__init__")
        function = only(init, Function) if init is not None else None
        given = invoking.open_arguments(function) if function is not None else Given((), {}, UNKNOWN)
        made = g.objects[cls] = classes.construct(g, cls, given)
    return made


def _apply(g: Machine, instance: Instance) -> None:
    """Run the `call` method of an object, if its class inherits from Keras, as if nothing used it."""
    method = attributes.method(g, instance.cls, "call")
    function = None if method is None else only(method, Function)
    if function is not None and classes.is_layer(g, instance.cls):
        g.consume((invoking.run_by_itself(g, function, one(instance)),))
