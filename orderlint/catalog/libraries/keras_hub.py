"""KerasHub, KerasNLP before: embeddings, transformer blocks, and another normalization.

Source: github.com/keras-team/keras-hub, keras_hub/api/layers/__init__.py, keras_hub/src/layers/modeling/*.py.
"""

from __future__ import annotations

from typing import Final

from orderlint.catalog.library import Library, layers, merged
from orderlint.graph import Role

__all__ = ["LIBRARY"]

_BOUNDARY = """
AlibiBias AnchorGenerator BoxMatcher CachedMultiHeadAttention FNetEncoder MaskedLMHead MaskedLMMaskGenerator
MultiSegmentPacker NonMaxSuppression PositionEmbedding RandomDeletion RandomSwap ReversibleEmbedding RotaryEmbedding
SinePositionEncoding StartEndPacker TokenAndPositionEmbedding TransformerDecoder TransformerEncoder
"""

LIBRARY: Final = Library(
    roots=("keras_hub", "keras_nlp"),
    entries=merged(
        layers(Role.PASS, "RMSNormalization ImageConverter"),
        layers(Role.BOUNDARY, _BOUNDARY),
    ),
)
