"""Are layers what their fields say, and does describing them need nothing but Python?"""

import subprocess
import sys
from dataclasses import FrozenInstanceError, fields

import pytest

from cnnlab import arithmetic
from cnnlab.arithmetic import AveragePool, Convolution, MaxPool, Normalisation, Stack, StackTooLarge, project
from tests.running_app import ROOT


def test_a_single_number_stands_for_every_axis_and_a_list_becomes_a_tuple() -> None:
    layer = Convolution(3, 4, kernel=[3, 1], stride=2, padding="same", dims=2)  # type: ignore[arg-type]
    assert (layer.kernel, layer.stride, layer.padding, layer.dilation) == ((3, 1), (2, 2), "same", (1, 1))
    assert MaxPool(2, dims=3).stride == (2, 2, 2)
    assert AveragePool((2, 3)).stride == (2, 3)
    assert Normalisation("layer", shape=4).shape == (4,)


def test_layers_cannot_be_changed_and_equal_settings_are_equal() -> None:
    layer = Convolution(3, 4, 3)
    name = fields(layer)[0].name
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'in_channels'"):
        setattr(layer, name, 5)
    assert layer == Convolution(3, 4, (3, 3))
    assert hash(layer) == hash(Convolution(3, 4, (3, 3)))


def test_instance_normalisation_learns_nothing_unless_asked_as_in_pytorch() -> None:
    assert [Normalisation(kind).affine for kind in ("batch", "instance", "group", "response")] == [
        True,
        False,
        True,
        False,
    ]


def test_importing_the_arithmetic_imports_the_standard_library_only() -> None:
    script = (
        "import sys; before = set(sys.modules); import cnnlab.arithmetic, cnnlab.arithmetic.kinds; "
        "print(*{name.partition('.')[0] for name in set(sys.modules) - before})"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "cnnlab" in loaded
    assert loaded - {"cnnlab"} <= set(sys.stdlib_module_names)


def test_the_public_names_are_sorted_and_exist() -> None:
    assert sorted(arithmetic.__all__) == arithmetic.__all__
    assert all(hasattr(arithmetic, name) for name in arithmetic.__all__)


def test_following_a_unit_through_an_absurd_stack_is_refused_instead_of_taking_for_ever() -> None:
    wide = Convolution(1, 1, kernel=2**30, padding=2**30, dims=1)
    with pytest.raises(
        StackTooLarge, match="sees more than 100,000 cells along one axis; use smaller kernels"
    ):
        project(Stack((wide,), (1, 8)), (0,))
