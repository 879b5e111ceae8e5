"""Which operations exist besides layers, in groups that treat sizes alike.

The names are the field's: those of PyTorch's functions, without underscores, in one spelling each.
It computes nothing.
"""

# One number in, one number out, at the same place. The last ones do nothing while evaluating.
POINTWISE = frozenset(
    [
        "relu",
        "relu6",
        "leaky_relu",
        "elu",
        "selu",
        "celu",
        "gelu",
        "silu",
        "mish",
        "softplus",
        "softsign",
        "hardswish",
        "hardsigmoid",
        "hardtanh",
        "sigmoid",
        "logsigmoid",
        "tanh",
        "tanhshrink",
        "threshold",
        "rrelu",
        "hardshrink",
        "softshrink",
        "neg",
        "abs",
        "exp",
        "expm1",
        "log",
        "log1p",
        "sqrt",
        "rsqrt",
        "square",
        "reciprocal",
        "sin",
        "cos",
        "erf",
        "sign",
        "floor",
        "ceil",
        "round",
        "clamp",
        "clamp_min",
        "clamp_max",
        "nan_to_num",
        "softmax",
        "log_softmax",
        "normalize",
        "quick_gelu",
        "dropout",
        "dropout1d",
        "dropout2d",
        "dropout3d",
        "alpha_dropout",
        "feature_alpha_dropout",
    ]
)
IDLE = frozenset(["dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout", "feature_alpha_dropout"])

# Two operands, one of which may be a number or a constant; sizes of 1 are repeated.
MERGING = frozenset(["add", "sub", "mul", "div", "pow", "maximum", "minimum", "where", "lerp", "addcmul"])
# A merge that scales its first operand, as the gate of a squeeze-and-excitation block does.
SCALING = frozenset({"mul", "div"})
JOINING = frozenset({"cat", "stack"})

REDUCING = frozenset(["mean", "sum", "amax", "amin", "max", "min", "var", "std", "norm", "logsumexp", "prod"])

# The same numbers in another order or shape: no memory of their own unless they are copied.
REARRANGING = frozenset(
    [
        "flatten",
        "reshape",
        "unflatten",
        "permute",
        "transpose",
        "movedim",
        "squeeze",
        "unsqueeze",
        "expand",
        "getitem",
        "chunk",
        "split",
        "unbind",
        "channel_shuffle",
        "pixel_shuffle",
        "pixel_unshuffle",
        "roll",
        "flip",
    ]
)
COPYING = frozenset(["channel_shuffle", "pixel_shuffle", "pixel_unshuffle", "roll", "flip"])
MULTIPLYING = frozenset(["matmul", "einsum", "scaled_dot_product_attention", "multi_head_attention"])
MOVING = frozenset(["pad", "pad_same", "interpolate"])

KNOWN = POINTWISE | MERGING | JOINING | REDUCING | REARRANGING | MULTIPLYING | MOVING
