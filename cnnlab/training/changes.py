"""Whether the pictures of a run are still those that it began with: a learner's own set may have changed.

A run keeps the digest of its set (`PictureSet.digest`), no copy. It does not know how sets are kept.
"""

from cnnlab.errors import CnnLabError
from cnnlab.training import own_data
from cnnlab.training.own_sets import NoOwnSet
from cnnlab.training.picture_set import SplitSet, UnsuitablePictures
from cnnlab.training.run_folder import Facts, RunFolder

FIELD = "digest"
CHANGED = "The pictures of this run have been changed since it began."
AGAIN = "Another run of this recipe learns from the pictures as they are now, so its numbers will differ."


class ChangedPictures(CnnLabError):
    """Something needs the pictures that a run learned from, and they are no longer as they were."""


def digest_of(about: Facts) -> str:
    """Return the digest of the set that a run learned from; "" for one that cannot change, or an old run."""
    return str(about.get(FIELD) or "")


def need_same_pictures(folder: RunFolder, data: SplitSet, advice: str) -> None:
    """Raise `ChangedPictures`, with advice, where a run began with another set than this one."""
    before = digest_of(folder.about())
    if before and data.digest != before:
        raise ChangedPictures(f"{CHANGED} {advice}")


def told_change(data: str, digest: str) -> str:
    """Return in a sentence or two that a learner's set is not as it was; "" where it is, or is gone.

    `data` is the set's name in the recipe, `digest` what it was then.
    """
    if not digest or not data.startswith(own_data.PREFIX):
        return ""
    try:
        now = own_data.digest(data)
    except NoOwnSet:
        return ""
    except UnsuitablePictures:  # so much was taken out that nothing can be learned from it
        now = ""
    return "" if now == digest else f"{CHANGED} {AGAIN}"
