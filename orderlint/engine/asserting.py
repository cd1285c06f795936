"""Asserts the order of layers, in tests and when training starts.

import orderlint

orderlint.assert_layer_order(model)
model.fit(x, y, callbacks=[orderlint.LayerOrderCallback()])
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from orderlint.diagnostics import Report
from orderlint.engine.callbacks import KerasCallback
from orderlint.engine.inspecting import inspect_model, source_lines, standards_of
from orderlint.engine.session import Session
from orderlint.report.terminal import place
from orderlint.runtime.errors import InspectionError, NotBuiltError

if TYPE_CHECKING:
    from orderlint.judging import Standards
    from orderlint.runtime.specs import InputShape

__all__ = [
    "LayerOrderCallback",
    "LayerOrderError",
    "LayerOrderWarning",
    "assert_layer_order",
    "hides_from_pytest",
    "warn_of",
]


class LayerOrderError(AssertionError):
    """Raised if the layers of a model are out of order.

    Attributes:
        report: The report with the findings.
    """

    __module__ = "orderlint"  # users import it from there, and tracebacks show that name

    def __init__(self, report: Report) -> None:
        self.report = report
        super().__init__(_readable(report))


class LayerOrderWarning(UserWarning):
    """Issued if layers are out of order, but this is not treated as an error, or if a model was only partly checked."""

    __module__ = "orderlint"


def hides_from_pytest(excinfo: Any) -> bool:
    """Whether pytest should omit a frame from a traceback, because the error is for the user and not a bug."""
    return isinstance(excinfo.value, (LayerOrderError, InspectionError))


def assert_layer_order(
    model: Any,
    input_shape: InputShape | None = None,
    *,
    sample: Any = None,
    name: str | None = None,
    select: Iterable[str] | None = None,
    ignore: Iterable[str] = (),
    order: Sequence[str] | None = None,
    roles: Mapping[str, str | Sequence[str]] | None = None,
    standards: Standards | None = None,
    session: Session | None = None,
) -> None:
    """Raise an error if the layers of a built model are out of order.

    This makes a test of one line. The arguments are those of `inspect_model`.

    Raises:
        LayerOrderError: Layers are out of order. This is an `AssertionError`, and its message is the report.
        InspectionError: The model cannot be inspected.

    A `LayerOrderWarning` is issued for findings of rules that only warn, and if a part could not be checked.
    """
    __tracebackhide__ = hides_from_pytest
    try:
        report = inspect_model(
            model,
            input_shape,
            sample=sample,
            name=name,
            select=select,
            ignore=ignore,
            order=order,
            roles=roles,
            standards=standards,
            session=session,
        )
    except InspectionError as error:  # its frames are orderlint's own; an error in the user's code remains its cause
        raise error.with_traceback(None) from error.__cause__
    if report.exit_status:
        raise LayerOrderError(report)
    warn_of(report, stacklevel=3)


def warn_of(report: Report, stacklevel: int = 2) -> None:
    """Warn about what a passing test does not show: findings of rules that only warn, and unchecked parts."""
    if report.findings:
        warnings.warn(_readable(report), LayerOrderWarning, stacklevel)
    gaps = [f"{place(one.location)}: {one.message}" for one in report.warnings if one.is_gap]
    if gaps:
        warnings.warn(
            f"the order of the layers was only partly checked: {'; '.join(gaps)}", LayerOrderWarning, stacklevel
        )


class LayerOrderCallback(KerasCallback):
    """A Keras callback that checks the order of the layers at the start of `fit`.

    A model that is not built at that point, such as a subclassed one, is checked after the first epoch.

    Args:
        action: What to do if layers are out of order. `"warn"` issues a `LayerOrderWarning`. `"raise"` raises a
            `LayerOrderError`. With `"raise"`, a model that cannot be checked before training raises an
            `InspectionError`: pass its `input_shape`.
        input_shape: As in `inspect_model`, like all arguments that follow.
        sample: A batch of input, instead of a shape.
        name: The name of the model in the report.
        select: The rules to apply.
        ignore: The rules not to apply.
        order: The expected order, if it is not the recommended one.
        roles: The roles of your own layers.
        standards: The last four arguments in one object.
        session: A session to share with other calls.

    Raises:
        UnknownRule: `select` or `ignore` names a rule that does not exist.
        ValueError: `action`, `order` or `roles` has an invalid value.

    The callback works with every generation of Keras and imports none of them.
    """

    def __init__(
        self,
        action: Literal["warn", "raise"] = "warn",
        *,
        input_shape: InputShape | None = None,
        sample: Any = None,
        name: str | None = None,
        select: Iterable[str] | None = None,
        ignore: Iterable[str] = (),
        order: Sequence[str] | None = None,
        roles: Mapping[str, str | Sequence[str]] | None = None,
        standards: Standards | None = None,
        session: Session | None = None,
    ) -> None:
        super().__init__()
        if action not in ("warn", "raise"):
            raise ValueError(f'the action is {action!r}, expected "warn" or "raise"')
        self._action = action
        self._waiting: NotBuiltError | None = None
        # This is computed here, so that mistakes in the arguments are reported before training and not during it.
        chosen = standards or standards_of(session or Session(), select, ignore, order, roles)
        self._inspect = partial(inspect_model, input_shape=input_shape, sample=sample, name=name, standards=chosen)

    def on_train_begin(self, logs: object = None) -> None:
        """Check the model."""
        self._waiting = None
        if self._action == "warn":
            self._warn()
            return
        report = self._inspect(self.model)
        if report.exit_status:
            raise LayerOrderError(report)
        if report.findings:  # of rules that only warn
            warnings.warn(_readable(report), LayerOrderWarning, stacklevel=2)

    def on_epoch_end(self, epoch: int, logs: object = None) -> None:
        """Check a model that was not built at the start."""
        if self._waiting is not None:
            self._waiting = None
            self._warn()

    def on_train_end(self, logs: object = None) -> None:
        """Warn if the model could not be checked."""
        if self._waiting is not None:
            _warn_unchecked(str(self._waiting))

    def _warn(self) -> None:
        """Warn about findings. Nothing that fails here may end a training that only asked for a warning."""
        try:
            report = self._inspect(self.model)
            text = _readable(report) if report.findings else ""
        except NotBuiltError as error:
            self._waiting = error
        except InspectionError as error:
            _warn_unchecked(str(error))
        except Exception as error:
            _warn_unchecked(f"internal error: {type(error).__name__}: {error} (a bug in orderlint: please report it)")
        else:
            if text:
                warnings.warn(text, LayerOrderWarning, stacklevel=3)


def _warn_unchecked(why: str) -> None:
    warnings.warn(f"the order of the layers was not checked: {why}", LayerOrderWarning, stacklevel=4)


def _readable(report: Report) -> str:
    """The findings as text, with their source lines if these are known."""
    from orderlint.report.formats import full
    from orderlint.report.view import View

    number = len(report.findings)
    head = f"{number} layer{'s' if number != 1 else ''} out of order"
    return f"{head}\n\n{full.render(report, View(source_lines))}".rstrip()
