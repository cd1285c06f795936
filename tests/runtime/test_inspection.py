"""The API for built models: reports, the assertion and the callback."""

from __future__ import annotations

import pickle
import sys
import warnings
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from orderlint.catalog import RoleTable
from orderlint.diagnostics import Report
from orderlint.engine.asserting import LayerOrderCallback, LayerOrderError, LayerOrderWarning, assert_layer_order
from orderlint.engine.inspecting import InspectionError, inspect_file, inspect_model
from orderlint.graph import Role
from orderlint.judging import UnknownRule
from tests.judged import standards


def misordered(keras: Any) -> Any:
    layers = keras.layers
    inner = keras.Sequential(
        [keras.Input((4,)), layers.Dense(4, activation="relu", name="fc"), layers.BatchNormalization(name="bn")],
        name="block",
    )
    source = keras.Input((4,), name="source")
    return keras.Model(source, layers.Dense(1, name="head")(inner(source)), name="net")


def ordered(keras: Any) -> Any:
    layers = keras.layers
    return keras.Sequential(
        [keras.Input((4,)), layers.Dense(1, name="fc"), layers.BatchNormalization(name="bn"), layers.ReLU(name="act")]
    )


def codes(report: Report) -> list[tuple[str, str | None]]:
    return [(finding.code, finding.location.layer) for finding in report]


def test_report(keras: Any) -> None:
    """A finding has the layer path, the chain, the recommended chain and the other layer of the pair."""
    report = inspect_model(misordered(keras))
    (finding,) = report
    assert (finding.code, finding.name) == ("ORD001", "norm-after-activation")
    assert (finding.location.path, finding.location.line, finding.location.layer) == ("net", 0, "block/bn")
    assert finding.chain == ("Dense", "ReLU", "BatchNormalization")
    assert finding.recommended == ("Dense", "BatchNormalization", "ReLU")
    assert finding.related[0].location.layer == "block/fc"
    assert finding.repair is not None
    assert not finding.repair.available
    assert "in the code that builds the model" in str(finding.repair.reason)
    assert report.files == 1
    assert pickle.loads(pickle.dumps(report)) == report


def test_findings_follow_the_flow_of_data(keras: Any) -> None:
    """They are in the order of the layers, independent of names and rules."""
    layers = keras.layers
    stack = [keras.Input((4,)), layers.Dense(2, "relu", name="a"), layers.BatchNormalization(name="z")]
    stack += [layers.Dense(2, name="b"), layers.Dropout(0.5, name="y"), layers.BatchNormalization(name="c")]
    stack += [layers.ReLU(name="d"), layers.Dense(2, "relu", name="e"), layers.BatchNormalization(name="x")]
    found = codes(inspect_model(keras.Sequential(stack)))
    assert found == [("ORD001", "z"), ("ORD002", "y"), ("ORD003", "y"), ("ORD001", "x")]


def test_clean_model(keras: Any) -> None:
    """No findings, status 0."""
    report = inspect_model(ordered(keras))
    assert not report.findings
    assert report.exit_status == 0


def test_name_selection_order_and_roles(keras3: Any) -> None:
    """The options of the configuration are arguments."""
    model = misordered(keras3)
    assert inspect_model(model, name="best").findings[0].location.path == "best"
    assert codes(inspect_model(model, ignore=["ORD001"])) == []
    assert codes(inspect_model(model, select=["norm-after-activation"])) == [("ORD001", "block/bn")]
    assert codes(inspect_model(model, order=["activation", "norm", "dropout"])) == []
    assert codes(inspect_model(ordered(keras3), order=["activation", "norm", "dropout"])) != []
    everything = inspect_model(ordered(keras3), select=["ALL"])
    assert ("ORD101", "fc") in codes(everything)
    layer_norm = keras3.Sequential(
        [keras3.Input((4,)), keras3.layers.Dense(4, "relu"), keras3.layers.LayerNormalization(name="ln")]
    )
    assert codes(inspect_model(layer_norm)) == []
    assert codes(inspect_model(layer_norm, roles={"tf.keras.layers.LayerNormalization": "norm"})) == [("ORD001", "ln")]


def test_warnings_fail_nothing(keras3: Any) -> None:
    """A code under `warn` is reported, and the assertion passes with a warning."""
    mild = standards(warn=frozenset({"ORD001"}))
    report = inspect_model(misordered(keras3), standards=mild)
    assert len(report) == 1
    assert report.exit_status == 0
    with pytest.warns(LayerOrderWarning, match="1 layer out of order"):
        assert_layer_order(misordered(keras3), standards=mild)


