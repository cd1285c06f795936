"""The positions of a chain's layers in the source: in a list, in a statement that adds them, or in an expression."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum

import libcst as cst

from orderlint.graph import LayerCall, Site
from orderlint.records import record
from orderlint.repair.text.aliases import method_of, object_of
from orderlint.repair.text.drafts import Refused
from orderlint.repair.text.lines import Item, items_of
from orderlint.repair.text.reasons import DIFFERENT_FUNCTIONS, ONE_IN_A_LOOP
from orderlint.repair.text.syntax import Spot, Syntax, Tree, dotted_name
from orderlint.source.neighborhood import shown_beside
from orderlint.text.files import NodeSite

__all__ = [
    "Kind",
    "Lines",
    "Place",
    "adding_form",
    "common_lines",
    "kept_nothing",
    "model_of",
    "place_anywhere",
    "place_of",
    "places_of",
]

_ADDING = frozenset({"add", "append"})


class Kind(Enum):
    """How a layer becomes part of a model."""

    ELEMENT = "element"  # of a list or tuple
    ADDED = "added"  # `model.add(layer)`, `layers.append(layer)`, `yield layer`
    APPLIED = "applied"  # `layer(x)`
    OTHER = "other"


@record(frozen=True, slots=True)
class Place:
    """The position of a layer.

    Attributes:
        call: The layer call.
        kind: How the layer becomes part of the model.
        spot: The expression that is or applies the layer.
        holder: The list or tuple that contains the layer or its output, or the call that takes any number of layers
            (`compose(Dense(8), ReLU())`); `None` otherwise.
        receiver: The method that adds it (`model.add`), as written; `None` if it is not added.
    """

    call: LayerCall
    kind: Kind
    spot: Spot
    holder: cst.List | cst.Tuple | cst.Call | None = None
    receiver: str | None = None

    @property
    def function(self) -> cst.FunctionDef | cst.Lambda | None:
        return self.spot.tree.function(self.spot.node)


def places_of(syntax: Syntax, calls: Sequence[LayerCall]) -> tuple[list[Place], bool]:
    """The positions of the layers of a chain.

    If one expression applies several layers, the positions are those of their constructors, provided that these are in
    one list. If they are not (`for conv, norm in zip(convs, norms)`), the positions are those of the applications.

    Returns: The places, and whether findings are reported there.

    Raises:
        Refused: One is in another file.
    """
    places = [place_of(syntax, call) for call in calls]
    made = _constructions(syntax, places)
    if made:
        return made, True
    if any(call.reported is not None for call in calls) and not _in_one_container(places):
        return [place_of(syntax, call, reported=False) for call in calls], False
    return places, True


def _constructions(syntax: Syntax, places: Sequence[Place]) -> list[Place]:
    """The constructors of layers that one expression applies, if they are all elements of one list; else nothing."""
    node = places[0].spot.node
    if isinstance(node, cst.Call) or any(place.spot.node is not node for place in places[1:]) or len(places) < 2:
        return []
    spots = [syntax.spot(place.call.constructed) for place in places]
    made = [_standing(syntax, place.call, spot) for place, spot in zip(places, spots, strict=True) if spot is not None]
    return made if len(made) == len(places) and _in_one_container(made) else []


def place_of(syntax: Syntax, call: LayerCall, *, reported: bool = True) -> Place:
    """The position of a layer.

    Args:
        syntax: The file.
        call: The layer call.
        reported: Whether to return the place where a finding is reported, or else where the layer is applied.

    Raises:
        Refused: It is in another file.
    """
    site = call.place if reported else call.applied
    spot = syntax.spot(site)
    if spot is None:
        other = shown_beside(syntax.file.path, site.location().path)
        raise Refused(f"`{call.layer}` is in {other}; change the order by hand")
    return _standing(syntax, call, spot)


def place_anywhere(syntax: Syntax, call: LayerCall) -> Place:
    """The position of a layer, in this file or in another one.

    Raises:
        Refused: It is not visible.
    """
    spot = syntax.anywhere(call.place)
    return _standing(syntax, call, spot) if spot is not None else place_of(syntax, call)


def _in_one_container(places: Sequence[Place]) -> bool:
    """Whether layers are elements of one list, or are added to the same list or model."""
    holders = {place.holder for place in places}
    if None not in holders:
        return len(holders) == 1
    return len({_receiver(place) for place in places}) == 1


def model_of(syntax: Syntax, place: Place) -> str | None:
    """A key for the model of a layer, which is equal for the same model; `None` if the text does not show it."""
    tree = place.spot.tree
    if place.receiver is not None:
        model, _, method = place.receiver.rpartition(".")
        return object_of(syntax, tree, place.spot.node, model) if method == "add" else None
    for above in tree.ancestors(place.holder) if place.holder is not None else ():
        if isinstance(above, cst.Call) and _makes_model(above):
            statement = tree.parent(above)
            target = statement.targets[0].target if isinstance(statement, cst.Assign) else None
            if target is None:
                return f"{tree.number}:{tree.span(above)[0]}"
            return object_of(syntax, tree, above, tree.code(target))
        if isinstance(above, cst.BaseSmallStatement):
            break
    return None


def adding_form(place: Place) -> str:
    """The statement that adds a layer, with `{}` for the layer."""
    node, tree = place.spot.node, place.spot.tree
    if isinstance(tree.parent(node), cst.Yield):
        return "yield {}"
    call = tree.around(node, cst.Call)
    assert call is not None
    return f"{tree.code(call.func)}({{}})"


def _makes_model(call: cst.Call) -> bool:
    """Whether a call creates a `Sequential`, or passes layers to the `__init__` of a base class."""
    name = call.func.attr if isinstance(call.func, cst.Attribute) else call.func
    return isinstance(name, cst.Name) and name.value in ("Sequential", "__init__")


def _receiver(place: Place) -> object:
    """A key for what a layer is added to. It is unique for a layer that is not added."""
    return place.receiver if place.receiver is not None else place.spot.node


def _standing(syntax: Syntax, call: LayerCall, spot: Spot) -> Place:
    node, tree = spot.node, spot.tree
    parent = tree.parent(node)
    above = tree.parent(parent) if parent is not None else None
    adding = _added_to(syntax, tree, above) if isinstance(parent, cst.Arg) and isinstance(above, cst.Call) else None
    if isinstance(parent, cst.Yield) and isinstance(above, cst.Expr):
        adding = "yield"
    if adding is not None and not _is_value(call, node):
        return Place(call, Kind.ADDED, spot, receiver=adding)
    listed = isinstance(parent, cst.Element) and isinstance(above, (cst.List, cst.Tuple))
    holder = above if listed and isinstance(above, (cst.List, cst.Tuple)) else None
    if isinstance(parent, cst.Arg) and isinstance(above, cst.Call) and _is_one_of_many(syntax, call, parent, above):
        return Place(call, Kind.ELEMENT, spot, above)
    if isinstance(node, cst.Call) and (call.constructed is None or node is not _node(call.constructed)):
        return Place(call, Kind.APPLIED, spot, holder)
    return Place(call, Kind.ELEMENT if listed else Kind.OTHER, spot, holder)


def _is_one_of_many(syntax: Syntax, call: LayerCall, arg: cst.Arg, taken_by: cst.Call) -> bool:
    """Whether a layer is passed to a function with any number of layers (`def compose(*layers)`) that applies it."""
    spot = syntax.anywhere(call.applied)
    name = (dotted_name(taken_by.func) or "").rpartition(".")[2]
    if spot is None or call.constructed is None or arg.keyword is not None or arg.star or not name:
        return False
    place = next(at for at, one in enumerate(taken_by.args) if one is arg)
    for one in (*spot.tree.ancestors(spot.node), *spot.tree.cell.module.body):
        if isinstance(one, cst.FunctionDef) and one.name.value == name:
            return _starts_rest(one, place)
        if isinstance(one, cst.ClassDef) and one.name.value == name:
            methods = [inner for inner in one.body.body if isinstance(inner, cst.FunctionDef)]
            return any(inner.name.value == "__init__" and _starts_rest(inner, place + 1) for inner in methods)
    return False


def _starts_rest(function: cst.FunctionDef, place: int) -> bool:
    """Whether a positional argument becomes part of `*args`."""
    parameters = function.params
    named = len(parameters.posonly_params) + len(parameters.params)
    return isinstance(parameters.star_arg, cst.Param) and place >= named


def _is_value(call: LayerCall, node: cst.CSTNode) -> bool:
    """Whether the output of a layer is added to a list, and not the layer (`outputs.append(ReLU()(x))`)."""
    return isinstance(node, cst.Call) and call.constructed is not None and node.func is _node(call.constructed)


def _node(site: Site) -> cst.CSTNode | None:
    return site.node if isinstance(site, NodeSite) else None


def _added_to(syntax: Syntax, tree: Tree, call: cst.Call) -> str | None:
    """The method by which a statement adds something (`model.add`), by any of its names; `None` if it is not one."""
    if len(call.args) != 1 or not isinstance(tree.parent(call), cst.Expr):
        return None
    if isinstance(call.func, cst.Attribute):
        return tree.code(call.func) if call.func.attr.value in _ADDING else None
    return method_of(syntax, tree, call.func, _ADDING) if isinstance(call.func, cst.Name) else None


def kept_nothing(place: Place) -> str | None:
    """The call of `add` or `append` whose result, `None`, is assigned: `x = model.add(layer)`; else `None`."""
    tree = place.spot.tree
    parent = tree.parent(place.spot.node)
    call = tree.parent(parent) if isinstance(parent, cst.Arg) else None
    if (
        not isinstance(call, cst.Call)
        or not isinstance(call.func, cst.Attribute)
        or call.func.attr.value not in _ADDING
    ):
        return None
    return f"{tree.code(call.func)}(...)" if isinstance(tree.parent(call), cst.Assign) else None


@record(frozen=True, slots=True)
class Lines:
    """The statements of the innermost block that contains several nodes.

    Attributes:
        items: The statements.
        places: For each of the nodes, the index of the statement that contains it.
        is_split: Whether they are in several cells.
    """

    items: Sequence[Item]
    places: Sequence[int]
    is_split: bool = False


def common_lines(spots: Sequence[Spot], *, is_lifted: bool = True) -> Lines:
    """The statements that contain some nodes.

    Args:
        spots: The nodes.
        is_lifted: Whether the statements move as a whole, so that each must run its node exactly once.

    Raises:
        Refused: The nodes are in different functions, or, if `is_lifted`, in a loop or a `try` of their own.
    """
    trees = list(dict.fromkeys(spot.tree for spot in spots))
    items: Sequence[Item]
    if len(trees) > 1:
        items = [item for tree in sorted(trees, key=lambda tree: tree.number) for item in _top(tree)]
    else:
        items = items_of(trees[0], _common_block(trees[0], [spot.node for spot in spots]))
    numbers = {item.node: index for index, item in enumerate(items)}
    places = [_index(numbers, spot) for spot in spots]
    for place, spot in zip(places, spots, strict=True) if is_lifted else ():
        _check_lifted(items[place], spot)
    return Lines(items, places, len(trees) > 1)


def _top(tree: Tree) -> Sequence[Item]:
    return items_of(tree, tree.cell.module)


def _common_block(tree: Tree, nodes: Sequence[cst.CSTNode]) -> cst.CSTNode:
    first, *others = nodes
    for above in tree.ancestors(first):
        if isinstance(above, (cst.BaseSuite, cst.Module)) and all(tree.holds(above, other) for other in others):
            return above
    raise Refused(DIFFERENT_FUNCTIONS)


def _index(numbers: Mapping[cst.CSTNode, int], spot: Spot) -> int:
    """The index of the statement that contains a node.

    Raises:
        Refused: None of them does.
    """
    for node in (spot.node, *spot.tree.ancestors(spot.node)):
        if node in numbers:
            return numbers[node]
    raise Refused(DIFFERENT_FUNCTIONS)


def _check_lifted(item: Item, spot: Spot) -> None:
    """Check that a statement runs a node in it exactly once, if at all.

    Raises:
        Refused: There is a definition, a loop or a `try` between the two.
    """
    if isinstance(item.node, (cst.FunctionDef, cst.ClassDef)):
        raise Refused(DIFFERENT_FUNCTIONS)
    inner = spot.tree
    for above in inner.ancestors(spot.node):
        if above is item.node and not isinstance(above, (cst.For, cst.While, cst.Try, cst.TryStar)):
            return
        if isinstance(above, (cst.For, cst.While)):
            raise Refused(ONE_IN_A_LOOP)
        if isinstance(above, (cst.Try, cst.TryStar)):
            raise Refused("one of the layers is in a `try`, the other is not; put both into it, or outside")
