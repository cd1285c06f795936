"""How a file writes its layers, and the import that a new layer needs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

import libcst as cst

from orderlint import catalog
from orderlint.catalog import Kind
from orderlint.catalog.customary import LAYER_MODULES
from orderlint.catalog.entries import words
from orderlint.catalog.libraries import LIBRARIES
from orderlint.repair.text.drafts import Draft, Hopeless
from orderlint.repair.text.importing import add_name
from orderlint.repair.text.scopes import Binding, is_bound, is_certain, means_the_same, scope_of, visible
from orderlint.repair.text.stars import brings, layers_of, module_of, of_layers
from orderlint.repair.text.syntax import Spot, Syntax, Tree, bare_name, dotted_name, imported_names

__all__ = ["is_activation_layer", "spell"]

# Modules inside `keras.layers` that only contain some of the layers.
_INNER = LAYER_MODULES | words("""
    activation activations attention experimental merging preprocessing regularization reshaping rnn
    """)
Import = tuple[Tree, cst.ImportFrom]
_CORE = frozenset({"Activation", "Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"})


def spell(draft: Draft, syntax: Syntax, layer: str, likes: Iterable[Spot | None], where: Sequence[Spot] = ()) -> str:
    """The class of a layer in the style of the file. A missing import is added to the draft.

    Args:
        draft: Takes the edits.
        syntax: The file.
        layer: The name of the layer in Keras.
        likes: Constructor calls whose style is imitated. The first one that shows a style decides.
        where: The places where the class is used and its name must be bound; by default, the first of `likes`.

    Raises:
        Hopeless: The name refers to something else there, or nothing shows where to import it from.
    """
    spots = [spot for spot in likes if spot is not None]
    places = list(where) or spots[:1]
    if places and _comes_by_star(syntax, layer, places):
        return layer
    for spot in spots:
        node = spot.node
        if isinstance(node, cst.Call) and _is_known_alike(syntax, node.func, spot, places):
            text = _like(draft, syntax, spot.tree, node.func, layer, spot, places)
            if text is not None:
                return text
    found = _imported(draft, syntax, layer, places) if spots else None
    if found is None and (any(_is_imported(syntax, spot) for spot in spots) or (places and syntax.stars)):
        raise Hopeless(
            f"nothing in this file shows where to import `{layer}` from; import it, and the repair will use it"
        )
    if found is None:
        _check_free(syntax, layer, places)
    return found or layer  # pasted code, which imports nothing


def _comes_by_star(syntax: Syntax, layer: str, places: Sequence[Spot]) -> bool:
    """Whether a star import of a module of the project binds the name of a layer, whatever it refers to there.

    Raises:
        Hopeless: It hides an import above it.
    """
    known = [binding for place in places for binding in visible(syntax, layer, place)]
    for tree, star in syntax.stars:
        below = Spot(tree, star).order
        is_last = all(one.scope is None and Spot(one.tree, one.node).order < below for one in known)
        if is_last and not of_layers(module_of(star)) and brings(syntax, star, layer):
            if known:
                raise Hopeless(f"`{layer}` is already the name of something else in this file; rename that")
            return True
    return False


def _is_known_alike(syntax: Syntax, callee: cst.BaseExpression, spot: Spot, places: Sequence[Spot]) -> bool:
    """Whether the callee at one place refers to the same object at others."""
    root = (dotted_name(callee) or "").partition(".")[0]
    return not root or all(means_the_same(syntax, root, spot, place) for place in places)


def _is_imported(syntax: Syntax, spot: Spot) -> bool:
    """Whether an import binds the callee of a call."""
    callee = spot.node.func if isinstance(spot.node, cst.Call) else spot.node
    root = (dotted_name(callee) or "").partition(".")[0]
    return root in _modules(syntax) or any(_imports_of(syntax, root, spot))


def _like(
    draft: Draft,
    syntax: Syntax,
    tree: Tree,
    callee: cst.BaseExpression,
    layer: str,
    at: Spot,
    places: Sequence[Spot],
) -> str | None:
    if isinstance(callee, cst.Attribute):
        root = tree.code(callee.value).partition(".")[0]
        if _is_of_library(_modules(syntax).get(root, root)):
            return None  # `tfa.layers` has no `Activation`
        return _beside(tree.code(callee.value), callee, layer)
    name = bare_name(callee)
    if name is None:
        return None
    imports = list(_imports_of(syntax, name, at))
    if imports:
        return _from_import(draft, syntax, imports, layer, places)
    value = _assigned(syntax, name)
    if value is None and (own := visible(syntax, name, at)):
        local = _assigned_there(own)
        inner = local.node if local is not None else None
        if local is None or not isinstance(inner, cst.BaseExpression) or inner is callee:
            return None
        if not _is_known_alike(syntax, inner, local, places):
            return None
        return _like(draft, syntax, local.tree, inner, layer, at, places)
    if value is not None:
        where, expression = value
        if _is_assigned_alike(syntax, layer, where, expression) and all(
            _is_bound_once(syntax, layer, place) for place in places
        ):
            return layer
        inner = expression.args[0].value if isinstance(expression, cst.Call) and expression.args else expression
        return _like(draft, syntax, where, inner, layer, at, places) if inner is not callee else None
    if catalog.find_layer(name) is None or any(visible(syntax, layer, place) for place in places):
        return None
    if not syntax.stars or any(_may_hold(module_of(star), layer) for _, star in syntax.stars):
        return layer  # pasted code, or a star import: every layer goes by its own name
    return None


def _is_assigned_alike(syntax: Syntax, layer: str, tree: Tree, like: cst.BaseExpression) -> bool:
    """Whether a file binds a layer in the same way as another one (`Dense = keras.layers.Dense`), in the same cell."""
    value = _assigned(syntax, layer)
    here = dotted_name(like)
    if value is None or value[0] is not tree or here is None:
        return False
    return dotted_name(value[1]) == f"{here.rpartition('.')[0]}.{layer}"


def _is_bound_once(syntax: Syntax, name: str, at: Spot) -> bool:
    """Whether a name is certainly bound at a place, by a single statement of the module."""
    found = visible(syntax, name, at)
    return len(found) == 1 and found[0].scope is None and is_certain(found[0], at)


def _beside(base: str, callee: cst.Attribute, layer: str) -> str | None:
    """The dotted name of a layer in the same module as another; `None` if that is not a known layer."""
    if catalog.find_layer(callee.attr.value) is None:
        return None
    parts = base.split(".")
    while len(parts) > 1 and parts[-1] in _INNER:
        parts.pop()
    return ".".join([*parts, layer])


def _from_import(draft: Draft, syntax: Syntax, imports: list[Import], layer: str, places: Sequence[Spot]) -> str | None:
    bound = _bound_layer(syntax, layer, places, imports)
    if bound is not None:
        return bound
    fitting = [(tree, node) for tree, node in imports if _may_hold(module_of(node), layer)]
    if not fitting:
        return None
    _check_free(syntax, layer, places)
    known = [node for _, node in _layer_imports(syntax, layer)]
    _import(draft, syntax, [one for one in _needed(fitting, places[0]) if one[1] not in known], layer, places[0])
    return layer


def _check_free(syntax: Syntax, layer: str, places: Sequence[Spot]) -> None:
    """Check that the name of a layer is not bound to something else at some places.

    Raises:
        Hopeless: It is.
    """
    known = [node for _, node in _layer_imports(syntax, layer)]
    if any(one.node not in known for place in places for one in visible(syntax, layer, place)):
        raise Hopeless(f"`{layer}` is already the name of something else in this file; rename that")


def _import(draft: Draft, syntax: Syntax, places: list[Import], layer: str, at: Spot) -> None:
    """Import a layer by extending existing statements, or the ones that another repair already extends."""
    known = syntax.extended.get(layer, [])
    home = at.tree.function(at.node)
    if known and all(tree.number <= at.tree.number and tree.function(node) in (None, home) for tree, node in known):
        places = known
    syntax.extended[layer] = places
    for tree, node in places:
        add_name(draft, tree, node, layer)


def _needed(imports: list[Import], at: Spot) -> list[Import]:
    """Of the imports of one name, those to which another name has to be added: one that always runs, or else all.

    A cell of a notebook that imports its layers itself is often run alone.
    """
    top = [(tree, node) for tree, node in imports if is_certain(Binding(tree, node, scope_of(tree, node)), at)]
    own = [one for one in top if one[0] is at.tree]
    return (own or top)[:1] if top else imports


def _imported(draft: Draft, syntax: Syntax, layer: str, places: Sequence[Spot]) -> str | None:
    """The name by any import of Keras in the file, if there is one; otherwise `None`."""
    at = places[0]
    bound = _bound_layer(syntax, layer, places, ())
    if bound is not None:
        return bound
    aliases = {
        alias: module
        for alias, module in _modules(syntax).items()
        if not _is_of_library(module) and all(_is_module(syntax, alias, place) for place in places)
    }
    for alias, module in aliases.items():
        if module.endswith(("keras.layers", ".layers")) and "keras" in module:
            return f"{alias}.{layer}"
    imports = [
        one for one in _from_imports(syntax, at) if _may_hold(module_of(one[1]), layer) and one not in syntax.stars
    ]
    is_free = not any(visible(syntax, layer, place) for place in places)
    if imports and is_free:
        _import(draft, syntax, _needed(imports, at)[:1], layer, at)
        return layer
    for alias, module in aliases.items():
        if module in catalog.KERAS_ROOTS or module in ("tensorflow.keras", "tensorflow"):
            return f"{alias}.keras.layers.{layer}" if module == "tensorflow" else f"{alias}.layers.{layer}"
    _check_free(syntax, layer, places)
    own = _own_import(syntax)
    if own is not None:
        add_name(draft, *own, layer, new_module="keras.layers")
        return layer
    return _below_star(draft, syntax, layer)


def _below_star(draft: Draft, syntax: Syntax, layer: str) -> str | None:
    """Import a layer below the star import of a project module, from the module that it imports its layers from.

    Returns: `None` if there is no such import.
    """
    for tree, star in reversed(syntax.stars):
        module = layers_of(syntax, star)
        if module is not None:
            add_name(draft, tree, star, layer, new_module=module)
            return layer
    return None


def _is_module(syntax: Syntax, alias: str, at: Spot) -> bool:
    """Whether a name certainly refers to an imported module at a place."""
    found = visible(syntax, alias, at)
    is_import = all(isinstance(one.node, (cst.Import, cst.ImportFrom)) for one in found)
    return is_import and is_bound(found, at)


def _own_import(syntax: Syntax) -> tuple[Tree, cst.ImportFrom] | None:
    """An import from a part of `keras.layers`, below which another import can be added."""
    for tree, node in _every_import(syntax):
        if "keras" in module_of(node) and "layers" in module_of(node).split("."):
            return tree, node
    return None


# -- what names are bound to --------------------------------------------------------------------------------------


def _may_hold(module: str, layer: str) -> bool:
    """Whether a layer can be imported from a module."""
    if module.startswith(".") or _is_of_library(module):
        return False
    last = module.rpartition(".")[2]
    if last == "layers" or module == "keras.api.layers":
        return True
    return last == "core" and "layers" in module and "src" not in module and layer in _CORE


def _is_of_library(module: str) -> bool:
    """Whether a module belongs to a library of layers that does not include those of Keras."""
    return module.partition(".")[0] in LIBRARIES


def _every_import(syntax: Syntax) -> Iterator[Import]:
    for tree in syntax.trees:
        yield from ((tree, node) for node in tree.imports)


def _from_imports(syntax: Syntax, at: Spot) -> Iterator[Import]:
    """The `from ... import` statements whose names can be used at a place."""
    home = at.tree.function(at.node)
    for tree, node in _every_import(syntax):
        scope = scope_of(tree, node)
        if scope is None or scope is home:
            yield tree, node


def _imports_of(syntax: Syntax, name: str, at: Spot) -> Iterator[Import]:
    for one in visible(syntax, name, at):
        if isinstance(one.node, cst.ImportFrom):
            yield one.tree, one.node


def _layer_imports(syntax: Syntax, layer: str) -> list[Import]:
    """The imports of a layer under its own name."""
    found = (one for one in _every_import(syntax) if _is_of_layers(module_of(one[1])))
    return [one for one in found if (layer, layer) in imported_names(one[1])]


def _is_of_layers(module: str) -> bool:
    """Whether a module has layers of Keras."""
    return "layers" in module and not module.startswith(".") and not _is_of_library(module)


def _bound_layer(syntax: Syntax, layer: str, places: Sequence[Spot], beside: Sequence[Import]) -> str | None:
    """The name that a layer already has at some places; `None` if it has none.

    Args:
        beside: The imports of the layer whose style is imitated. Their modules count, even if they are in the project.
    """
    modules = {module_of(node) for _, node in beside}
    for _, node in _every_import(syntax):
        if isinstance(node.names, cst.ImportStar):
            if of_layers(module_of(node)) and not any(visible(syntax, layer, place) for place in places):
                return layer
        elif _is_of_layers(module_of(node)) or module_of(node) in modules:
            for name, bound in imported_names(node):
                if name == layer and all(_is_layer(syntax, layer, bound, place, modules, beside) for place in places):
                    return bound
    return None


def _is_layer(
    syntax: Syntax, layer: str, name: str, at: Spot, modules: Collection[str], beside: Sequence[Import]
) -> bool:
    """Whether a name certainly refers to a layer at a place."""
    found = visible(syntax, name, at)
    for one in found:
        if not isinstance(one.node, cst.ImportFrom) or (layer, name) not in imported_names(one.node):
            return False
        if not _is_of_layers(module_of(one.node)) and module_of(one.node) not in modules:
            return False
    nodes = [one.node for one in found]
    together = bool(beside) and all(node in nodes for _, node in beside)
    return together or is_bound(found, at)


def _modules(syntax: Syntax) -> dict[str, str]:
    """The dotted names of the imported modules, by the names that they are bound to."""
    found: dict[str, str] = {}
    for tree in syntax.trees:
        for statement in tree.cell.module.body:
            for small in getattr(statement, "body", ()) if isinstance(statement, cst.SimpleStatementLine) else ():
                if isinstance(small, cst.Import):
                    for alias in small.names:
                        name = dotted_name(alias.name) or ""
                        if alias.asname is not None:
                            found[bare_name(alias.asname.name) or ""] = name
                        else:
                            found[name.partition(".")[0]] = name.partition(".")[0]
                elif isinstance(small, cst.ImportFrom):
                    for name, bound in imported_names(small):
                        if name in ("keras", "layers"):
                            found[bound] = f"{module_of(small)}.{name}"
    return found


def _assigned(syntax: Syntax, name: str) -> tuple[Tree, cst.BaseExpression] | None:
    """The value of the first assignment to a name at the top level of the file; `None` if there is none."""
    for tree in syntax.trees:
        for statement in tree.cell.module.body:
            for small in getattr(statement, "body", ()) if isinstance(statement, cst.SimpleStatementLine) else ():
                if isinstance(small, cst.Assign) and bare_name(small.targets[0].target) == name:
                    return tree, small.value
    return None


def _assigned_there(bindings: Sequence[Binding]) -> Spot | None:
    """The value of the only assignment of a name; for a call (`partial(Dense, ...)`), its first argument.

    Returns: `None` if the bindings are not a single assignment.
    """
    found = [one.tree.around(one.node, cst.Assign) for one in bindings]
    if len(found) != 1 or found[0] is None or found[0].targets[0].target is not bindings[0].node:
        return None
    value = found[0].value
    return Spot(bindings[0].tree, value.args[0].value if isinstance(value, cst.Call) and value.args else value)


def is_activation_layer(node: cst.BaseExpression) -> bool:
    """Whether an expression constructs a Keras activation layer (`LeakyReLU(0.1)`)."""
    if not isinstance(node, cst.Call):
        return False
    name = (dotted_name(node.func) or "").rpartition(".")[2]
    entry = catalog.find_layer(name)
    return entry is not None and entry.kind is Kind.LAYER and entry.role.value == "activation"
