"""Which operations exist besides layers, in groups that treat sizes alike.

The names are the field's: those of PyTorch's functions, without underscores, in one spelling each.
It computes nothing.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# These do nothing while evaluating.
IDLE = _words("dropout dropout1d dropout2d dropout3d alpha_dropout feature_alpha_dropout")

# One number in, one number out, at the same place (statistics over other places do not count).
POINTWISE = IDLE | _words(
    """
    relu relu6 leaky_relu elu selu celu gelu silu mish softplus softsign hardswish hardsigmoid hardtanh
    sigmoid logsigmoid tanh tanhshrink threshold rrelu hardshrink softshrink
    neg abs exp expm1 log log1p sqrt rsqrt square reciprocal sin cos erf sign floor ceil round clamp
    clamp_min clamp_max nan_to_num softmax log_softmax normalize rms_norm quick_gelu
    """
)

# Two operands, one of which may be a number or a constant; sizes of 1 are repeated.
MERGING = _words("add sub mul div pow maximum minimum where lerp addcmul masked_fill")
JOINING = _words("cat stack")
REDUCING = _words("mean sum amax amin max min var std norm logsumexp prod")

# The same numbers in another order or shape; they need no memory of their own unless they are copied.
REARRANGING = _words(
    """
    flatten reshape unflatten permute squeeze unsqueeze expand getitem chunk split unbind
    channel_shuffle pixel_shuffle pixel_unshuffle roll flip
    """
)
COPYING = _words("channel_shuffle pixel_shuffle pixel_unshuffle roll flip")
MULTIPLYING = _words("matmul einsum scaled_dot_product_attention multi_head_attention")
MOVING = _words("pad pad_same interpolate")

# One small map for each region of the picture; those with ps take each cell from maps of its own.
REGIONAL = _words("roi_pool roi_align ps_roi_pool ps_roi_align")

KNOWN = POINTWISE | MERGING | JOINING | REDUCING | REARRANGING | MULTIPLYING | MOVING | REGIONAL
