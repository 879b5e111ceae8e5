"""Teaching notes: at which steps of which network something is worth a sentence, and which.

It knows networks and modules by name only, and loads no deep-learning library.
"""

from functools import lru_cache

from cnnlab.zoo.notes.beyond import NOTES as BEYOND
from cnnlab.zoo.notes.early import NOTES as EARLY
from cnnlab.zoo.notes.light import NOTES as LIGHT
from cnnlab.zoo.notes.note import Note
from cnnlab.zoo.notes.residual import NOTES as RESIDUAL
from cnnlab.zoo.notes.searched import NOTES as SEARCHED
from cnnlab.zoo.notes.small import NOTES as SMALL

NOTES: tuple[Note, ...] = (*EARLY, *RESIDUAL, *SEARCHED, *LIGHT, *BEYOND, *SMALL)


@lru_cache(maxsize=256)
def notes_of(network: str) -> tuple[Note, ...]:
    """Return the notes of a network, in the order in which they were written."""
    return tuple(note for note in NOTES if note.belongs_to(network))


def notes_at(network: str, module: str) -> tuple[str, ...]:
    """Return what there is to say at a module of a network.

    >>> len(notes_at("alexnet_2012", "features.2"))
    1
    """
    return tuple(note.text for note in notes_of(network) if note.stands_at(module))


__all__ = ["NOTES", "Note", "notes_at", "notes_of"]
