"""Are counts and bytes written as a reader expects, at the borders too?"""

import pytest

from cnnlab.arithmetic.units import grouped, written_bytes, written_count


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0 B"),
        (1023, "1,023 B"),
        (1024, "1.0 KiB"),
        (1075, "1.0 KiB"),
        (1076, "1.1 KiB"),
        (4864, "4.8 KiB"),
        (19456, "19.0 KiB"),
        (2**20 - 1, "1,024.0 KiB"),
        (2**20, "1.0 MiB"),
        (553_430_176, "527.8 MiB"),
        (2**30, "1.0 GiB"),
        (2**60, "1,024.0 PiB"),
    ],
)
def test_bytes_are_written_in_binary_units(number: int, text: str) -> None:
    assert written_bytes(number) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (334, "334"),
        (999_999, "999,999"),
        (10**6, "1.0 M"),
        (120_422_400, "120.4 M"),
        (15_470_264_320, "15.5 G"),
        (10**15, "1,000.0 T"),
    ],
)
def test_counts_are_written_in_full_below_a_million(number: int, text: str) -> None:
    assert written_count(number) == text


def test_a_negative_number_has_a_real_minus_sign() -> None:
    assert grouped(-1234) == "−1,234"
