"""Whose turn it is, without any process."""

from hypothesis import given
from hypothesis import strategies as st

from cnnlab.training.jobs.queue import FairQueue, Waiting


def queue(*asked: str) -> FairQueue:
    """Return a queue in which learners, by the first letter of a run's name, asked one after the other."""
    made = FairQueue()
    for at, run_id in enumerate(asked):
        made.add(Waiting(at, run_id, run_id[0]))
    return made


def served(one: FairQueue) -> list[str]:
    found = []
    while chosen := one.next():
        found.append(chosen.run_id)
    return found


def test_learners_take_turns_and_their_own_runs_stay_in_order():
    assert served(queue("a1", "a2", "a3", "b1", "c1", "b2")) == ["a1", "b1", "c1", "a2", "b2", "a3"]


def test_who_has_just_been_served_waits_behind_who_comes_later():
    one = queue("a1", "a2")
    first = one.next()
    one.add(Waiting(9, "b1", "b"))
    assert first is not None
    assert (first.run_id, served(one)) == ("a1", ["b1", "a2"])


def test_a_second_run_of_a_learner_waits_while_the_first_goes_on_even_where_there_is_room():
    one = queue("a1", "a2", "b1")
    assert one.next({"a"}) == Waiting(2, "b1", "b")
    assert one.next({"a"}) is None
    assert one.next() == Waiting(0, "a1", "a")


def test_what_is_dropped_is_never_served():
    one = queue("a1", "b1")
    one.drop("a1")
    one.drop("z9")
    assert ("a1" in one, "b1" in one, len(one)) == (False, True, 1)
    assert served(one) == ["b1"]


@given(st.lists(st.sampled_from("abcd"), max_size=12), st.integers(0, 5))
def test_the_order_that_is_told_is_the_order_in_which_runs_start(learners: list[str], already: int):
    one = queue(*(f"{name}{number}" for number, name in enumerate(learners)))
    for _ in range(already):
        one.next()
    told = one.order()
    assert served(one) == told


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=16))
def test_nobody_waits_for_more_than_one_run_of_each_other_learner(learners: list[str]):
    order = served(queue(*(f"{name}{number}" for number, name in enumerate(learners))))
    for name in set(learners):
        before_first = order[: next(at for at, run_id in enumerate(order) if run_id[0] == name)]
        assert len(before_first) == len({run_id[0] for run_id in before_first})
