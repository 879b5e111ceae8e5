"""From a name to what is known of it, without loading any deep-learning library where that is possible."""

from cnnlab.zoo.errors import UnknownNetwork, did_you_mean
from cnnlab.zoo.guests import guest
from cnnlab.zoo.libraries import LIBRARIES, checked_name, library_input, library_names
from cnnlab.zoo.own_models import OwnModel, own_models
from cnnlab.zoo.records import Builder, Facts, Family, Shape
from cnnlab.zoo.table import FACTS, FAMILIES

MOST_SIGNS = 100


def names() -> tuple[str, ...]:
    """Return the names of the zoo in the order of history, an instructor's own after them."""
    return (*FACTS, *own_names())


def own_names() -> tuple[str, ...]:
    """Return the names of an instructor's own models."""
    return tuple(own_models(frozenset(FACTS)).models)


def families() -> tuple[Family, ...]:
    """Return the rows of the zoo in the order of history."""
    return FAMILIES


def own_problems() -> tuple[str, ...]:
    """Return a sentence for each of an instructor's files that cannot be used."""
    return own_models(frozenset(FACTS)).problems


def own_model(name: str) -> OwnModel | None:
    """Return an instructor's model of that name."""
    return None if name in FACTS else own_models(frozenset(FACTS)).models.get(name)


def facts(name: str) -> Facts:
    """Return what is known of a network; of a library's other models that is little.

    A name with `torchvision:` or `timm:` before it is not looked up here, but when it is built.
    """
    known = known_facts(name)
    if known is not None:
        return known
    library, _, inner = name.partition(":")
    if library in LIBRARIES and inner and len(name) <= MOST_SIGNS:
        return Facts(name, inner, "", Builder(library, inner), (0, 0, 0))
    raise unknown(name, names())


def known_facts(name: str) -> Facts | None:
    """Return what the zoo, an instructor or a run says of a network, and None where none knows it."""
    if name in FACTS:
        return FACTS[name]
    known = own_model(name) or guest(name)
    return known.facts if known else None


def found_facts(name: str) -> Facts:
    """Return the facts of a name that `resolve` has returned."""
    return FACTS[name]


def resolve(name: str) -> str:
    """Return the full name: of the zoo, of an instructor, else with `torchvision:` or `timm:` before it.

    Only a name that is neither in the zoo nor an instructor's makes it load torchvision or timm.
    """
    if known_facts(name) is not None:
        return name
    library, colon, inner = name.partition(":")
    if len(name) > MOST_SIGNS or (colon and library not in LIBRARIES):
        raise unknown(name, names())
    if colon:
        return f"{library}:{checked_name(library, inner)}"
    for library in LIBRARIES:
        if name in library_names(library):
            return f"{library}:{name}"
    raise unknown(name, {*names(), *library_names("torchvision"), *library_names("timm")})


def input_shape(name: str) -> Shape:
    """Return channels, height and width of the input that a network was made for."""
    known = known_facts(name)
    if known is not None:
        return known.input_shape
    library, _, inner = resolve(name).partition(":")
    return library_input(library, inner)


def unknown(name: str, known: "tuple[str, ...] | set[str]") -> UnknownNetwork:
    """Return the error for a name that nobody knows, with names that look like it."""
    hint = did_you_mean(name[:MOST_SIGNS], known)
    return UnknownNetwork(
        f"There is no network called `{name[:MOST_SIGNS]}`. "
        + (hint or "Other models are opened as `torchvision:NAME` or `timm:NAME`.")
    )
