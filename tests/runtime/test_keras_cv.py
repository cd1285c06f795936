"""Models of KerasCV, built small and without weights: `pip install 'orderlint[test-cv]'`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.runtime.library_models import check_model

cv = pytest.importorskip("keras_cv", reason="models of KerasCV are tried where it is installed")

IMAGE = {"include_rescaling": True, "input_shape": (32, 32, 3)}
TWO_STAGES: dict[str, Any] = {
    "stackwise_filters": [64, 64],
    "stackwise_blocks": [1, 1],
    "stackwise_strides": [1, 2],
    "block_type": "basic_block",
    **IMAGE,
}
SMALL_NETS: dict[str, Any] = {
    "stackwise_expansion": [1, 2],
    "stackwise_filters": [8, 8],
    "stackwise_kernel_size": [3, 5],
    "stackwise_stride": [2, 1],
    "stackwise_se_ratio": [0.25, None],
    "stackwise_activation": ["relu", "hard_swish"],
    **IMAGE,
}


def resnet(models: Any) -> Any:
    return models.ResNetBackbone(**TWO_STAGES)


# Not `ResNetV2Backbone`: it gives two layers one name, which Keras 3 refuses.
BUILDERS: dict[str, Callable[[Any], Any]] = {
    "ResNetBackbone": resnet,
    "DenseNetBackbone": lambda models: models.DenseNetBackbone(stackwise_num_repeats=[1, 1], growth_rate=4, **IMAGE),
    "MobileNetV3Backbone": lambda models: models.MobileNetV3Backbone(**SMALL_NETS),
    "CSPDarkNetBackbone": lambda models: models.CSPDarkNetBackbone(
        stackwise_channels=[8, 8], stackwise_depth=[1, 1], **IMAGE
    ),
    "VGG16Backbone": lambda models: models.VGG16Backbone(
        include_top=False, include_rescaling=True, input_shape=(32, 32, 3)
    ),
    "ImageClassifier": lambda models: models.ImageClassifier(resnet(models), 3),
}


@pytest.mark.parametrize("name", BUILDERS)
def test_a_model_of_keras_cv(name: str, tmp_path: Path) -> None:
    """The graph reaches the last layer and has no finding; the report on the file says that it contains no layers."""
    check_model(BUILDERS[name](cv.models), name, tmp_path)
