"""The common base of the Keras callbacks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

__all__ = ["KerasCallback"]


class KerasCallback:
    """The base class of callbacks for every generation of Keras. It imports none of them.

    Attributes:
        model: The model in training. Keras sets it, and the parameters of the training.
    """

    async_safe: Final = True  # it does nothing at the end of a batch, so Keras need not wait for it

    def __init__(self) -> None:
        self.model: Any = None
        self.params: Mapping[str, Any] = {}

    def set_model(self, model: Any) -> None:
        """Set the model that is trained."""
        self.model = model

    def set_params(self, params: Mapping[str, Any]) -> None:
        """Set the parameters of the training."""
        self.params = params

    def __getattr__(self, name: str) -> Callable[..., Any]:
        # Each generation of Keras calls different methods of callbacks. All others do nothing.
        if name.startswith(("on_", "_implements_")):
            return _nothing
        raise AttributeError(name)


def _nothing(*args: Any, **kwargs: Any) -> None:
    return None
