"""How a file spells its layers, and the import that a new one needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import libcst as cst

from orderlint import catalog
from orderlint.catalog import Kind
from orderlint.catalog.entries import words
from orderlint.catalog.libraries import LIBRARIES
from orderlint.repair.text.drafts import Draft, Hopeless
from orderlint.repair.text.importing import add_name
from orderlint.repair.text.syntax import Spot, Syntax, Tree, bare_name, dotted_name, imported_names

__all__ = ["is_activation_layer", "spell"]

# Modules inside `keras.layers` that hold some layers only.
_INNER = words("""
    activation activations advanced_activations attention convolutional convolutional_recurrent core embeddings
    experimental local merge merging noise normalization pooling preprocessing recurrent regularization reshaping rnn
    wrappers
    """)
_CORE = frozenset({"Activation", "Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"})


def spell(draft: Draft, syntax: Syntax, layer: str, likes: Iterable[Spot | None]) -> str:
    """How a file would write the class of a layer; the import it needs goes into the draft.

    Args:
        likes: Constructor calls to write it like, the first one that tells something decides.

    Raises:
        Hopeless: The name stands for something else in the file, or nothing tells where to import it from.
    """
    spots = [spot for spot in likes if spot is not None]
    for spot in spots:
        node = spot.node
        if isinstance(node, cst.Call):
            text = _like(draft, syntax, spot.tree, node.func, layer, spot)
            if text is not None:
                return text
    found = _imported(draft, syntax, layer, spots)
    if found is None and any(_is_imported(syntax, spot) for spot in spots):
        raise Hopeless(f"nothing here tells where to import `{layer}` from; import it, and the repair will use it")
    return found or layer  # pasted code, which imports nothing


def _is_imported(syntax: Syntax, spot: Spot) -> bool:
    """Whether an import, of a module of the project or another library, binds what is called."""
    callee = spot.node.func if isinstance(spot.node, cst.Call) else spot.node
    root = (dotted_name(callee) or "").partition(".")[0]
    return root in _modules(syntax) or any(_imports_of(syntax, root, spot))


def _like(draft: Draft, syntax: Syntax, tree: Tree, callee: cst.BaseExpression, layer: str, at: Spot) -> str | None:
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
        return _from_import(draft, syntax, imports, layer, at)
    value = _assigned(syntax, name)
    if value is not None:
        where, expression = value
        if _is_assigned_alike(syntax, layer, where, expression):
            return layer
        inner = expression.args[0].value if isinstance(expression, cst.Call) and expression.args else expression
        return _like(draft, syntax, where, inner, layer, at) if inner is not callee else None
    if catalog.find_layer(name) is None or _is_bound(syntax, name):
        return None
    return layer  # pasted code, or a star import: every layer goes by its own name


def _is_assigned_alike(syntax: Syntax, layer: str, tree: Tree, like: cst.BaseExpression) -> bool:
    """Whether a file binds a layer beside another one, by the same words: `Dense = keras.layers.Dense` and so on."""
    value = _assigned(syntax, layer)
    here = dotted_name(like)
    if value is None or value[0] is not tree or here is None:
        return False
    return dotted_name(value[1]) == f"{here.rpartition('.')[0]}.{layer}"


def _beside(base: str, callee: cst.Attribute, layer: str) -> str | None:
    """The name of a layer that is kept where another is."""
    if catalog.find_layer(callee.attr.value) is None:
        return None
    parts = base.split(".")
    while len(parts) > 1 and parts[-1] in _INNER:
        parts.pop()
    return ".".join([*parts, layer])


def _from_import(
    draft: Draft, syntax: Syntax, imports: list[tuple[Tree, cst.ImportFrom]], layer: str, at: Spot
) -> str | None:
    bound = _bound_layer(syntax, layer, at) or _bound_beside(syntax, imports, layer, at)
    if bound is not None:
        return bound
    fitting = [(tree, node) for tree, node in imports if _may_hold(module_of(node), layer)]
    if not fitting:
        return None
    if _is_bound(syntax, layer):
        raise Hopeless(f"`{layer}` is the name of something else in this file; give that another name")
    _import(draft, syntax, _needed(fitting, at), layer, at)
    return layer


def _import(draft: Draft, syntax: Syntax, places: list[tuple[Tree, cst.ImportFrom]], layer: str, at: Spot) -> None:
    """Import a layer by statements that are there, or by those that another repair does it by."""
    known = syntax.extended.get(layer, [])
    home = at.tree.function(at.node)
    if known and all(tree.number <= at.tree.number and tree.function(node) in (None, home) for tree, node in known):
        places = known
    syntax.extended[layer] = places
    for tree, node in places:
        add_name(draft, tree, node, layer)


def _needed(imports: list[tuple[Tree, cst.ImportFrom]], at: Spot) -> list[tuple[Tree, cst.ImportFrom]]:
    """Of the imports of one name, those that another name has to be added to: alternatives get it all."""
    top = [(tree, node) for tree, node in imports if _is_certain(tree, node)]
    return top[:1] if top else imports


def _is_certain(tree: Tree, node: cst.CSTNode) -> bool:
    """Whether a statement is run whatever happens."""
    return not any(isinstance(above, (cst.If, cst.Try, cst.TryStar)) for above in tree.ancestors(node))


def _imported(draft: Draft, syntax: Syntax, layer: str, spots: list[Spot]) -> str | None:
    """The name by some import of Keras layers, whichever there is."""
    if not spots:
        return None
    at = spots[0]
    bound = _bound_layer(syntax, layer, at)
    if bound is not None:
        return bound
    aliases = {alias: module for alias, module in _modules(syntax).items() if not _is_of_library(module)}
    for alias, module in aliases.items():
        if module.endswith(("keras.layers", ".layers")) and "keras" in module:
            return f"{alias}.{layer}"
    imports = [(tree, node) for tree, node in _from_imports(syntax, at) if _may_hold(module_of(node), layer)]
    if imports and not _is_bound(syntax, layer):
        _import(draft, syntax, _needed(imports, at)[:1], layer, at)
        return layer
    for alias, module in aliases.items():
        if module in catalog.KERAS_ROOTS or module in ("tensorflow.keras", "tensorflow"):
            return f"{alias}.keras.layers.{layer}" if module == "tensorflow" else f"{alias}.layers.{layer}"
    if _is_bound(syntax, layer):
        raise Hopeless(f"`{layer}` is the name of something else in this file; give that another name")
    own = _own_import(syntax, layer)
    if own is not None:
        add_name(draft, *own, layer, new_module="keras.layers")
        return layer
    return None


def _own_import(syntax: Syntax, layer: str) -> tuple[Tree, cst.ImportFrom] | None:
    """An import of some part of `keras.layers`, for a line with another module below it."""
    for tree, node in _every_import(syntax):
        if "keras" in module_of(node) and "layers" in module_of(node).split("."):
            return tree, node
    return None


# -- what names are bound to --------------------------------------------------------------------------------------


def module_of(node: cst.ImportFrom) -> str:
    """The dotted module of `from module import ...`."""
    name = dotted_name(node.module) if node.module is not None else None
    return "." * len(node.relative) + (name or "")


def _may_hold(module: str, layer: str) -> bool:
    """Whether a layer can be imported from a module."""
    if module.startswith(".") or _is_of_library(module):
        return False
    last = module.rpartition(".")[2]
    if last == "layers" or module == "keras.api.layers":
        return True
    return last == "core" and "layers" in module and "src" not in module and layer in _CORE


def _is_of_library(module: str) -> bool:
    """Whether a module belongs to a library of layers that has none of Keras's own."""
    return module.partition(".")[0] in LIBRARIES


