"""Personal data at rest: encryption, keyed look-up hashes and masks.

`settings.FIELD_KEYS` lists Fernet keys; the first encrypts, every one decrypts, so a new key is put
in front and `manage.py rotate_keys` rewrites what the old one wrote.
"""

import base64
import hashlib
import hmac
import os
import re
import time
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

BLOCK = 16  # bytes that AES takes at once


def encrypt(text: str) -> str:
    return encrypt_bytes(text.encode()).decode("ascii")


def encrypt_all(texts: Iterable[str]) -> Iterator[str]:
    """What `encrypt` gives for each of many texts, "" for an empty one, at less cost.

    The same Fernet tokens, from one AES-CBC stream: before each text a random block goes through
    it, and what comes out is the token's initialisation vector, as random as that block.
    """
    secret = base64.urlsafe_b64decode(settings.FIELD_KEYS[0])
    signer = hmac.new(secret[:16], digestmod=hashlib.sha256)
    stream = Cipher(algorithms.AES(secret[16:]), modes.CBC(os.urandom(BLOCK))).encryptor()
    head = b"\x80" + int(time.time()).to_bytes(8, "big")  # version, time
    for text in texts:
        if not text:
            yield ""
            continue
        plain = text.encode()
        padding = BLOCK - len(plain) % BLOCK
        signed = head + stream.update(os.urandom(BLOCK) + plain + bytes([padding]) * padding)
        signature = signer.copy()
        signature.update(signed)
        yield base64.urlsafe_b64encode(signed + signature.digest()).decode("ascii")


def decrypt(token: str) -> str:
    """The text behind `token`; raises `ImproperlyConfigured` when no configured key fits."""
    return decrypt_bytes(token.encode("ascii")).decode()


def encrypt_bytes(content: bytes) -> bytes:
    return _fernet().encrypt(content)


def decrypt_bytes(token: bytes) -> bytes:
    """What `encrypt_bytes` was given; raises `ImproperlyConfigured` as `decrypt` does."""
    try:
        return _fernet().decrypt(token)
    except InvalidToken as error:
        raise ImproperlyConfigured("个人信息无法解密：FIELD_KEYS 中没有当初使用的密钥。") from error


def lookup_hash(text: str) -> str:
    """The hash stored beside an encrypted value (hex, 64 characters); "" for an empty value."""
    plain = normalised(text)
    return _hash(plain, settings.FIELD_KEYS[0]) if plain else ""


def lookup_hashes(text: str) -> list[str]:
    """Every hash under which `text` may be stored, one per key still in use."""
    plain = normalised(text)
    return [_hash(plain, key) for key in settings.FIELD_KEYS] if plain else []


_COUNTRY = re.compile(r"^(\+|00)86(?=1[3-9]\d{9}$)")  # before a mobile number


def normalised(text: str) -> str:
    """What two ways of writing one number or address have in common."""
    plain = re.sub(r"[\s\-()（）]", "", unicodedata.normalize("NFKC", text)).casefold()
    return _COUNTRY.sub("", plain)


def masked(text: str) -> str:
    """`text` mostly hidden: enough to tell two apart, not enough to use."""
    if "@" in text:
        name, _, host = text.partition("@")
        return f"{name[:1]}***@{host}"
    if not text.isascii():  # of an address the city and district
        return text[:6] + "******" if len(text) > 8 else "******"
    if len(text) < 11:  # of a local number any part would be too much
        return "******"
    return f"{text[:3]}{'*' * (len(text) - 7)}{text[-4:]}"  # 138****0000, 330***********000X


class EncryptedTextField(models.TextField):
    """Text encrypted on its way to the database: it can be stored and read, not searched."""

    description = "加密文本"

    def get_prep_value(self, value: object) -> str:
        return encrypt(str(value)) if value else ""

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str:
        return decrypt(value) if value else ""

    def get_lookup(self, lookup_name: str):
        return None


def _fernet() -> MultiFernet:
    return _fernet_of(tuple(settings.FIELD_KEYS))


@cache
def _fernet_of(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _hash(text: str, key: str) -> str:
    hashed = _hasher_of(key).copy()
    hashed.update(text.encode())
    return hashed.hexdigest()


@cache
def _hasher_of(key: str) -> hmac.HMAC:
    """To be copied: setting one up costs more than the short texts that are hashed."""
    secret = hashlib.sha256(b"lookup:" + base64.urlsafe_b64decode(key)).digest()
    return hmac.new(secret, digestmod=hashlib.sha256)