def test_what_cannot_be_opened_is_a_warning(keras3: Any) -> None:
    """The report names the layer and the reason."""

    class Opaque(keras3.layers.Layer):
        stuck = False

        def call(self, x: Any) -> Any:
            if self.stuck:
                raise RuntimeError("no")
            return x

    source = keras3.Input((4,))
    layer = Opaque(name="opaque")
    model = keras3.Model(source, layer(source))
    layer.stuck = True
    (warning,) = inspect_model(model).warnings
    assert warning.message.startswith("not checked: `opaque` (Opaque) cannot be traced, stopped by ")
    with pytest.warns(LayerOrderWarning, match="only partly checked: .*`opaque`"):
        assert_layer_order(model)


def test_two_graphs_one_finding(keras: Any) -> None:
    """A finding in training and inference is reported once; one in either is reported, too."""
    layers = keras.layers

    class Net(keras.Model):
        def __init__(self) -> None:
            super().__init__(name="net")
            self.fc, self.bn = layers.Dense(4, "relu", name="fc"), layers.BatchNormalization(name="bn")
            self.drop, self.late = layers.Dropout(0.5, name="drop"), layers.BatchNormalization(name="late")

        def call(self, x: Any, training: bool | None = None) -> Any:
            x = self.bn(self.fc(x))
            if training:
                x = self.drop(x)
            return self.late(x)

    found = codes(inspect_model(Net(), (3,)))
    assert found.count(("ORD001", "bn")) == 1
    assert found.count(("ORD002", "drop")) == 1


def test_assertion(keras: Any) -> None:
    """`LayerOrderError` is an `AssertionError` with the report as its text."""
    assert_layer_order(ordered(keras))
    with pytest.raises(AssertionError) as caught:
        assert_layer_order(misordered(keras))
    assert isinstance(caught.value, LayerOrderError)
    text = str(caught.value)
    assert text.startswith("1 layer out of order\n\nORD001 ")
    assert "net:block/bn" in text
    assert "Dense → ReLU → BatchNormalization" in text
    assert len(caught.value.report) == 1


def test_assertion_on_what_is_no_model() -> None:
    """An error in the test is not a failed assertion."""
    with pytest.raises(InspectionError):
        assert_layer_order([1, 2])


def fit(keras: Any, model: Any, callback: LayerOrderCallback) -> Any:
    model.compile("sgd", "mse")
    return model.fit(np.zeros((4, 4), "float32"), np.zeros((4, 1), "float32"), callbacks=[callback], verbose=0)


def test_callback_warns(keras: Any) -> None:
    """Once, at the start of `fit`, and training continues."""
    with pytest.warns(LayerOrderWarning, match="1 layer out of order") as caught:
        history = fit(keras, misordered(keras), LayerOrderCallback())
    assert sum(issubclass(warning.category, LayerOrderWarning) for warning in caught) == 1
    assert len(history.history["loss"]) == 1


def test_callback_raises(keras: Any) -> None:
    """With `action="raise"`, there is no training."""
    model = misordered(keras)
    before = [weight.numpy().copy() for weight in model.trainable_weights]
    with pytest.raises(LayerOrderError):
        fit(keras, model, LayerOrderCallback("raise"))
    assert all((weight.numpy() == old).all() for weight, old in zip(model.trainable_weights, before, strict=True))


