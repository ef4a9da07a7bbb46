"""What a certificate of Sigstore's Fulcio says of the workflow that it was given to: its extensions, read as they stand.

Nothing is verified here: whether the certificate is Fulcio's, and the signature is by its key, is another question.

Sources: https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md, https://www.itu.int/rec/T-REC-X.690 (DER)
"""

from __future__ import annotations

from collections.abc import Iterator

LARGEST = 2**16
"""Bytes of the largest certificate that is read."""
_FULCIO = bytes.fromhex("2b0601040183bf3001")
"""1.3.6.1.4.1.57264.1, before the number of the extension."""
_NAMES = {8: "issuer", 9: "signer", 12: "repository", 13: "commit", 14: "ref", 18: "workflow", 21: "run"}
_SEQUENCE, _OID, _OCTETS, _UTF8, _EXTENSIONS = 0x30, 0x06, 0x04, 0x0C, 0xA3


def claims(der: bytes) -> dict[str, str]:
    """Give issuer, signer, repository, commit, ref, workflow and run, each as a text; what is not there, or cannot be read, is not given."""
    found: dict[str, str] = {}
    if len(der) > LARGEST:
        return found
    try:
        certificate = next(body for tag, body in _values(der) if tag == _SEQUENCE)
        signed = next(body for tag, body in _values(certificate) if tag == _SEQUENCE)
        listed = next(body for tag, body in _values(signed) if tag == _EXTENSIONS)
        for _, extension in _values(next(_values(listed))[1]):
            parts = [*_values(extension)]
            tag, oid = parts[0]
            if tag == _OID and oid[:-1] == _FULCIO and oid[-1] in _NAMES and parts[-1][0] == _OCTETS:
                for inner, text in _values(parts[-1][1]):
                    if inner == _UTF8:
                        found[_NAMES[oid[-1]]] = text.decode()
    except (StopIteration, IndexError, ValueError):
        return {}
    return found


def _values(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Give tag and content of each value that stands in a row.

    Raises: ValueError, IndexError where the row is cut.
    """
    at = 0
    while at < len(data):
        tag, size, at = data[at], data[at + 1], at + 2
        if size & 0x80:
            count = size & 0x7F
            size, at = int.from_bytes(data[at : at + count], "big"), at + count
        if at + size > len(data):
            raise ValueError("it is cut")
        yield tag, data[at : at + size]
        at += size