def _every_import(syntax: Syntax) -> Iterator[tuple[Tree, cst.ImportFrom]]:
    for tree in syntax.trees:
        yield from ((tree, node) for node in tree.imports)


def _from_imports(syntax: Syntax, at: Spot) -> Iterator[tuple[Tree, cst.ImportFrom]]:
    """The `from ... import` statements whose names can be used at a place."""
    home = at.tree.function(at.node)
    for tree, node in _every_import(syntax):
        function = tree.function(node)
        if function is None or function is home:
            yield tree, node


def _imports_of(syntax: Syntax, name: str, at: Spot) -> Iterator[tuple[Tree, cst.ImportFrom]]:
    for tree, node in _from_imports(syntax, at):
        if any(bound == name for _, bound in imported_names(node)):
            yield tree, node


def _bound_layer(syntax: Syntax, layer: str, at: Spot) -> str | None:
    """The name a layer already goes by."""
    for _, node in _from_imports(syntax, at):
        if isinstance(node.names, cst.ImportStar):
            if module_of(node).endswith("keras.layers") and not _is_bound(syntax, layer):
                return layer
            continue
        if "layers" in module_of(node) and not module_of(node).startswith(".") and not _is_of_library(module_of(node)):
            for name, bound in imported_names(node):
                if name == layer:
                    return bound
    return None


def _bound_beside(syntax: Syntax, imports: list[tuple[Tree, cst.ImportFrom]], layer: str, at: Spot) -> str | None:
    """The name of a layer that comes from the module of another one, a module of the project perhaps."""
    modules = {module_of(node) for _, node in imports}
    found = (imported_names(node) for _, node in _from_imports(syntax, at) if module_of(node) in modules)
    return next((bound for names in found for name, bound in names if name == layer), None)


def _modules(syntax: Syntax) -> dict[str, str]:
    """The modules that are bound to a name, by the name."""
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
    """What a name is bound to by the one assignment to it at the top of the file."""
    for tree in syntax.trees:
        for statement in tree.cell.module.body:
            for small in getattr(statement, "body", ()) if isinstance(statement, cst.SimpleStatementLine) else ():
                if isinstance(small, cst.Assign) and bare_name(small.targets[0].target) == name:
                    return tree, small.value
    return None


def _is_bound(syntax: Syntax, name: str) -> bool:
    """Whether a file binds a name to anything."""
    return any(name in tree.text and name in tree.bound for tree in syntax.trees)


def is_activation_layer(node: cst.BaseExpression) -> bool:
    """Whether an expression constructs a Keras activation layer (`LeakyReLU(0.1)`)."""
    if not isinstance(node, cst.Call):
        return False
    name = (dotted_name(node.func) or "").rpartition(".")[2]
    entry = catalog.find_layer(name)
    return entry is not None and entry.kind is Kind.LAYER and entry.role.value == "activation"
