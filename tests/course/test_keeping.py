"""What is kept is never older than the last change."""

from cnnlab.course.keeping import MOST, Kept


def test_a_change_while_it_is_read_is_not_overwritten():
    kept = Kept[str]()

    def read() -> str:
        kept.drop("ann")  # somebody writes while this reads
        return "old"

    assert kept.get("ann", read) == "old"
    assert kept.get("ann", lambda: "new") == "new"


def test_it_does_not_grow_without_end():
    kept = Kept[int]()
    for number in range(MOST + 1):
        kept.get(str(number), lambda: 0)
    assert kept.get("0", lambda: 1) == 1
    assert kept.get(str(MOST), lambda: 1) == 0
