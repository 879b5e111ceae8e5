"""Pictures by a name that can stand in an address: bundled ones by their own, uploads by their content.

An uploaded picture's name follows from its pixels and a secret of this server, so nobody can guess it; the
last few are kept in memory. It does not know who uploaded them.
"""

import secrets
from collections import OrderedDict
from hashlib import blake2b
from threading import Lock

from cnnlab.errors import CnnLabError
from cnnlab.inspection.pictures import Picture
from cnnlab.inspection.samples import sample_picture

MOST_UPLOADS = 64
_PREFIX = "upload-"


class ForgottenPicture(CnnLabError):
    """An uploaded picture that is not kept any more, or never was."""


class Pictures:
    """The uploaded pictures that are kept, and all bundled ones."""

    def __init__(self, most: int = MOST_UPLOADS) -> None:
        self._most = most
        self._secret = secrets.token_bytes(32)
        self._kept: OrderedDict[str, Picture] = OrderedDict()
        self._lock = Lock()

    def keep(self, picture: Picture) -> str:
        """Keep an uploaded picture and return its name."""
        shape = "x".join(map(str, picture.pixels.shape)).encode()
        digest = blake2b(shape + picture.pixels.tobytes(), key=self._secret, digest_size=20).hexdigest()
        name = f"{_PREFIX}{digest}"
        with self._lock:
            self._kept[name] = picture
            self._kept.move_to_end(name)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return name

    def get(self, name: str) -> Picture:
        """Return the picture of that name; raises `ForgottenPicture` or `MissingPicture` if there is none."""
        if not name.startswith(_PREFIX):
            return sample_picture(name)
        with self._lock:
            if name not in self._kept:
                raise ForgottenPicture(
                    "Your picture is not kept any more. Choose it again in the upload field, "
                    "or choose another picture."
                )
            self._kept.move_to_end(name)
            return self._kept[name]
