"""A network as PyTorch source that stands alone: the same modules under the same names as in the drawing.

It writes text and runs nothing; `tests` run it and count what it has.
"""

from itertools import groupby

from cnnlab.building.building import Built
from cnnlab.building.modules import GATE, PARALLEL, PROJECTED, SKIP, Module

INDENT = "    "
CHAIN = '''
class Chain(nn.Sequential):
    """Layers one after another, by their names."""

    def __init__(self, **layers):
        super().__init__(OrderedDict(layers))
'''
BLOCKS = {
    SKIP: '''
class Skip(Chain):
    """Adds what went in to what comes out."""

    def forward(self, x):
        return super().forward(x) + x
''',
    PROJECTED: '''
class ProjectedSkip(Chain):
    """Adds a projection of what went in, the last of its layers, to what comes out of the others."""

    def forward(self, x):
        *layers, projection = self
        y = x
        for layer in layers:
            y = layer(y)
        return y + projection(x)
''',
    GATE: '''
class Gate(Chain):
    """Multiplies every channel by the number that its layers make for it."""

    def forward(self, x):
        return x * super().forward(x)[:, :, None, None]
''',
    PARALLEL: '''
class Parallel(Chain):
    """Sends its input through every branch and puts the results behind one another, along the channels."""

    def forward(self, x):
        return torch.cat([branch(x) for branch in self], dim=1)
''',
}


def pytorch_source(built: Built) -> str:
    """Write a network as a module that can be copied into a file; "" where the network does not fit."""
    if built.misfit is not None:
        return ""
    kinds = [kind for kind in BLOCKS if _has(built.root, kind)]
    chained = kinds or _has_chain(built.root)
    shape = ", ".join(map(str, built.replayed.input_shape))
    pieces = [
        ("from collections import OrderedDict\n\n" if chained else "")
        + "import torch\nfrom torch import nn\n",
        CHAIN if chained else "",
        *(BLOCKS[kind] for kind in kinds),
        _network(built.root),
        f'\nif __name__ == "__main__":\n{INDENT}print(Network()(torch.randn(2, {shape})).shape)\n',
    ]
    return "\n".join(piece for piece in pieces if piece)


def _network(root: Module) -> str:
    made = "".join(f"{INDENT * 2}self.{one.name} = {_code(one, 2)}\n" for one in root.children)
    used = "".join(f"{INDENT * 2}x = self.{one.name}(x)\n" for one in root.children)
    return (
        f"\nclass Network(nn.Module):\n{INDENT}def __init__(self):\n{INDENT * 2}super().__init__()\n{made}"
        f"\n{INDENT}def forward(self, x):\n{used}{INDENT * 2}return x\n"
    )


def _code(module: Module, depth: int) -> str:
    """Write the call that makes a module, its children one a line."""
    if module.code:
        return module.code
    if not module.children:
        return "nn.Identity()"
    numbered = module.children[0].name.isdigit()
    name = module.kind if module.kind in BLOCKS else "nn.Sequential" if numbered else "Chain"
    inner = INDENT * (depth + 1)
    rows = _repeated(module, depth + 1) if numbered else _named(module, depth + 1)
    return (
        f"{name}({rows[0]})"
        if len(module.children) == 1 and "\n" not in rows[0]
        else (f"{name}(\n{''.join(f'{inner}{row},{chr(10)}' for row in rows)}{INDENT * depth})")
    )


def _named(module: Module, depth: int) -> list[str]:
    return [f"{child.name}={_code(child, depth)}" for child in module.children]


def _repeated(module: Module, depth: int) -> list[str]:
    """Write equal neighbours once, with how often they come."""
    runs = [
        (text, len(list(same))) for text, same in groupby(_code(child, depth) for child in module.children)
    ]
    return [text if count == 1 else f"*[{text} for _ in range({count})]" for text, count in runs]


def _has(module: Module, kind: str) -> bool:
    return module.kind == kind or any(_has(child, kind) for child in module.children)


def _has_chain(root: Module) -> bool:
    return any("Chain(" in _code(child, 0) for child in root.children)
