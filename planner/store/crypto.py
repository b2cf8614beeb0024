"""Encryption of what identifies a person: AES-GCM, bound to the place where the value is stored.

A sealed value opens only in the table, column and row it was sealed for, so that rows cannot be exchanged
unnoticed. Its form is: version (1 byte), key id (8 letters), nonce (12 bytes), ciphertext with tag.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = b"\x01"
_ID_LETTERS = 8
_NONCE_BYTES = 12
_KEY_BYTES = 32
_HEAD = len(_VERSION) + _ID_LETTERS + _NONCE_BYTES

_FILE_HEAD = """\
# Throughline's encryption key: one line with an id and a key. The first key seals; all of them open.
# Keep a copy apart from the database. Without it no saved plan can be read.
"""


class Unreadable(Exception):
    """Raised when a stored value cannot be opened: another key, another place, or changed bytes."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value is stored."""

    table: str
    column: str
    row: str


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys by id; ``current`` seals new values, every key opens old ones."""

    current: str
    keys: Mapping[str, bytes] = field(repr=False)

    def seal(self, value: bytes, place: Place) -> bytes:
        """Return the value encrypted for one place."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = AESGCM(self.keys[self.current]).encrypt(nonce, value, _bound_to(place, self.current))
        return _VERSION + self.current.encode("ascii") + nonce + sealed

    def open(self, sealed: bytes, place: Place) -> bytes:
        """Return the value that was sealed for this place.

        Raises:
            Unreadable: the key is missing, the bytes were changed, or they belong elsewhere.
        """
        key_id = key_id_of(sealed)
        if key_id not in self.keys:
            raise Unreadable(f"The key {key_id} that sealed a value of {place.table} is not in encryption.key.")
        nonce = sealed[_HEAD - _NONCE_BYTES : _HEAD]
        try:
            return AESGCM(self.keys[key_id]).decrypt(nonce, sealed[_HEAD:], _bound_to(place, key_id))
        except InvalidTag:
            raise Unreadable(
                f"A value of {place.table}.{place.column} was changed or belongs to another row."
            ) from None


def key_id_of(sealed: bytes) -> str:
    """Return the id of the key that sealed a value.

    Raises:
        Unreadable: this is not a sealed value.
    """
    if len(sealed) <= _HEAD or sealed[:1] != _VERSION:
        raise Unreadable("A stored value is not sealed as it should be.")
    return sealed[1 : 1 + _ID_LETTERS].decode("ascii", errors="replace")


def new_key_file() -> str:
    """Return the text of a fresh encryption.key."""
    return f"{_FILE_HEAD}{os.urandom(_ID_LETTERS // 2).hex()} {base64.b64encode(os.urandom(_KEY_BYTES)).decode()}\n"


def read_key_file(text: str) -> Keyring:
    """Return the keys in the text of an encryption.key.

    Raises:
        ValueError: a line is not an id and a key.
    """
    keys: dict[str, bytes] = {}
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        key_id, _, encoded = line.strip().partition(" ")
        try:
            key = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key_id) != _ID_LETTERS or len(key) != _KEY_BYTES:
            raise ValueError("a line is not an id of 8 letters and a key of 32 bytes")
        keys[key_id] = key
    if not keys:
        raise ValueError("it holds no key")
    return Keyring(next(iter(keys)), keys)


def _bound_to(place: Place, key_id: str) -> bytes:
    return "\0".join((place.table, place.column, place.row, key_id)).encode()
