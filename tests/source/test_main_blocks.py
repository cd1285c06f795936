"""The code under `if __name__ == "__main__":` is run last, if it can find anything new."""

from __future__ import annotations

import pytest

from orderlint.source import analyze
from orderlint.text.files import source_from_text

HEADER = "from keras import Input, layers\n"
NET = "def main():\n    return layers.ReLU()(Input((3,)))\n"
GIVEN = "def main(n=3, *, m=4):\n    return layers.ReLU()(Input((n,)))\n"


def roots(text: str) -> list[str]:
    """The names of the roots in a file that apply layers, in order."""
    return [graph.name for graph in analyze(source_from_text(HEADER + text, "net.py")) if graph.calls]


def main_block(text: str) -> str:
    """Code with a main block."""
    return f"{text}if __name__ == '__main__':\n    "


def test_a_function_without_parameters_is_not_run_again() -> None:
    """It was judged separately, and its call in the main block is only context."""
    assert roots(main_block(NET) + "main()\n") == ["main"]
    assert roots(main_block(NET) + "main()\n    main()\n") == ["main"]


@pytest.mark.parametrize(
    "text",
    [
        main_block(NET) + "y = layers.Dropout(0.5)(main())\n",
        main_block(NET) + "main()\n    layers.Dropout(0.5)(Input((3,)))\n",
        main_block(GIVEN) + "main()\n",
        main_block(GIVEN) + "main(8)\n",
        main_block("def main(*shapes, **settings):\n    return layers.ReLU()(Input(shapes))\n") + "main()\n",
    ],
)
def test_what_else_a_main_block_does_is_run(text: str) -> None:
    """Layers in the main block, and functions called with arguments or defaults, are judged."""
    assert roots(text) == ["main", "__main__"]


def test_what_only_the_main_block_knows_is_run() -> None:
    """A function that mentions no layers was not judged separately."""
    text = "def make(n):\n    return layers.ReLU()(Input((n,)))\nclass A:\n    def run(self):\n        make(3)\n"
    assert "__main__" in roots(main_block(text) + "A().run()\n")
