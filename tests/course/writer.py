"""A program that answers as fast as it can and prints each attempt's uid once it is acknowledged.

Arguments: the database's address, a name for the learner, how many threads, how many attempts each.
"""

import os
import sys
import threading

from cnnlab.course.progress import Attempt, Progress, open_progress

LESSON = "pressure"


def answer_many(progress: Progress, learner: str, count: int) -> None:
    """Record attempts one by one; print each uid after it is kept."""
    for number in range(count):
        attempt = Attempt(
            learner=learner, lesson=LESSON, question=f"q{number % 7}", answer=str(number), outcome="wrong"
        )
        progress.record(attempt)
        os.write(1, f"{attempt.uid}\n".encode())  # in one piece, unlike `print` in several threads


def main(url: str, name: str, threads: int, count: int) -> None:
    """Open the database, as a server does when it starts, and answer in several threads."""
    progress = open_progress(url)
    learners = [f"{name}-{number}" for number in range(threads)]
    for learner in learners:
        progress.join(learner)
    writers = [threading.Thread(target=answer_many, args=(progress, learner, count)) for learner in learners]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
