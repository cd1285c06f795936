"""The effects of `pass` layers and functions on the shape, and on a constant that is added to each channel."""

from __future__ import annotations

from typing import Final

from orderlint.catalog.entries import words

__all__ = ["keeps_shift", "rank_of", "shape_of"]

_SPATIAL: Final = words("""
    CenterCrop RandomCrop RandomHeight RandomWidth Resizing adaptive_average_pool adaptive_max_pool average_pool
    avg_pool avg_pool1d avg_pool2d avg_pool3d crop_images max_pool max_pool1d max_pool2d max_pool3d pool pool2d pool3d
    resize
    resize_bicubic resize_bilinear resize_images resize_nearest_neighbor resize_volumes
    """)
_SPATIAL_KINDS: Final = ("MaxPooling", "AveragePooling", "AdaptiveMaxPooling", "AdaptiveAveragePooling")
_RESIZED_KINDS: Final = ("Cropping", "UpSampling")
_BORDER: Final = words("pad pad_images resize_with_pad spatial_2d_padding spatial_3d_padding temporal_padding")
_OTHER: Final = words("""
    Flatten Permute RepeatVector Reshape array_split batch_flatten broadcast_to depth_to_space expand_dims flatten
    moveaxis permute_dimensions ravel repeat repeat_elements reshape rot90 slice space_to_depth split squeeze
    strided_slice swapaxes tile transpose unstack view
    """)
_SHIFT: Final = words("""
    Activation ActivityRegularization GaussianNoise Identity Rescaling bias_add cast cast_to_floatx convert_to_tensor
    copy ensure_shape identity negative saturate_cast scalar_mul stop_gradient to_float
    """)
_POOLS: Final = frozenset(name for name in _SPATIAL if "pool" in name)


def shape_of(name: str) -> str:
    """The effect of a `pass` layer or function on the shape: a value of the fact `shape`.

    >>> shape_of("MaxPooling2D"), shape_of("Flatten"), shape_of("Identity")
    ('spatial', 'other', 'same')
    """
    if name.startswith("Global"):
        return "global"
    if name in _SPATIAL or name.startswith((*_SPATIAL_KINDS, *_RESIZED_KINDS)):
        return "spatial"
    if name in _BORDER or name.startswith("ZeroPadding"):
        return "border"
    return "other" if name in _OTHER else "same"


def keeps_shift(name: str) -> bool:
    """Whether adding a constant to each channel before a layer is the same as adding one after it.

    This holds for averages, maxima, crops and scaling, but not for borders of zeros, other normalizations and masks.
    """
    kinds = ("Global", *_SPATIAL_KINDS, *_RESIZED_KINDS)
    return name in _SHIFT or name in _POOLS or name.startswith(kinds)


def rank_of(name: str) -> int | None:
    """The number of spatial axes in the name of a layer; `None` if there is none.

    >>> rank_of("Conv2DTranspose"), rank_of("Dense")
    (2, None)
    """
    for rank in (1, 2, 3):
        if f"{rank}D" in name:
            return rank
    return None
