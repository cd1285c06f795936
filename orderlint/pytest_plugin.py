"""The pytest plugin: a fixture, and models as test items.

It is loaded wherever orderlint is installed, and does nothing until it is used:

    def test_layers(layer_order):
        layer_order(build_model())

    # pyproject.toml: each becomes a test item, run like any other
    [tool.pytest.ini_options]
    layer_order_models = ["zoo.nets:build", "models/best.keras"]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from orderlint.judging import Standards

__all__: list[str] = []

_INI = "layer_order_models"
_MARKER = "layer_order"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini(
        _INI,
        "models whose order of layers is checked, each as a test item: package.module:factory, file.py::factory "
        "(these run their code), model.keras, model.h5, model.json",
        type="linelist",
        default=[],
    )
    parser.getgroup("orderlint").addoption(
        "--layer-order",
        action="append",
        default=[],
        metavar="TARGET",
        help=f"check the order of layers of this model as a test item; may be repeated (see the ini option {_INI})",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", f"{_MARKER}: a model listed in {_INI} or given by --layer-order")


@pytest.hookimpl(tryfirst=True)  # before -k and -m select, so that they also apply to these items
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    items.extend(
        _ModelItem.from_parent(session, name=target, nodeid=f"{_MARKER}::{target}") for target in _targets(config)
    )


def _targets(config: pytest.Config) -> Iterator[str]:
    given: list[str] = list(config.getoption("--layer-order"))
    if config.args_source is not config.ArgsSource.ARGS:  # if the user names tests, only these are run
        given += config.getini(_INI)
    return iter(dict.fromkeys(given))


class _ModelItem(pytest.Item):
    """A model as a test, which passes if its layers are in order."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.funcargs: dict[str, Any] = {}  # other plugins read it
        self.add_marker(_MARKER)

    def runtest(self) -> None:
        from orderlint.engine.asserting import LayerOrderError, warn_of
        from orderlint.engine.inspecting import inspect_target

        report = inspect_target(self.name, _standards(self.config)).report
        if report.exit_status:
            raise LayerOrderError(report)
        warn_of(report)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        from orderlint.engine.asserting import LayerOrderError
        from orderlint.engine.inspecting import InspectionError

        if isinstance(excinfo.value, (InspectionError, LayerOrderError)):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, f"{_MARKER}: {self.name}"


def _standards(config: pytest.Config) -> Standards:
    from orderlint.engine.inspecting import configured_standards

    return configured_standards(config.rootpath / "model")


@pytest.fixture
def layer_order(pytestconfig: pytest.Config) -> Callable[..., None]:
    """Asserts that the layers of a model are in order: `layer_order(model)`.

    It accepts the arguments of `orderlint.assert_layer_order`. Without any of them that select rules, an order or
    roles, the configuration of the project applies.
    """
    from orderlint.engine.asserting import assert_layer_order, hides_from_pytest

    standards = _standards(pytestconfig)

    def check(model: Any, input_shape: Any = None, **options: Any) -> None:
        __tracebackhide__ = hides_from_pytest
        if not {"select", "ignore", "order", "roles", "standards"} & options.keys():
            options["standards"] = standards
        assert_layer_order(model, input_shape, **options)

    return check
