"""The suffixes of files, and the words that a file about Keras, or a configuration of orderlint, must contain.

Nothing is imported here, not even `re`, because fast runs only need this module.
"""

from __future__ import annotations

__all__ = [
    "FRAMEWORKS",
    "LONGEST_PLAIN_MODULE",
    "MODEL_MARKS",
    "SAVED_MODELS",
    "SUFFIXES",
    "mentions_keras",
    "mentions_orderlint",
]

SUFFIXES = (".py", ".pyw", ".ipynb")
"""The suffixes of source files, in lower case."""

SAVED_MODELS = (".keras", ".h5", ".hdf5")
"""The suffixes of saved models, in lower case."""

LONGEST_PLAIN_MODULE = 20_000
"""The most characters of an imported module that is run although it does not mention Keras: it may contain settings."""

# Of their modules only the code that builds models is read (`keras.applications`); their layers are in the catalog.
FRAMEWORKS = frozenset({"keras", "tensorflow", "tf_keras", "numpy", "torch", "flax", "jax", "keras_core"})

# One search for each is five times as fast as one regular expression. Snippets may contain judged layers without an
# import. Everything else that builds a model is imported.
MODEL_MARKS = (
    b"keras",
    b"tensorflow",
    b"layers",
    b"Sequential",
    b"Dense",
    b"ropout",
    b"Normalization",
    b"batch_normalization",  # not just `normalization`, which occurs in all kinds of texts
    b"BatchNorm",
    b"Activation",
    b"Convolution",
)
_CONVOLUTIONS = (b"Conv1D", b"Conv2D", b"Conv3D")


def mentions_orderlint(data: bytes) -> bool:
    """Whether a file contains the name of orderlint. One in UTF-16 or UTF-32 counts, so that it is reported."""
    return b"orderlint" in data.replace(b"\0", b"")


def mentions_keras(data: bytes) -> bool:
    """Whether a file contains any of the words about Keras."""
    for mark in MODEL_MARKS:
        if mark in data:
            return True
    # Most files do not even contain the beginning that the three share.
    return b"Conv" in data and any(mark in data for mark in _CONVOLUTIONS)
