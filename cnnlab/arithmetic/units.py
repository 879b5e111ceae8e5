"""How a count or a size in bytes is written for a reader.

It does not know what is being counted; the browser's `units.js` writes exactly the same text.
"""

_BINARY = ("KiB", "MiB", "GiB", "TiB", "PiB")
_DECIMAL = ("M", "G", "T")


def grouped(number: int) -> str:
    """Write every digit, with a comma at each thousand and a real minus sign.

    >>> grouped(4864), grouped(-1)
    ('4,864', '−1')
    """
    return f"{number:,}".replace("-", "−")


def tenths(number: int, unit: int) -> str:
    """Write `number / unit` with one decimal, rounded half up, in whole numbers only.

    >>> tenths(120422400, 10**6)
    '120.4'
    """
    rounded = (20 * number + unit) // (2 * unit)
    return f"{grouped(rounded // 10)}.{rounded % 10}"


def written_bytes(number: int) -> str:
    """Write a number of bytes in the largest fitting binary unit (1 KiB = 1,024 B).

    >>> written_bytes(300), written_bytes(4864), written_bytes(2**20)
    ('300 B', '4.8 KiB', '1.0 MiB')
    """
    if number < 1024:
        return f"{grouped(number)} B"
    return _scaled(number, _BINARY, 1024, 1024)


def written_count(number: int) -> str:
    """Write a count in full below a million, else in millions (M), thousand millions (G) or T.

    >>> written_count(4864), written_count(120422400)
    ('4,864', '120.4 M')
    """
    if number < 10**6:
        return grouped(number)
    return _scaled(number, _DECIMAL, 10**6, 1000)


def _scaled(number: int, names: tuple[str, ...], unit: int, ratio: int) -> str:
    for name in names[:-1]:
        if number < ratio * unit:
            return f"{tenths(number, unit)} {name}"
        unit *= ratio
    return f"{tenths(number, unit)} {names[-1]}"
