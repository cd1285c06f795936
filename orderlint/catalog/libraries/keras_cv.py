"""KerasCV: dropout of blocks, whole blocks of layers, and the augmentation of images.

`DropPath` drops whole samples, with their statistics: noise, as `GaussianNoise` is. `StochasticDepth` takes a
shortcut and a residual and adds them.

Source: github.com/keras-team/keras-cv, keras_cv/api/layers/__init__.py, keras_cv/src/layers/*.py,
keras_cv/src/layers/regularization/*.py.
"""

from __future__ import annotations

from typing import Final

from orderlint.catalog.library import Library, layers, merged
from orderlint.graph import Role

__all__ = ["LIBRARY"]

_PASS = """
DropPath:GaussianNoise AugMix AutoContrast ChannelShuffle CutMix Equalization FourierMix Grayscale GridMask
JitteredResize:Resizing MixUp Mosaic Posterization RandAugment RandomApply RandomBrightness RandomChoice
RandomColorDegeneration RandomColorJitter RandomContrast RandomCrop:RandomCrop RandomCutout RandomFlip
RandomGaussianBlur RandomHue RandomRotation RandomSaturation RandomSharpness RandomShear RandomTranslation RandomZoom
Rescaling:Rescaling Resizing:Resizing Solarization
"""
_BOUNDARY = """
AddPositionalEmbedding AddRelativePositionalEmbedding Augmenter BoxMatcher FeaturePyramid FusedMBConvBlock
HierarchicalTransformerEncoder MBConvBlock MultiHeadAttentionWithRelativePE OverlappingPatchingAndEmbedding
PatchingAndEmbedding ROIGenerator ROIPooler SegFormerMultiheadAttention SpatialPyramidPooling SqueezeAndExcite2D
TransformerEncoder ViTDetPatchingAndEmbedding WindowPartitioning WindowedTransformerEncoder
"""

LIBRARY: Final = Library(
    roots=("keras_cv",),
    entries=merged(
        layers(Role.DROPOUT, "DropBlock2D:SpatialDropout2D", {"DropBlock2D": "rate block_size seed"}),
        layers(Role.PASS, _PASS),
        layers(Role.MERGE, "StochasticDepth"),
        layers(Role.BOUNDARY, _BOUNDARY),
    ),
)
