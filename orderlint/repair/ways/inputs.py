"""Arguments that belong to the first layer of a model, whichever layer that is, such as `input_shape`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import libcst as cst

from orderlint.graph import Role
from orderlint.repair.net.obstacles import Obstacles
from orderlint.repair.text.arguments import add_keyword, keyword, remove
from orderlint.repair.text.drafts import Draft, Hopeless
from orderlint.repair.text.syntax import Spot, Tree
from orderlint.repair.ways.places import Place

__all__ = ["moved_inputs"]

_OF_PLACE = ("batch_input_shape", "batch_size", "input_shape", "input_dim", "input_length", "input_dtype")
_SHAPES = frozenset({"batch_input_shape", "input_shape", "input_dim"})
Span = tuple[int, int]


def moved_inputs(
    obstacles: Obstacles, old: Place, new: Place | None, spans: tuple[Span, Span]
) -> tuple[str, str] | None:
    """The code of two layers if the second comes first, so that it needs the arguments of the first layer.

    Args:
        obstacles: The obstacles in the graphs of the file.
        old: The layer that comes first so far.
        new: The layer that is to come first, if its expression is known.
        spans: The spans of both in the text: elements, or statements.

    Returns: `None` if neither changes.

    Raises:
        Hopeless: The second layer cannot get the arguments.
    """
    given = _given(old.spot)
    if not given or not _is_first(obstacles, old):
        return None
    name = next(iter(given))
    if new is None or not isinstance(new.spot.node, cst.Call) or not _constructs(new):
        raise Hopeless(f"`{name}` belongs to the first layer; give the model an `Input` instead")
    assert isinstance(old.spot.node, cst.Call)
    without, with_them = Draft(), Draft()
    comments = [line for name in given for line in _taken(without, old.spot, name)]
    for name in _given(new.spot):
        comments += _taken(with_them, new.spot, name)
    _give(with_them, new.spot.tree, new.spot.node, _portable(given), comments)
    return without.applied(old.spot.tree, *spans[0]), with_them.applied(new.spot.tree, *spans[1])


def _taken(draft: Draft, spot: Spot, name: str) -> tuple[str, ...]:
    """Remove an argument. Return its comments."""
    assert isinstance(spot.node, cst.Call)
    arg = keyword(spot.node, name)
    assert arg is not None
    return remove(draft, spot.tree, spot.node, spot.node.args.index(arg)).every


def _give(draft: Draft, tree: Tree, call: cst.Call, arguments: Mapping[str, str], comments: Sequence[str]) -> None:
    text = ", ".join(f"{name}={value}" for name, value in arguments.items())
    if not comments:
        add_keyword(draft, tree, call, text)
        return
    if call.args:
        raise Hopeless("the comments of the input shape would be lost; give the model an `Input` instead")
    indent = tree.indent(tree.span(call)[0])
    start = f"{tree.newline_at(tree.span(call)[0])}{indent}"
    add_keyword(draft, tree, call, "".join(f"{start}    {line}" for line in comments) + f"{start}    {text},{start}")


def _constructs(place: Place) -> bool:
    """Whether the expression at the place of a layer constructs it."""
    made = place.call.constructed
    return made is not None and getattr(made, "node", None) is place.spot.node


def _is_first(obstacles: Obstacles, place: Place) -> bool:
    """Whether only inputs come before a layer."""
    return all(
        call.roles == (Role.BOUNDARY,) and call.layer.startswith("Input") for call in obstacles.producers(place.call)
    )


def _given(spot: Spot) -> dict[str, str]:
    """The arguments that belong to the first layer, by name; none if there is no shape among them."""
    if not isinstance(spot.node, cst.Call):
        return {}
    found = {name: keyword(spot.node, name) for name in _OF_PLACE}
    given = {name: spot.tree.code(arg.value) for name, arg in found.items() if arg is not None}
    return given if given.keys() & _SHAPES else {}


def _portable(given: Mapping[str, str]) -> dict[str, str]:
    """The arguments in a form that every layer accepts: `input_dim` only works for some."""
    rest = {name: value for name, value in given.items() if name not in ("input_dim", "input_length")}
    if "input_dim" in given and not rest.keys() & _SHAPES:
        axes = [given[name] for name in ("input_length", "input_dim") if name in given]
        return {"input_shape": f"({', '.join(axes)}{',' * (len(axes) == 1)})", **rest}
    return rest
