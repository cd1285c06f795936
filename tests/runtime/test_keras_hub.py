"""Models of KerasHub, built small and without weights: `pip install 'orderlint[test-hub]'`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import orderlint
from tests.runtime.library_models import check_model

hub = pytest.importorskip("keras_hub", reason="models of KerasHub are tried where it is installed")

TEXT = {"vocabulary_size": 50, "num_layers": 1, "num_heads": 2, "hidden_dim": 8, "intermediate_dim": 16}
LANGUAGE = {
    "vocabulary_size": 50,
    "num_layers": 1,
    "num_query_heads": 2,
    "num_key_value_heads": 1,
    "hidden_dim": 8,
    "intermediate_dim": 16,
}
IMAGE = {"image_shape": (32, 32, 3)}


def vgg(models: Any) -> Any:
    return models.VGGBackbone([1, 1], [4, 8], **IMAGE)


def vit(models: Any) -> Any:
    return models.ViTBackbone((16, 16, 3), (8, 8), 1, 2, 8, 16, dropout_rate=0.1)


def resnet(models: Any) -> Any:
    return models.ResNetBackbone([64], [3], [64, 64], [1, 1], [1, 2], "basic_block", **IMAGE)


BUILDERS: dict[str, Callable[[Any], Any]] = {
    "VGGBackbone": vgg,
    "ViTBackbone": vit,
    "ResNetBackbone": resnet,
    "DenseNetBackbone": lambda models: models.DenseNetBackbone([1, 1], growth_rate=4, **IMAGE),
    "XceptionBackbone": lambda models: models.XceptionBackbone([[4, 4]], [True], image_shape=(64, 64, 3)),
    "BertBackbone": lambda models: models.BertBackbone(**TEXT),
    "DistilBertBackbone": lambda models: models.DistilBertBackbone(**TEXT),
    "RobertaBackbone": lambda models: models.RobertaBackbone(**TEXT),
    "AlbertBackbone": lambda models: models.AlbertBackbone(50, 1, 2, 8, 8, 16),
    "FNetBackbone": lambda models: models.FNetBackbone(50, 1, 8, 16),
    "ElectraBackbone": lambda models: models.ElectraBackbone(50, 1, 2, 8, 8, 16),
    "GPT2Backbone": lambda models: models.GPT2Backbone(**TEXT),
    "OPTBackbone": lambda models: models.OPTBackbone(**TEXT),
    "BloomBackbone": lambda models: models.BloomBackbone(**TEXT),
    "GemmaBackbone": lambda models: models.GemmaBackbone(head_dim=4, **LANGUAGE),
    "LlamaBackbone": lambda models: models.LlamaBackbone(**LANGUAGE),
    "VGGImageClassifier": lambda models: models.VGGImageClassifier(vgg(models), 3, dropout=0.3),
    "ViTImageClassifier": lambda models: models.ViTImageClassifier(vit(models), 3, dropout=0.1),
    "BertTextClassifier": lambda models: models.BertTextClassifier(models.BertBackbone(**TEXT), 3, preprocessor=None),
    "BertMaskedLM": lambda models: models.BertMaskedLM(models.BertBackbone(**TEXT), preprocessor=None),
    "GPT2CausalLM": lambda models: models.GPT2CausalLM(models.GPT2Backbone(**TEXT), preprocessor=None),
}


@pytest.mark.parametrize("name", BUILDERS)
def test_a_model_of_keras_hub(name: str, tmp_path: Path) -> None:
    """The graph reaches the last layer and has no finding; the report on the file says that it contains none."""
    check_model(BUILDERS[name](hub.models), name, tmp_path)


def test_layers_of_keras_hub_in_a_file(keras3: Any, tmp_path: Path) -> None:
    """A file does not contain the layers inside their classes: the object is checked, the file's report names them."""
    layers = keras3.layers
    source = keras3.Input((4, 8))
    x = hub.layers.TransformerEncoder(16, 2, name="encoder")(layers.Dense(8, "relu")(source))
    model = keras3.Model(source, layers.BatchNormalization(name="bn")(layers.Dense(8, "relu")(x)))
    model.save(tmp_path / "model.keras")
    assert "bn" in [finding.location.layer for finding in orderlint.inspect_model(model)]
    report = orderlint.inspect_file(tmp_path / "model.keras")
    assert [finding.location.layer for finding in report] == ["bn"]
    assert any("`encoder` (TransformerEncoder)" in warning.message for warning in report.warnings)
