"""The names that have the roles that rules need, for the screening.

The tables repeat data of the catalog, because the import of the catalog takes as long as the screening of a hundred
files. A test compares the two. Roles are bits here.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

__all__ = [
    "ACTIVATION",
    "BETWEEN_PIECES",
    "BITS",
    "DEFAULT",
    "DROPOUT",
    "EVERYTHING",
    "LINEAR",
    "NORM",
    "SHORTEST_FRAGMENT",
    "Vocabulary",
]

LINEAR, NORM, ACTIVATION, DROPOUT, OTHER = 1, 2, 4, 8, 16
EVERYTHING = LINEAR | NORM | ACTIVATION | DROPOUT | OTHER
BITS = {"linear": LINEAR, "norm": NORM, "activation": ACTIVATION, "dropout": DROPOUT}
"""The bit of each role, by its value; `OTHER` for the roles that no rule needs."""

LAYERS = {
    LINEAR: """
        AtrousConv1D AtrousConv2D AtrousConvolution1D AtrousConvolution2D Conv1D Conv1DTranspose Conv2D Conv2DTranspose
        Conv3D Conv3DTranspose Convolution1D Convolution1DTranspose Convolution2D Convolution2DTranspose Convolution3D
        Convolution3DTranspose Deconv2D Deconv3D Deconvolution2D Deconvolution3D Dense DepthwiseConv1D DepthwiseConv2D
        DepthwiseConvolution1D DepthwiseConvolution2D EinsumDense LocallyConnected1D LocallyConnected2D SeparableConv1D
        SeparableConv2D SeparableConvolution1D SeparableConvolution2D TimeDistributedDense
    """,
    NORM: "BatchNormalization BatchNormalizationV1 BatchNormalizationV2 SyncBatchNormalization",
    DROPOUT: "AlphaDropout Dropout GaussianDropout SpatialDropout1D SpatialDropout2D SpatialDropout3D",
}
"""Layers of Keras. Their names refer to them wherever they are read."""

FUNCTIONS = {
    NORM: "batch_normalization fused_batch_norm normalize_batch_in_training",
    DROPOUT: "dropout general_dropout stateless_dropout",
}
"""Functions. Their names are often variables, too, so they only count as attributes and in imports."""

KERAS_MARKS = {
    LINEAR: (b"Dense", b"Conv", b"econv", b"LocallyConnected"),
    NORM: (b"atchNorm", b"atchnorm", b"atch_norm", b"normalize_batch_in"),
    DROPOUT: (b"ropout",),
}

# Other libraries: written by `python -m tests.tools.write_vocabulary` from `catalog/libraries/`.
LIBRARY_LAYERS: tuple[tuple[int, str], ...] = (
    (
        LINEAR,
        """
        NoisyDense QConv1D QConv2D QConv2DTranspose QDense QDepthwiseConv2D QDepthwiseConv2DTranspose QSeparableConv1D
        QSeparableConv2D QSeparableConv2DTranspose QuantConv1D QuantConv2D QuantConv2DTranspose QuantConv3D
        QuantConv3DTranspose QuantDense QuantDepthwiseConv2D QuantLocallyConnected1D QuantLocallyConnected2D
        QuantSeparableConv1D QuantSeparableConv2D
        """,
    ),
    (
        NORM,
        """
        QBatchNormalization
        """,
    ),
    (
        LINEAR | NORM,
        """
        QConv2DBatchnorm QDepthwiseConv2DBatchnorm
        """,
    ),
    (
        DROPOUT,
        """
        DropBlock2D
        """,
    ),
)
LIBRARY_FUNCTIONS: tuple[tuple[int, str], ...] = ()
LIBRARY_MARKS: tuple[tuple[int, str], ...] = (
    (
        DROPOUT,
        """
        DropBlock2D
        """,
    ),
)
# end of other libraries


def _of_libraries(bit: int) -> tuple[bytes, ...]:
    """The marks of a role that only names of other libraries need."""
    return tuple(mark.encode() for of, marks in LIBRARY_MARKS if of == bit for mark in marks.split())


# Each name of a role contains one of these marks. They are searched for before anything else.
MARKS = {bit: (*marks, *_of_libraries(bit)) for bit, marks in KERAS_MARKS.items()}

BETWEEN_PIECES = b"\"'+() \t\r\n\\"
"""The characters between the pieces of a string that is written in several pieces."""

# An activation may be a layer, a function or a string, so its marks are searched for in lower case, and nothing is
# examined more closely.
KERAS_ACTIVATION_MARKS = (
    b"activation",
    b"bernoulli",
    b"binary",
    b"dorefa",
    b"elu",
    b"glu",
    b"ilu",
    b"mish",
    b"heaviside",
    b"lisht",
    b"quant",
    b"sign",
    b"snake",
    b"swish",
    b"tern",
    b"tlu",
    b"anh",
    b"igmoid",
    b"softmax",
    b"softplus",
    b"softsign",
    b"shrink",
    b"exponential",
    b"threshold",
    b"sparse",
    b"squareplus",
)
ACTIVATION_MARKS = (*KERAS_ACTIVATION_MARKS, *_of_libraries(ACTIVATION))


class Vocabulary:
    """Names and their roles.

    Args:
        added: The names to which a user or a package gave roles, with these roles.

    Attributes:
        extra: Those names as bytes, with their roles.
    """

    def __init__(self, added: Mapping[str, int] | None = None) -> None:
        self._added = dict(added or {})
        self._words: dict[str, int] | None = None
        self._functions: dict[str, int] | None = None
        self.extra = tuple((name.encode(), bits) for name, bits in self._added.items())
        self._fragments: dict[bool, dict[str, int]] = {}
        self._compiled: tuple[re.Pattern[bytes], re.Pattern[bytes]] | None = None

    @property
    def words(self) -> dict[str, int]:
        """The roles of each name that refers to a layer."""
        if self._words is None:
            self._words = _by_name((*LAYERS.items(), *LIBRARY_LAYERS))
            for name, bits in self._added.items():
                self._words[name] = self._words.get(name, 0) | self.functions.get(name, 0) | bits
        return self._words

    @property
    def functions(self) -> dict[str, int]:
        """The roles of each name that only counts as an attribute and in imports."""
        if self._functions is None:
            self._functions = _by_name((*FUNCTIONS.items(), *LIBRARY_FUNCTIONS))
        return self._functions

    def roles_by_marks(self, data: bytes, wanted: int = EVERYTHING) -> int:
        """The roles that a text may mention: maybe more than it does, never fewer."""
        found = 0
        for bit, marks in MARKS.items():
            if wanted & bit and any(mark in data for mark in marks):
                found |= bit
        if wanted & ACTIVATION:
            lower = data.lower().translate(None, BETWEEN_PIECES)
            if any(mark in lower for mark in ACTIVATION_MARKS):
                found |= ACTIVATION
        for name, bits in self.extra:
            if name in data:
                found |= bits
        return found

    def role_of(self, name: str) -> int:
        """The roles of a name; 0 if it has no known role."""
        return self.words.get(name, 0) | self.functions.get(name, 0)

    def roles_by_words(self, data: bytes, wanted: int) -> int:
        """The wanted roles of the layers whose names are words of a text."""
        found = self.roles_by_marks(data, wanted)
        if found & (LINEAR | NORM):
            found &= ~(LINEAR | NORM)
            for match in self._patterns()[0].finditer(data):
                if not data.endswith(_LETTERS, 0, match.start()):
                    found |= self.words[match[0].decode()] & wanted
        return found

    def roles_in_code(self, code: bytes, imported: frozenset[bytes]) -> int:
        """The roles of the names that code reads.

        Args:
            code: The text without its strings and comments.
            imported: The names that it imports from modules.
        """
        words, functions = self._patterns()
        found = 0
        for match in words.finditer(code):
            if not code.endswith(_NO_READS, 0, match.start()):
                found |= self.words[match[0].decode()]
        bare = b"*" in imported
        for name, bits in self.functions.items():
            if bits & ~found and (name.encode() in imported or (bare and name.encode() in code)):
                found |= bits
        for match in functions.finditer(code):
            if not code.endswith(_OWN, 0, match.start()):
                found |= self.functions[match[1].decode()]
        return found

    def _patterns(self) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
        """The patterns for names of layers as words, and for names of functions as attributes."""
        if self._compiled is None:
            import re

            words, functions = (
                b"|".join(re.escape(name).encode() for name in sorted(names, key=len, reverse=True))
                for names in (self.words, self.functions)
            )
            # The text before a match is checked afterward: a pattern that begins with it is much slower.
            self._compiled = re.compile(rb"(?:" + words + rb")\b"), re.compile(rb"\.\s*(" + functions + rb")\b")
        return self._compiled

    def roles_of_beginnings(self, data: bytes, wanted: int, any_case: bool) -> int:
        """The wanted roles of the layers whose names may begin with a string in a text."""
        if any_case:
            data = data.lower()
        begins = {
            (word.lower() if any_case else word)[:SHORTEST_FRAGMENT].encode()
            for word, bits in self.words.items()
            if bits & wanted
        }
        found = 0
        for one in begins:
            at = data.find(one)
            while at >= 0:
                if not data[at - 1 : at].isalnum() or data[max(at - 2, 0) : at] in _PLACES:
                    end = at
                    while data[end : end + 1].isalnum():
                        end += 1
                    found |= self.roles_of_fragment([data[at:end].decode()], any_case)
                at = data.find(one, at + 1)
        return found & wanted

    def roles_of_fragment(self, pieces: list[str], any_case: bool = False) -> int:
        """The roles of the layers whose names a string with these pieces may begin, such as `Batch` or `Conv` and `D`.

        The end of a name alone, such as `Normalization`, is the end of layers with different roles, or a whole name.

        Args:
            pieces: The pieces of the string, without placeholders.
            any_case: Whether code changes the case of strings.
        >>> DEFAULT.roles_of_fragment(["Conv", "D"]) == LINEAR, DEFAULT.roles_of_fragment(["batch"])
        (True, 0)
        """
        table = self._fragments.get(any_case)
        if table is None:
            table = self._fragments[any_case] = self._all_fragments(any_case)
        if any_case:
            pieces = [piece.lower() for piece in pieces]
        roles = 0
        for piece in pieces:
            roles |= table.get("^" + piece, 0)
        if roles:
            for piece in pieces:
                roles &= table.get(piece, 0)
        return roles

    def _all_fragments(self, any_case: bool) -> dict[str, int]:
        """All substrings of the layers' names, with the roles of the layers.

        Beginnings of names are also included with a `^` before them.
        """
        table: dict[str, int] = {}
        for word, bits in self.words.items():
            text = word.lower() if any_case else word
            for start in range(len(text)):
                for end in range(start + 1, len(text) + 1):
                    part = text[start:end]
                    table[part] = table.get(part, 0) | bits
            for end in range(min(SHORTEST_FRAGMENT, len(text)), len(text) + 1):
                table["^" + text[:end]] = table.get("^" + text[:end], 0) | bits
        return table


def _by_name(table: tuple[tuple[int, str], ...]) -> dict[str, int]:
    return {name: bits for bits, names in table for name in names.split()}


_LETTERS = tuple(bytes([code]) for code in b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
_OWN = (b" self", b"\tself", b"\nself", b"(self", b"=self", b"[self", b",self", b" cls", b"(cls", b"=cls")
_NO_READS = (*_LETTERS, b"class ", *(own + b"." for own in _OWN))  # text before a name that is not a name of Keras
_PLACES = (b"%s", b"%d")  # a piece of a name may follow these

SHORTEST_FRAGMENT = 3
"""The fewest letters of a separate string that may begin a name. Shorter strings begin all kinds of words."""

DEFAULT = Vocabulary()
"""The names of the catalog."""
