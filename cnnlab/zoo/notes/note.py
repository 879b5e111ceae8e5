"""What a note is: which networks it belongs to, at which modules it stands, and what it says.

It holds no note itself; they are in the files beside it.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True, slots=True)
class Note:
    """One or two sentences for a learner at a step.

    Attributes:
        networks: Names of networks, separated by spaces; `*` stands for anything.
        module: The path of a module in the network; `*` stands for anything.
        text: The sentences.
    """

    networks: str
    module: str
    text: str

    def belongs_to(self, network: str) -> bool:
        """Return whether the note is one of a network's.

        >>> Note("vgg11 resnet*", "conv1", "…").belongs_to("resnet50")
        True
        """
        return any(fnmatchcase(network, pattern) for pattern in self.networks.split())

    def stands_at(self, module: str) -> bool:
        """Return whether the note stands at a module.

        >>> Note("vgg11", "layer?.0.conv1", "…").stands_at("layer2.0.conv1")
        True
        """
        return fnmatchcase(module, self.module)
