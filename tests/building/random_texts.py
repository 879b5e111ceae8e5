"""Random networks in the notation, seeded: most of them fit, some do not.

It writes text only; what the text means it does not know.
"""

from random import Random

SIMPLE = ["bn", "relu", "relu6", "leakyrelu", "elu", "silu", "gelu", "hardswish", "tanh", "dropout 0.3"]
KEEPING = [*SIMPLE, "groupnorm 2", "sigmoid", "hardsigmoid", "depthwise k3 p1", "depthwise k5 p=same bias=no"]


def random_text(random: Random) -> str:
    """Write a network: an input, some layers and blocks, sometimes a head."""
    sides = [random.choice((12, 17, 24)) for _ in range(2)]
    lines = [f"input {random.choice((1, 3, 4))}x{sides[0]}x{sides[1]}", f"conv {width(random)} k3 p1"]
    lines += [statement(random, 0) for _ in range(random.randint(1, 6))]
    lines += random.choice(
        ([], ["globalpool", "bn", "dense 10"], ["adaptivepool 2", "flatten", "dense 7 bias=no"])
    )
    return "\n".join(lines)


def random_chain(random: Random) -> str:
    """Write layers in a row whose windows often do not fit, without what the notation refuses by itself."""
    lines = [f"input {random.choice((2, 4))}x{random.randint(3, 14)}x{random.randint(3, 14)}"]
    for _ in range(random.randint(1, 4)):
        kind = random.choice(("conv", "maxpool", "avgpool", "transposed"))
        window = f"k{random.randint(1, 4)} s{random.randint(1, 2)} p{random.randint(0, 2)}"
        more = {
            "conv": f" d{random.randint(1, 2)} g{random.choice((1, 1, 2, 2, 3))}",
            "maxpool": random.choice(("", " ceil=yes")),
        }
        if kind == "transposed":
            more[kind] = f" op{random.choice((0, 0, 1))}"
        channels = f" {random.choice((2, 4, 6))}" if kind in ("conv", "transposed") else ""
        lines.append(f"{kind}{channels} {window}{more.get(kind, '')}")
    return "\n".join(lines)


def width(random: Random) -> int:
    return random.choice((4, 8, 12))


def convolution(random: Random) -> str:
    """Write a convolution whose stride is 1 and whose size stays, in one of the spellings."""
    kernel = random.choice((1, 3, 5))
    groups = random.choice(("", " g2", " groups=4"))
    bias = random.choice(("", " bias=no"))
    if random.random() < 0.2:
        return f"conv {width(random)} kernel=3x1 padding=1x0{bias}"
    if random.random() < 0.2:
        return f"conv {width(random)} k3 d2 p2{groups}{bias}"
    padding = random.choice((f"p{kernel // 2}", "p=same", "same"))
    return f"conv {width(random)} k{kernel} {padding}{groups}{bias}"


def shrinking(random: Random) -> str:
    return random.choice(
        (
            f"conv {width(random)} k3 s2 p1",
            "maxpool 2",
            "maxpool 3 s2 p1 d1",
            "maxpool 2 ceil=yes",
            "avgpool 2",
            "avgpool k3 s2 p1",
            f"transposed {width(random)} k2 s2",
            f"transposed {width(random)} k3 s2 p1 op1 bias=no",
        )
    )


def body(random: Random, depth: int) -> str:
    return "; ".join(statement(random, depth) for _ in range(random.randint(1, 3)))


def statement(random: Random, depth: int) -> str:
    """Write one statement; blocks lie at most three deep."""
    kinds = ["keep", "keep", "conv", "conv"] + ([] if depth else ["shrink"])
    kind = random.choice(kinds + (list(BLOCKS) if depth < 3 else []))
    if kind in BLOCKS:
        return BLOCKS[kind](random, depth + 1)
    return {"keep": lambda one: one.choice(KEEPING), "conv": convolution, "shrink": shrinking}[kind](random)


def repeated(random: Random, depth: int) -> str:
    return f"repeat {random.randint(1, 3)} {{ {body(random, depth)} }}"


def skipped(random: Random, _depth: int) -> str:
    return f"skip {{ {random.choice(KEEPING)}; depthwise k3 p1 }}"


def projected(random: Random, depth: int) -> str:
    end = f"conv {width(random)} k3 s{random.choice((1, 2))} p1"
    return f"skip {random.choice(('conv', 'conv bn'))} {{ {body(random, depth)}; {end} }}"


def parallel(random: Random, depth: int) -> str:
    branches = [body(random, depth), convolution(random), random.choice(("", "maxpool 3 s1 p1"))]
    return f"parallel {{ {' | '.join(branches)} }}"


def gated(random: Random, _depth: int) -> str:
    return f"gate {{ globalpool; {random.choice(('bn; sigmoid', 'hardsigmoid'))} }}"


BLOCKS = {"repeat": repeated, "skip": skipped, "project": projected, "parallel": parallel, "gate": gated}