def test_callback_is_silent_on_a_clean_model(keras: Any) -> None:
    """Also with selected rules."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", LayerOrderWarning)
        fit(keras, ordered(keras), LayerOrderCallback("raise"))
        fit(keras, misordered(keras), LayerOrderCallback("raise", ignore=["ORD001"]))


def test_callback_on_a_subclassed_model(keras: Any) -> None:
    """A model with unknown input is checked with the given shape, or after the first training step."""
    layers = keras.layers

    class Net(keras.Model):
        def __init__(self) -> None:
            super().__init__(name="net")
            self.fc, self.bn = layers.Dense(1, "relu", name="fc"), layers.BatchNormalization(name="bn")

        def call(self, x: Any) -> Any:
            return self.bn(self.fc(x))

    with pytest.warns(LayerOrderWarning, match="1 layer out of order"):  # after the first epoch
        fit(keras, Net(), LayerOrderCallback())
    with pytest.warns(LayerOrderWarning, match="1 layer out of order"):
        fit(keras, Net(), LayerOrderCallback(input_shape=(4,)))


def test_callback_action() -> None:
    """There are two."""
    with pytest.raises(ValueError, match="the action is 'stop', expected \"warn\""):
        LayerOrderCallback("stop")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"select": ["nope"]}, UnknownRule, r"unknown rule `nope` \(`orderlint rules` lists all rules\)"),
        ({"ignore": ["ORD00X"]}, UnknownRule, "unknown rule `ORD00X`; did you mean `ORD001`?"),
        ({"select": "ORD001"}, TypeError, r'select is a list of rules, such as \["ORD001"\]'),
        ({"order": ["nope"]}, ValueError, "unknown role 'nope'; expected one of linear, norm"),
        ({"roles": {"lab.Glue": "glue"}}, ValueError, "unknown role 'glue'"),
        ({"selct": ["ORD001"]}, TypeError, "'selct'"),
    ],
)
def test_callback_with_wrong_arguments(options: Any, error: type[Exception], said: str) -> None:
    """Wrong arguments are an error of the constructor, not of the training."""
    with pytest.raises(error, match=said):
        LayerOrderCallback("warn", **options)


def test_saved_file(keras: Any, tmp_path: Path) -> None:
    """The findings of the model in the file, with its path."""
    model = misordered(keras)
    model.save(tmp_path / "net.keras")
    live, saved = inspect_model(model).findings[0], inspect_file(tmp_path / "net.keras").findings[0]
    assert saved.location.path == (tmp_path / "net.keras").as_posix()
    assert (saved.code, saved.chain, saved.location.layer) == (live.code, live.chain, live.location.layer)
    with pytest.raises(InspectionError):
        inspect_file(tmp_path / "none.keras")


def test_roles_reach_files(keras3: Any, tmp_path: Path) -> None:
    """A custom object of a file can have a configured role."""

    class Glue(keras3.layers.Layer):
        def call(self, x: Any) -> Any:
            return x

    source = keras3.Input((4,))
    x = Glue(name="glue")(keras3.layers.Dense(4, "relu")(source))
    keras3.Model(source, keras3.layers.BatchNormalization(name="bn")(x)).save(tmp_path / "net.keras")
    assert codes(inspect_file(tmp_path / "net.keras")) == []
    name = f"{Glue.__module__}.Glue"
    assert codes(inspect_file(tmp_path / "net.keras", roles={name: "pass"})) == [("ORD001", "bn")]
    assert RoleTable.of({name: [Role.PASS]}).find(name) is not None


@pytest.mark.parametrize("name", ["lab.norm.SyncNorm", "lab.nroms.SyncNorm", "lab.norms.SyncNrom"])
def test_a_role_that_is_given_to_a_misspelled_class_is_asked_about(keras3: Any, tmp_path: Path, name: str) -> None:
    """In a model and in its file: the layer has no role, and a similar name that does not exist has one."""
    norm = type("SyncNorm", (keras3.layers.Layer,), {"call": lambda self, inputs: inputs, "__module__": "lab.norms"})
    layers = [keras3.Input((4,)), keras3.layers.Dense(4, activation="relu"), norm(name="bn")]
    model = keras3.Sequential(layers)
    model.save(tmp_path / "net.keras")
    question = f"`lab.norms.SyncNorm` has no role, but `roles` names `{name}`: is that the same layer?"
    for inspected in (partial(inspect_model, model), partial(inspect_file, tmp_path / "net.keras")):
        assert [one.message for one in inspected(roles={name: "norm"}).warnings][-1] == question
        for names in ((name, "lab.norms.SyncNorm"), ("lab.v2.SyncNorm",)):
            told = inspected(roles=dict.fromkeys(names, "norm")).warnings
            assert not [one for one in told if "is that the same layer" in one.message]


def test_a_class_that_is_there_is_no_misspelling(keras3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two similar names of classes that are both loaded are both correct."""
    monkeypatch.setitem(sys.modules, "lab", SimpleNamespace(SyncNrom=object))
    norm = type("SyncNorm", (keras3.layers.Layer,), {"call": lambda self, inputs: inputs, "__module__": "lab"})
    model = keras3.Sequential([keras3.Input((4,)), norm()])
    assert inspect_model(model, roles={"lab.SyncNrom": "norm"}).warnings == ()
    monkeypatch.delattr(sys.modules["lab"], "SyncNrom")
    assert len(inspect_model(model, roles={"lab.SyncNrom": "norm"}).warnings) == 1
