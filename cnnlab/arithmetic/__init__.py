"""A layer described by integers: its shape, parameters, multiply-adds, memory, receptive field, and why.

Standard library only; it knows neither PyTorch nor Streamlit, and runs no layer.
"""

from cnnlab.arithmetic.layers import (
    Activation,
    AdaptivePool,
    Add,
    AveragePool,
    Concatenate,
    Convolution,
    Dense,
    Flatten,
    GlobalPool,
    Layer,
    MaxPool,
    Normalisation,
    NormalisationKind,
    PaddingMode,
    PaddingWord,
    PoolMode,
    TransposedConvolution,
)
from cnnlab.arithmetic.receptive_field import AxisField
from cnnlab.arithmetic.refusal import ImpossibleLayer, Problem, Suggestion
from cnnlab.arithmetic.report import Report, analyse
from cnnlab.arithmetic.rules import is_possible
from cnnlab.arithmetic.stack import (
    Projection,
    Stack,
    StackReport,
    StackTooLarge,
    analyse_stack,
    hull,
    project,
)
from cnnlab.arithmetic.steps import Step

__all__ = [
    "Activation",
    "AdaptivePool",
    "Add",
    "AveragePool",
    "AxisField",
    "Concatenate",
    "Convolution",
    "Dense",
    "Flatten",
    "GlobalPool",
    "ImpossibleLayer",
    "Layer",
    "MaxPool",
    "Normalisation",
    "NormalisationKind",
    "PaddingMode",
    "PaddingWord",
    "PoolMode",
    "Problem",
    "Projection",
    "Report",
    "Stack",
    "StackReport",
    "StackTooLarge",
    "Step",
    "Suggestion",
    "TransposedConvolution",
    "analyse",
    "analyse_stack",
    "hull",
    "is_possible",
    "project",
]
