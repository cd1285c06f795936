"""Analyzes a file: decides which code is run, in which order, and with which arguments.

First, the top level of the module runs, as in Python. So the functions that it calls are checked where they are used.
Then every function and class that nothing has used is run on its own, callers before the functions that they call. Code
under `if __name__ == "__main__":` comes last.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import field, replace
from typing import overload

import libcst as cst

from orderlint.catalog import DEFAULT, RoleTable
from orderlint.graph import LayerCall, LayerGraph, Limit, Shortfall
from orderlint.graph.guards import ALWAYS, NEVER, Guard
from orderlint.records import record
from orderlint.source.interpreter import Interpreter
from orderlint.source.keras import models, objects
from orderlint.source.keras.bases import base_kind
from orderlint.source.project import Project
from orderlint.source.python import classes, imports, inheritance, operations, readings
from orderlint.source.python.argument_contents import to_be_filled
from orderlint.source.python.defaults import default_of, open_parameter
from orderlint.source.python.syntax import called_by_name, takes_nothing
from orderlint.source.relevance import Definition, Relevance
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.budget import STOPS, OutOfBudget, limit_of
from orderlint.source.state.frames import ClassObject, Function, Instance, ModuleScope
from orderlint.source.state.machine import Machine
from orderlint.source.state.recorder import Root
from orderlint.source.state.refusals import Refusal
from orderlint.source.state.values import (
    MISSING,
    Value,
)
from orderlint.source.waiting import Waiting
from orderlint.text.files import NodeSite, SourceFile
from orderlint.text.nesting import deeper_if_needed

__all__ = ["Analysis", "analyze", "analyze_definition"]

MODULE = "<module>"


@record(frozen=True, slots=True)
class Analysis(Sequence[LayerGraph]):
    """The result for a file: its layer graphs, and the places that were only partly checked.

    Attributes:
        graphs: The graphs, in the order of the file's roots.
        shortfalls: The code that was only partly checked.
        num_steps: The steps that were taken, including those for the conditions of the file.
        readings: For each expression of the file, the calls whose outputs it read, with the moment of reading.
        followed: The expressions that call visible code, and the functions that were judged on their own.
        skips_iterations: Whether iterations of a loop were left out, because it has too many.

    Equality ignores `readings` and `followed`, which contain nodes of the syntax tree: they are only equal to
    themselves.
    """

    graphs: tuple[LayerGraph, ...]
    shortfalls: tuple[Shortfall, ...] = ()
    num_steps: int = 0
    readings: Mapping[object, Sequence[tuple[str, LayerCall]]] = field(default_factory=dict, compare=False)
    followed: AbstractSet[object] = field(default=frozenset(), compare=False)
    skips_iterations: bool = False

    @overload
    def __getitem__(self, index: int) -> LayerGraph: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[LayerGraph, ...]: ...
    def __getitem__(self, index: int | slice) -> LayerGraph | tuple[LayerGraph, ...]:
        return self.graphs[index]

    def __len__(self) -> int:
        return len(self.graphs)


def analyze(file: SourceFile, project: Project | None = None, roles: RoleTable = DEFAULT) -> Analysis:
    """Analyze a file. Return its layer graphs.

    Args:
        file: The source. Cells that do not parse are left out.
        project: Where imports of the project's own modules are looked up; a new one if `None`.
        roles: The roles of names, including the user's.
    """

    def analyzed() -> Analysis:
        run = _Roots(file, project or Project(), roles)
        found = Analysis(())
        try:
            found = run.run()
        finally:
            run.machine.close(guard for graph in found for guard in graph.guards)
        return found

    return deeper_if_needed(analyzed)


def analyze_definition(
    file: SourceFile, name: str, project: Project | None = None, roles: RoleTable = DEFAULT
) -> Analysis:
    """Analyze one function or class of a file, called with its default arguments. Return its layer graphs.

    Args:
        file: The source.
        name: A function, a class, or a method (`Net.call`) at the top level of the file.
        project: As for `analyze`.
        roles: As for `analyze`.

    Raises:
        KeyError: The file does not define this name; the argument is the list of the names that it defines.
    """
    return _Roots(file, project or Project(), roles).run_definition(name)


class _Roots:
    def __init__(self, file: SourceFile, project: Project, roles: RoleTable) -> None:
        self.machine = Interpreter(project, roles)
        self.file = file
        self.roots: list[Root] = []
        self._refusals: dict[int, tuple[Refusal, ...]] = {}  # by the id of an object: those of the root that created it
        self._last_of: dict[Value, Instance] = {}
        self._num_received = 0

    def run(self) -> Analysis:
        m = self.machine
        scope = self._run_module()
        if scope is None:
            return self._result()
        self._run_unused()
        for frame, cell, node in m.mains:
            if frame is scope.frame and not self._was_judged(node):
                frame.cell = cell
                self._root("__main__", NodeSite(cell, node), lambda node=node: self._main(node))  # type: ignore[misc]
        return self._result()

    def run_definition(self, name: str) -> Analysis:
        m = self.machine
        self._run_module()
        every: list[Definition] = [*m.functions, *m.classes]
        definitions = {_full_name(one): one for one in every if one.frame.scope.file is self.file}
        if name not in definitions:
            raise KeyError(sorted(definitions))
        definition = definitions[name]
        start = m.recorder.size
        if isinstance(definition, ClassObject):
            self._judge_class(definition, by_default=True)
            self._apply_instances(0, of=definition)
        else:
            self._judge_function(definition, by_default=True)
        m.recorder.cut(start)
        found = self._result()
        return replace(found, graphs=tuple(replace(graph, name=name) for graph in found))

    def _run_module(self) -> ModuleScope | None:
        """Run the top level; return `None` if no cell of the file parses."""
        m = self.machine
        scope = imports.new_scope(m, m.project.module_name(self.file.path), self.file)
        m.scopes[os.path.abspath(self.file.path)] = scope
        m.frame, m.judged = scope.frame, scope
        parsed = [cell for cell in self.file.cells if cell.problem is None]
        if not parsed:
            return None
        self._root(MODULE, NodeSite(parsed[0], parsed[0].module), lambda: imports.run_module(m, scope))
        return scope

    def _was_judged(self, main: cst.If) -> bool:
        """Whether a main block only calls functions without parameters that were judged on their own.

        Another run of `if __name__ == "__main__": main()` would show nothing new, and take the same time again.
        """
        called = [called_by_name(statement) for statement in main.body.body]
        values = [self.machine.read(self.machine.frame.uid, name) if name is not None else None for name in called]
        return all(
            isinstance(value, Function) and value.node in self.machine.entered and takes_nothing(value.node.params)
            for value in values
        )

    def _main(self, node: cst.If) -> None:
        m = self.machine
        with m.entering(m.frame):
            m.in_main = True
            m.run_block(node.body.body)

    def _root(self, name: str, place: NodeSite, run: Callable[[], object], of: Value | None = None) -> None:
        """Run a root within its limits. What it recorded before it reached a limit is kept.

        Args:
            name: The name of the root.
            place: Its position.
            run: Runs it.
            of: The object whose method it is.
        """
        m = self.machine
        start, num_made, is_cut = m.recorder.size, len(m.instances), False
        num_functions = len(m.functions)
        m.refusals = dict.fromkeys(self._refusals.get(of.uid, ()) if isinstance(of, Instance) else ())
        m.start_budget(start)
        m.top = name, place
        m.models = []
        with m.entering(m.frame):
            try:
                result = run()
                if isinstance(result, Value):
                    m.recorder.hand_back(operations.tensors(m, result))
                self._apply_models(ALWAYS if m.path is NEVER else m.path)
            except (OutOfBudget, *STOPS) as stop:
                m.store.unwind()
                m.fall_short(limit_of(stop), name, place)
                is_cut = True
        m.path = ALWAYS
        for function in m.functions[num_functions:]:
            readings.note_later(m, function, "late")
        if is_cut:  # its models are judged on their own, and may be incomplete
            with m.uncounted():
                m.leave_open(to_be_filled(m, (*m.instances[num_made:], *m.models)))
            self._apply_what_was_made(start)
        refusals = tuple(m.refusals)
        self._refusals.update((made.uid, refusals) for made in m.instances[num_made:])
        self.roots.append(Root(start, name, place, refusals))

    def _apply_what_was_made(self, num_calls: int) -> None:
        """Judge the unfinished models of a root that was cut off, with the steps of another root."""
        m = self.machine
        m.start_budget(num_calls)
        with m.entering(m.frame):
            try:
                self._apply_models(ALWAYS)
            except (OutOfBudget, *STOPS):
                m.store.unwind()
        m.path = ALWAYS

    def _apply_models(self, ended: Guard) -> None:
        """Judge each `Sequential` that was not applied to anything.

        Args:
            ended: When the root ended without an error. Where it raised one, a model may be unfinished.
        """
        m = self.machine
        for model in list(m.models):
            if model.uid not in m.applied:
                m.applied.add(model.uid)
                is_whole = all(element.guard is ALWAYS for element in m.elements(model.uid))
                m.path = ALWAYS if is_whole else ended
                output = models.apply_layers(m, model.uid, Arguments([]), model.site)
                if not model.is_part:
                    m.recorder.leave(operations.tensors(m, output))
                m.path = ALWAYS

    # -- what nothing visible used ------------------------------------------------------------------------------

    def _run_unused(self) -> None:
        """Judge on their own the objects that were created and not applied, then all that was never used."""
        m = self.machine
        every: list[Definition] = [*m.functions, *m.classes]
        own = [one for one in every if one.frame.scope.file is self.file]
        waiting = Waiting(m, self.file, Relevance(m, m.scopes[os.path.abspath(self.file.path)], own))
        num_seen = 0
        while True:
            num_seen = self._apply_instances(num_seen)
            subject = waiting.next()
            if subject is None:
                return
            if isinstance(subject, ClassObject):
                self._judge_class(subject)
            else:
                self._judge_function(subject)

    def _apply_instances(self, first: int, of: ClassObject | None = None) -> int:
        """Apply the objects that were created and not applied so far. Return how many objects there are.

        Args:
            first: The number of the first object to consider.
            of: Their class; any class if `None`.
        """
        m = self.machine
        instances = m.instances[first:]
        for instance in instances:
            if of is not None and instance.cls is not of:
                continue
            unused = m.store.read(instance.uid, objects.APPLIED) is MISSING
            if unused and self._is_applicable(instance) and self._concerns(instance):
                self._apply_instance(instance)
        return first + len(instances)

    def _concerns(self, instance: Instance) -> bool:
        """Whether a layer of this file may be out of order in an object.

        Either the class is in this file, or layers were passed to an imported one (`Stack([Dense(8), Dropout(0.5)])`).
        """
        return instance.cls.frame.scope.file is self.file or (
            instance.uid in self.machine.given_layers
            and isinstance(instance.site, NodeSite)
            and instance.site.cell in self.file.cells
        )

    def _is_applicable(self, instance: Instance) -> bool:
        m = self.machine
        kind = base_kind(m, instance.cls)
        has_call = isinstance(inheritance.class_attribute(m, instance.cls, "call"), Function)
        return kind == "Sequential" or (kind is not None and has_call)

    def _apply_instance(self, instance: Instance) -> None:
        m = self.machine
        call = inheritance.class_attribute(m, instance.cls, "call")
        arguments = parameters_of(m, call)[0] if isinstance(call, Function) else []
        place = self._place(instance)
        given = Arguments(arguments[1:] if isinstance(call, Function) else [])
        self._root(instance.cls.name, place, lambda: objects.call_instance(m, instance, given, place), instance)

    def _place(self, instance: Instance) -> NodeSite:
        """Where an object is reported: at its class, or if that is in another file, where the object was created."""
        if instance.cls.frame.scope.file is not self.file and isinstance(instance.site, NodeSite):
            return instance.site
        return NodeSite(instance.cls.cell, instance.cls.node)

    def _judge_class(self, cls: ClassObject, *, by_default: bool = False) -> None:
        m = self.machine
        init = inheritance.class_attribute(m, cls, "__init__")
        arguments, keywords = parameters_of(m, init, by_default) if isinstance(init, Function) else ([], {})
        if not isinstance(init, Function) and not by_default:
            keywords = classes.open_fields(m, cls)
        place = NodeSite(cls.cell, cls.node)
        rest = rest_of(m, init, by_default) if isinstance(init, Function) else ()
        given = Arguments(arguments[1:], keywords, rest, starred=rest)
        self._root(cls.name, place, lambda: objects.instantiate(m, cls, given, place))

    def _judge_function(self, function: Function, *, by_default: bool = False) -> None:
        m = self.machine
        arguments, keywords = parameters_of(m, function, by_default)
        receiver: Value | None = None
        if function.owner is not None and function.wrapper != "staticmethod" and arguments:
            receiver = self._receiver(function.owner)
            arguments[0] = receiver
        place = NodeSite(function.cell, function.node)
        rest = rest_of(m, function, by_default)
        given = Arguments(arguments, keywords, rest, starred=rest)
        self._root(function.name, place, lambda: m.invoke(function, given, place, receiver), receiver)

    def _receiver(self, cls: ClassObject) -> Value:
        """The object on which a method is judged: the last one of its class, or of a class that inherits from it."""
        m = self.machine
        for instance in m.instances[self._num_received :]:
            self._last_of.update((one, instance) for one in inheritance.mro(m, instance.cls))
        self._num_received = len(m.instances)
        return self._last_of.get(cls) or m.unknown(("receiver", cls))

    # -- results ------------------------------------------------------------------------------------------------

    def _result(self) -> Analysis:
        m = self.machine
        left_out = (Shortfall(cell.location(0, 0), MODULE, Limit.SIZE) for cell in self.file.left_out)
        num_steps = m.num_steps + m.conditions.space.num_steps
        graphs = tuple(m.recorder.graphs(self.roots))
        placed = m.recorder.placed
        readings = {
            node: [(moment, placed[number]) for moment, number in found if number in placed]
            for node, found in m.recorder.readings.items()
        }
        shortfalls = (*left_out, *m.shortfalls.values())
        return Analysis(graphs, shortfalls, num_steps, readings, m.recorder.followed, m.skips_iterations)


def parameters_of(m: Machine, function: Function, by_default: bool = False) -> tuple[list[Value], dict[str, Value]]:
    """Arguments for a function that is judged on its own: each parameter is unknown and remembers its default.

    A default that is a container, a function or a class is used as the value, because that is its purpose. An empty
    container is a placeholder.

    Args:
        m: The machine.
        function: The function.
        by_default: Whether every default is used as the value.
    """
    parameters = function.node.params
    positional = [p.name.value for p in (*parameters.posonly_params, *parameters.params)]
    keywords = {p.name.value: _parameter(m, function, p.name.value, by_default) for p in parameters.kwonly_params}
    return [_parameter(m, function, name, by_default) for name in positional], keywords


def _parameter(m: Machine, function: Function, name: str, by_default: bool) -> Value:
    default = default_of(m, function, name)
    if default is not None and by_default:
        return default
    return open_parameter(m, function, name, ("parameter", function, name))


def rest_of(m: Machine, function: Function, by_default: bool = False) -> tuple[Value, ...]:
    """The unknown `*args` and `**kwargs` of a function that is checked on its own."""
    return () if by_default else (m.unknown(("rest", function)),)


def _full_name(definition: Definition) -> str:
    owner = definition.owner if isinstance(definition, Function) else None
    return f"{owner.name}.{definition.name}" if owner is not None else definition.name
