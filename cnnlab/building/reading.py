"""From the text of a network to its layers and blocks, or to all its mistakes at once.

Nothing is executed, and everything is bounded: the text, the nesting, the layers after repeating. It does not
know whether the layers fit together.
"""

from cnnlab.building.mistakes import Mistake, NotationProblem, Place, did_you_mean, listed, quoted
from cnnlab.building.nodes import BlockNode, Body, LayerNode, Node, Notation, count_layers
from cnnlab.building.settings import Unreadable, read_settings, value_of
from cnnlab.building.tokens import END, FINISH, WORD, Token, tokens
from cnnlab.building.words import BLOCKS, KNOWN, LARGEST_SIDE, LAYERS, SYNONYMS, Setting

LONGEST_TEXT = 4_000
MOST_LAYERS = 500
MOST_NESTED = 8
MOST_BRANCHES = 16
MOST_REPEATS = 100
SIDE = Setting("input", 1, LARGEST_SIDE)
COUNT = Setting("count", 1, MOST_REPEATS)
EXAMPLE_INPUT = (3, 32, 32)
FORMS = {
    "repeat": "repeat 3 { … }",
    "skip": "skip { … }",
    "gate": "gate { … }",
    "parallel": "parallel { … | … }",
}


def read_notation(text: str) -> Notation:
    """Read a network; raises `NotationProblem` with every mistake.

    >>> read_notation("input 1x28x28; conv 8 k3; relu").body[0].settings["kernel"]
    (3, 3)
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > LONGEST_TEXT:
        sentence = f"the text has {len(text):,} signs, and at most {LONGEST_TEXT:,} are read. Shorten it."
        raise NotationProblem([Mistake(Place(1, 1), sentence)])
    reader = Reader(text)
    notation = reader.notation()
    if reader.mistakes:
        raise NotationProblem(reader.mistakes)
    return notation


class Reader:
    """Reads statement after statement; a mistake costs its statement, and reading goes on behind it."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.tokens = tokens(text)
        self.at = 0
        self.mistakes: list[Mistake] = []

    def notation(self) -> Notation:
        """Read all: the input, then the layers."""
        shape = self._input()
        body = self._body(0, frozenset())
        layers = count_layers(body)
        if not body and not self.mistakes:
            self.report(self.tokens[-1].place, "there is no layer yet. Write one, such as `conv 16 k3 p1`.")
        if layers > MOST_LAYERS:
            self.report(
                self.tokens[0].place,
                f"these are {layers:,} layers after repeating; at most {MOST_LAYERS} are drawn. Repeat less.",
            )
        return Notation(shape, body)

    def report(self, place: Place, sentence: str) -> None:
        """Note a mistake."""
        self.mistakes.append(Mistake(place, sentence))

    @property
    def token(self) -> Token:
        """The token that comes next."""
        return self.tokens[self.at]

    def _next(self) -> Token:
        token = self.tokens[self.at]
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def _words(self) -> list[Token]:
        found = []
        while self.token.kind == WORD:
            found.append(self._next())
        return found

    def _skip_ends(self) -> None:
        while self.token.kind == END:
            self._next()

    def _input(self) -> tuple[int, ...]:
        self._skip_ends()
        head = self.token
        if head.kind != WORD or head.text.lower() != "input":
            near = did_you_mean(head.text.lower(), ["input"]) if head.kind == WORD else ""
            if head.text.lower() not in (*LAYERS, *BLOCKS):
                self._words()
            self.report(head.place, f"a network begins with what goes in, such as `input 3x32x32`.{near}")
            return EXAMPLE_INPUT
        self._next()
        return self._sizes(head, self._words())

    def _sizes(self, head: Token, words: list[Token]) -> tuple[int, ...]:
        given = "x".join(word.text.lower().replace("×", "x").strip("x") for word in words)
        try:
            sizes = tuple(value_of(SIDE, part) for part in given.split("x"))
        except Unreadable:
            sizes = ()
        if len(sizes) == 3:
            return sizes
        told = (
            f"{quoted(' '.join(word.text for word in words))} is no input"
            if words
            else "the input has no size"
        )
        place = words[0].place if words else head.place
        self.report(
            place, f"{told}: write channels x height x width, each from 1 to {LARGEST_SIDE:,}, as 3x32x32."
        )
        return EXAMPLE_INPUT

    def _body(self, depth: int, closing: frozenset[str]) -> Body:
        """Read statements up to a sign that closes the body, or to the end; that sign is left."""
        found: list[Node] = []
        while self.token.kind != FINISH and self.token.kind not in closing:
            token = self._next()
            if token.kind == WORD:
                node = self._statement(token, depth)
                if node is not None:
                    found.append(node)
            elif token.kind == "{":
                self.report(token.place, f"a block begins with a word: {listed(FORMS.values())}.")
                self._bodies(token, depth, "")
            elif token.kind == "|":
                self.report(token.place, "`|` stands between the branches of `parallel { … | … }` only.")
            elif token.kind == "}":
                self.report(token.place, "this brace closes nothing. Take it away, or open a block before.")
        return tuple(found)

    def _statement(self, head: Token, depth: int) -> Node | None:
        word = head.text.lower()
        if word in BLOCKS:
            return self._block(head, depth)
        if word in LAYERS:
            return self._layer(head)
        words = self._words()
        if word == "input":
            self.report(head.place, "the input stands once, at the beginning. Take this line away.")
        else:
            near = did_you_mean(word, KNOWN, SYNONYMS)
            hint = near or f" There are {listed(KNOWN[1:])}."
            self.report(head.place, f"{quoted(head.text)} is no layer and no block.{hint}")
        if self.token.kind == "{":
            self._bodies(self._next(), depth, "")
        _ = words
        return None

    def _layer(self, head: Token) -> LayerNode:
        word = head.text.lower()
        words = self._words()
        settings = read_settings(head, words, LAYERS[word], self.report)
        if self.token.kind == "{":
            self.report(
                self.token.place,
                f"{quoted(word)} is a layer and holds nothing. Blocks are {listed(FORMS.values())}.",
            )
            self._bodies(self._next(), MOST_NESTED, "")
        return LayerNode(word, settings, head.place, self._source(head, words))

    def _block(self, head: Token, depth: int) -> BlockNode | None:
        word = head.text.lower()
        words = self._words()
        count, projection = self._head(word, head, words)
        before = self.at
        self._skip_ends()
        if self.token.kind != "{":
            self.at = before
            self.report(head.place, f"{quoted(word)} needs a block in braces: `{FORMS[word]}`.")
            return None
        opener = self._next()
        bodies = self._bodies(opener, depth, word)
        if bodies is None:
            return None
        self._check_bodies(word, head, bodies)
        return BlockNode(word, bodies, head.place, self._source(head, words), count, projection)

    def _head(self, word: str, head: Token, words: list[Token]) -> tuple[int, str]:
        """Read what stands between a block's word and its brace."""
        texts = [one.text.lower() for one in words]
        if word == "repeat":
            return self._count(head, words), ""
        if word == "skip" and texts in ([], ["conv"], ["conv", "bn"]):
            return 1, " ".join(texts)
        if words:
            allowed = (
                "nothing, `conv` for a 1×1 convolution on the way past, or `conv bn`"
                if word == "skip"
                else "nothing"
            )
            self.report(words[0].place, f"between {quoted(word)} and its brace stands {allowed}.")
        return 1, ""

    def _count(self, head: Token, words: list[Token]) -> int:
        if len(words) == 1:
            try:
                return value_of(COUNT, words[0].text)
            except Unreadable:
                pass
        place = words[0].place if words else head.place
        self.report(place, f"`repeat` needs how often, {COUNT.allowed}: `repeat 3 {{ … }}`.")
        return 1

    def _bodies(self, opener: Token, depth: int, word: str) -> tuple[Body, ...] | None:
        """Read what an opened brace holds, and the brace that closes it."""
        if depth >= MOST_NESTED:
            if word:
                self.report(
                    opener.place, f"blocks may lie {MOST_NESTED} deep in one another, and this is one more."
                )
            self._leave_out()
            return None
        closing = frozenset("}|" if word in ("parallel", "") else "}")
        bodies = [self._body(depth + 1, closing)]
        while self.token.kind == "|":
            self._next()
            bodies.append(self._body(depth + 1, closing))
        if self.token.kind == FINISH:
            self.report(
                opener.place, "this brace is never closed. Write `}` behind the last layer of the block."
            )
        else:
            self._next()
        return tuple(bodies)

    def _leave_out(self) -> None:
        """Go behind the brace that closes the one just opened, without reading what is between."""
        opened = 1
        while opened and self.token.kind != FINISH:
            opened += {"{": 1, "}": -1}.get(self._next().kind, 0)

    def _check_bodies(self, word: str, head: Token, bodies: tuple[Body, ...]) -> None:
        if word == "parallel" and not 2 <= len(bodies) <= MOST_BRANCHES:
            self.report(
                head.place,
                f"`parallel` takes 2 to {MOST_BRANCHES} branches with `|` between, and has {len(bodies)}. "
                "An empty branch hands on what came in.",
            )
        elif not any(bodies) and not self.mistakes:
            self.report(head.place, f"{quoted(word)} holds no layer. Write one between its braces.")

    def _source(self, head: Token, words: list[Token]) -> str:
        last = words[-1].place if words else head.place
        return self.lines[head.place.line - 1][head.place.column - 1 : last.column - 1 + last.length]


__all__ = ["LONGEST_TEXT", "MOST_LAYERS", "MOST_NESTED", "read_notation"]
