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
    """How a layer is put into the model."""

    ELEMENT = "element"  # of a list or tuple
    ADDED = "added"  # `model.add(layer)`, `layers.append(layer)`, `yield layer`
    APPLIED = "applied"  # `layer(x)`
    OTHER = "other"


@record(frozen=True, slots=True)
class Place:
    """The position of a layer.

    Attributes:
        spot: The expression that stands for the layer, or applies it.
        holder: The list or tuple it is an element of, a layer or a value, or the call that takes it as one of any
            number of layers (`compose(Dense(8), ReLU())`); `None` otherwise.
        receiver: What it is added to, as written; `None` if it is not added.
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

    Where one expression applies several layers, they stand where they are constructed, if that is in one list; if it
    is not (`for conv, norm in zip(convs, norms)`), where they are applied.

    Returns: The places, and whether they are those where findings are reported.

    Raises:
        Refused: One stands in another file.
    """
    places = [place_of(syntax, call) for call in calls]
    made = _constructions(syntax, places)
    if made:
        return made, True
    if any(call.reported is not None for call in calls) and not _in_one_container(places):
        return [place_of(syntax, call, reported=False) for call in calls], False
    return places, True


def _constructions(syntax: Syntax, places: Sequence[Place]) -> list[Place]:
    """Where layers are constructed that stand in one expression, if that is in one list of the expression."""
    node = places[0].spot.node
    if isinstance(node, cst.Call) or any(place.spot.node is not node for place in places[1:]) or len(places) < 2:
        return []
    spots = [syntax.spot(place.call.constructed) for place in places]
    made = [_standing(syntax, place.call, spot) for place, spot in zip(places, spots, strict=True) if spot is not None]
    return made if len(made) == len(places) and _in_one_container(made) else []


def place_of(syntax: Syntax, call: LayerCall, *, reported: bool = True) -> Place:
    """The position of a layer: where a finding is reported, or where it is applied.

    Raises:
        Refused: In another file.
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
        Refused: It is not to be seen.
    """
    spot = syntax.anywhere(call.place)
    return _standing(syntax, call, spot) if spot is not None else place_of(syntax, call)


def _in_one_container(places: Sequence[Place]) -> bool:
    """Whether layers are elements of one list, or are added to one."""
    holders = {place.holder for place in places}
    if None not in holders:
        return len(holders) == 1
    return len({_receiver(place) for place in places}) == 1


def model_of(syntax: Syntax, place: Place) -> str | None:
    """Which model a layer is put into, as far as the text tells: equal for the same, `None` if it does not tell."""
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
    """Whether a call makes a `Sequential`, or hands its layers to the class it inherits from."""
    name = call.func.attr if isinstance(call.func, cst.Attribute) else call.func
    return isinstance(name, cst.Name) and name.value in ("Sequential", "__init__")


def _receiver(place: Place) -> object:
    """What a layer is added to; something of its own for a layer that is not added."""
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
    """Whether a layer is handed to what takes any number of them (`def compose(*layers)`) and applies it there."""
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
    """Whether a positional argument is one of those that `*args` takes."""
    parameters = function.params
    named = len(parameters.posonly_params) + len(parameters.params)
    return isinstance(parameters.star_arg, cst.Param) and place >= named


def _is_value(call: LayerCall, node: cst.CSTNode) -> bool:
    """Whether what is added to a list is the output of a layer, and not the layer (`outputs.append(ReLU()(x))`)."""
    return isinstance(node, cst.Call) and call.constructed is not None and node.func is _node(call.constructed)


def _node(site: Site) -> cst.CSTNode | None:
    return site.node if isinstance(site, NodeSite) else None


def _added_to(syntax: Syntax, tree: Tree, call: cst.Call) -> str | None:
    """The method that a statement adds something to a model or list by (`model.add`), whatever it is called there."""
    if len(call.args) != 1 or not isinstance(tree.parent(call), cst.Expr):
        return None
    if isinstance(call.func, cst.Attribute):
        return tree.code(call.func) if call.func.attr.value in _ADDING else None
    return method_of(syntax, tree, call.func, _ADDING) if isinstance(call.func, cst.Name) else None


def kept_nothing(place: Place) -> str | None:
    """The call that adds a layer where what it returns is given a name: `x = model.add(layer)`, which is `None`."""
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
        places: Which of them holds each of the nodes.
        is_split: Whether they stand in several cells.
    """

    items: Sequence[Item]
    places: Sequence[int]
    is_split: bool = False


def common_lines(spots: Sequence[Spot], *, is_lifted: bool = True) -> Lines:
    """The statements that contain some nodes.

    Args:
        spots: The nodes.
        is_lifted: Whether the statements are to move as a whole, so that each must be run once with its node.

    Raises:
        Refused: Two of them are in different functions, or exclude each other, or one is in a loop of its own.
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
    """The number of the statement that holds a node: one way up, however many statements there are."""
    for node in (spot.node, *spot.tree.ancestors(spot.node)):
        if node in numbers:
            return numbers[node]
    raise Refused(DIFFERENT_FUNCTIONS)


def _check_lifted(item: Item, spot: Spot) -> None:
    """What lies between a statement and a node in it must be run once, if it is run."""
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
