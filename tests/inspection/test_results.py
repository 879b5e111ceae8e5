"""Results are kept for whoever asks next, and memory stays bounded."""

from threading import Thread

from cnnlab.inspection.results import Results


def test_what_was_asked_for_longest_ago_leaves_first():
    results = Results(most_bytes=30)
    for name in "abc":
        results.keep(name, name.upper(), size=10)
    assert results.find("a") == "A"
    results.keep("d", "D", size=10)
    assert [results.find(name) for name in "abcd"] == ["A", None, "C", "D"]


def test_the_newest_stays_however_large_it_is_and_a_new_value_takes_the_place_of_the_old():
    results = Results(most_bytes=10)
    results.keep("a", 1, size=5)
    assert results.keep("b", 2, size=50) == 2
    assert (results.find("a"), results.find("b")) == (None, 2)
    results.keep("b", 3, size=4)
    results.keep("c", 4, size=5)
    assert (results.find("b"), results.find("c")) == (3, 4)


def test_many_threads_keep_within_the_bound():
    results = Results(most_bytes=100)

    def keep(start: int) -> None:
        for number in range(200):
            results.keep((start, number), number, size=10)

    threads = [Thread(target=keep, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = [
        key for key in ((start, number) for start in range(4) for number in range(200)) if results.find(key)
    ]
    assert 0 < len(kept) <= 10
