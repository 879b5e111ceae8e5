"""The modules of a network as a tree: each with the call that makes it, or with the modules in it.

Both the paths in the trace and the exported source come from it. It computes nothing.
"""

from dataclasses import dataclass, field

SEQUENTIAL, SKIP, PROJECTED, GATE, PARALLEL = "Sequential", "Skip", "ProjectedSkip", "Gate", "Parallel"


@dataclass(slots=True)
class Module:
    """A module; `code` makes it if it is a leaf, else `kind` says what its children mean."""

    name: str
    path: str
    kind: str = SEQUENTIAL
    code: str = ""
    children: list["Module"] = field(default_factory=list)

    def child(self, name: str, kind: str = SEQUENTIAL, code: str = "") -> "Module":
        """Add a module inside."""
        inner = Module(name, f"{self.path}.{name}" if self.path else name, kind, code)
        self.children.append(inner)
        return inner

    def numbered(self, word: str, kind: str = SEQUENTIAL, code: str = "") -> "Module":
        """Add a module whose name is the word with the next free number: conv1, conv2."""
        stem = f"{word}_" if word[-1].isdigit() else word
        taken = sum(1 for one in self.children if one.name.rstrip("0123456789") == stem)
        return self.child(f"{stem}{taken + 1}", kind, code)
