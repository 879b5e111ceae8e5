"""Which pages there are, in which group, and at which address.

The one table that the menu, the frame and the home page are made from. It does not know what a page shows.
"""

from dataclasses import dataclass
from pathlib import Path

from cnnlab.language import mark

PAGES_FOLDER = Path(__file__).resolve().parents[2] / "pages"
LESSON_PAGE = PAGES_FOLDER / "lesson.py"  # one script for all lessons; each has an address of its own
GROUPS = (mark("Start"), mark("Course"), mark("Labs"), mark("Class"))


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One page of the menu; `path` is relative to `pages/`, `url_path` is the address ("" is the home page).

    The menu shows `title`, the page itself `heading` if there is one, and `purpose` below it.
    """

    path: str
    title: str
    group: str
    url_path: str
    icon: str
    purpose: str
    heading: str = ""

    @property
    def file(self) -> Path:
        """The page's script."""
        return PAGES_FOLDER / self.path


PAGES = (
    PageEntry(
        "home.py",
        mark("Home"),
        "Start",
        "",
        ":material/home:",
        mark("Learn how convolutional networks work by moving their parts"),
        heading="CNN Lab",
    ),
    PageEntry(
        "convolution.py",
        mark("Convolution"),
        "Labs",
        "convolution",
        ":material/grid_on:",
        mark("Change a kernel and watch shape, cost and receptive field follow your hand"),
    ),
    PageEntry(
        "layers.py",
        mark("Layers"),
        "Labs",
        "layers",
        ":material/layers:",
        mark("See what the layers between convolutions do to the numbers, and compute them by hand"),
    ),
    PageEntry(
        "architectures.py",
        mark("Architectures"),
        "Labs",
        "architectures",
        ":material/account_tree:",
        mark("Walk through a network step by step and see what every layer does and costs"),
    ),
    PageEntry(
        "compare.py",
        mark("Compare networks"),
        "Labs",
        "compare",
        ":material/compare_arrows:",
        mark("Put two networks beside each other, and see what accuracy costs across all of them"),
    ),
    PageEntry(
        "build.py",
        mark("Build a network"),
        "Labs",
        "build",
        ":material/construction:",
        mark("Write a network in a few lines, see it drawn and costed as you type, and take it with you"),
    ),
    PageEntry(
        "look_inside.py",
        mark("Look inside"),
        "Labs",
        "look-inside",
        ":material/search_insights:",
        mark("Open a trained network: what it predicts, its filters, its feature maps, what excites it"),
    ),
    PageEntry(
        "why.py",
        mark("Why?"),
        "Labs",
        "why",
        ":material/contact_support:",
        mark("Ask which parts of a picture decided, by many methods, and test whether the answers are true"),
        heading=mark("Why did it say that?"),
    ),
    PageEntry(
        "augmentation.py",
        mark("Augmentation"),
        "Labs",
        "augmentation",
        ":material/auto_awesome_motion:",
        mark("Distort pictures as training does, and see what that teaches and when it breaks the label"),
    ),
    PageEntry(
        "finetune.py",
        mark("Fine-tune"),
        "Labs",
        "finetune",
        ":material/model_training:",
        mark("Train a network on your pictures, here and now, and see what it learns and where it fails"),
    ),
    PageEntry(
        "author.py",
        mark("Author"),
        "Class",
        "author",
        ":material/edit_note:",
        mark("Write lessons: one text file each, with live labs and checked questions"),
    ),
)


def page_entry(url_path: str) -> PageEntry:
    """Return the page at an address; raises KeyError for an address that is not in the table."""
    return {entry.url_path: entry for entry in PAGES}[url_path]
