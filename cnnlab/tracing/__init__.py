"""Networks as lists of steps: recorded once with PyTorch, replayed without it at any input size.

`record` watches a model; `replay` computes shapes, parameters, multiply-adds, memory and receptive
fields of every step in plain Python. Importing this loads no PyTorch.
"""

from cnnlab.tracing.fields import ReceptiveField
from cnnlab.tracing.library import recorded_names, trace_of
from cnnlab.tracing.recording import record
from cnnlab.tracing.replay import ImpossibleSize, Replay, ReplayedStep, replay, replay_as_far_as_possible
from cnnlab.tracing.trace import NETWORK_INPUT, Guard, Step, Trace, TraceProblem

__all__ = [
    "NETWORK_INPUT",
    "Guard",
    "ImpossibleSize",
    "ReceptiveField",
    "Replay",
    "ReplayedStep",
    "Step",
    "Trace",
    "TraceProblem",
    "record",
    "recorded_names",
    "replay",
    "replay_as_far_as_possible",
    "trace_of",
]
