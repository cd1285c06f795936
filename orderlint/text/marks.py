"""The suffixes of source files, and the words that a file about Keras must contain.

Nothing is imported here, not even `re`: this module is on the way of a run that ends before anything else is needed.
"""

from __future__ import annotations

__all__ = ["FRAMEWORKS", "LONGEST_PLAIN_MODULE", "MODEL_MARKS", "SUFFIXES", "mentions_keras"]

SUFFIXES = (".py", ".pyw", ".ipynb")
"""What the names of files of source end with, in lower case."""

LONGEST_PLAIN_MODULE = 20_000
"""The characters of an imported module that mentions nothing of Keras and is run all the same: it may hold settings."""

# Of their modules only the code that builds models is read (`keras.applications`); their layers are in the catalog.
FRAMEWORKS = frozenset({"keras", "tensorflow", "tf_keras", "numpy", "torch", "flax", "jax", "keras_core"})

# One search for each is five times faster than a regular expression for all. The judged layers come alone in pasted
# snippets; whatever else builds a model is imported.
MODEL_MARKS = (
    b"keras",
    b"tensorflow",
    b"layers",
    b"Sequential",
    b"Dense",
    b"ropout",
    b"Normalization",
    b"batch_normalization",  # not what ends in it: texts of all kinds speak of normalization
    b"BatchNorm",
    b"Activation",
    b"Convolution",
)
_CONVOLUTIONS = (b"Conv1D", b"Conv2D", b"Conv3D")


def mentions_keras(data: bytes) -> bool:
    """Whether a file mentions anything of Keras."""
    for mark in MODEL_MARKS:
        if mark in data:
            return True
    # One search for the beginning that the three share: most files hold none of them.
    return b"Conv" in data and any(mark in data for mark in _CONVOLUTIONS)
