"""Time stamps (RFC 3161): asking an authority for one, and reading what it answered. Only a hash ever leaves this machine."""

from __future__ import annotations

import hashlib
import time
from datetime import UTC
from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampResponse
    from urllib3.response import BaseHTTPResponse

SECONDS = 30.0
"""Time limit for an authority to connect, and again to answer."""

LARGEST_ANSWER = 2**20
"""Bytes beyond which an answer is none: real ones have some thousands."""

_SHA256 = "2.16.840.1.101.3.4.2.1"
_GRANTED = 0
_OK = 200
_QUERY = "application/timestamp-query"


class Stamp(NamedTuple):
    """An authority's answer: its bytes as they came, the SHA-256 that it speaks of, and its time, UTC, ISO 8601 with a ``Z``."""

    answer: bytes
    imprint: str
    stamped_at: str


def ask_authority(url: str, content: bytes) -> Stamp:
    """Ask the authority at an address for a time stamp of the SHA-256 of these bytes.

    Raises `InputError` where it cannot be reached, refuses, or answers of something else than it was asked.
    """
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    request = TimestampRequestBuilder(content, HashAlgorithm.SHA256, nonce=True, cert_req=True).build()
    answer = _post(url, request.as_bytes())
    response = _decoded(answer, f"{url} answered with no time stamp")
    if response.status != _GRANTED:
        why = "; ".join(response.status_string) or f"status {response.status}"
        raise InputError(f"{url} refused to stamp: {why}; nothing was recorded.")
    stamp = _stamp(answer, response)
    if stamp.imprint != hashlib.sha256(content).hexdigest() or response.tst_info.nonce != request.nonce:
        raise InputError(f"{url} answered with a time stamp of something else than it was asked; nothing was recorded.")
    return stamp


def read_answer(answer: bytes) -> Stamp:
    """Read an authority's answer; raises `InputError` where it is no time stamp."""
    response = _decoded(answer, "it is no time stamp")
    if response.status != _GRANTED:
        raise InputError("it is a refusal, no time stamp")
    return _stamp(answer, response)


def signature_fault(answer: bytes, roots: list[Certificate]) -> str | None:
    """Return what is wrong with an answer's signature, as far as these root certificates tell; ``None`` where it holds."""
    from rfc3161_client import VerificationError, VerifierBuilder

    response = _decoded(answer, "it is no time stamp")
    verifier = VerifierBuilder(roots=roots).build()
    try:
        verifier.verify(response, response.tst_info.message_imprint.message)
    except (VerificationError, ValueError):
        return "its signature does not hold, or is of an authority that none of the certificates vouches for"
    return None


def read_certificates(path: Path) -> list[Certificate]:
    """The certificates in a PEM file; raises `InputError`."""
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return load_pem_x509_certificates(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError:
        raise InputError(f"{path} holds no certificates; give a PEM file with the authority's root certificate.") from None


def _post(url: str, body: bytes) -> bytes:
    import urllib3

    try:
        with urllib3.PoolManager(timeout=SECONDS, retries=False) as pool:
            response = pool.request("POST", url, body=body, headers={"Content-Type": _QUERY}, preload_content=False, redirect=False)
            try:
                answer = _read(response)
            finally:
                # What is more than that stays unread.
                response.close()
    except (urllib3.exceptions.HTTPError, ValueError, OSError) as error:
        raise InputError(f"{url} cannot be asked for a time stamp: {_cause(error)}; nothing was recorded.") from error
    if response.status != _OK:
        raise InputError(f"{url} answered {response.status} {response.reason or ''}".rstrip() + ", no time stamp; nothing was recorded.")
    if len(answer) > LARGEST_ANSWER:
        raise InputError(f"{url} answered with more than a time stamp can be; nothing was recorded.")
    return answer


def _read(response: BaseHTTPResponse) -> bytes:
    """An answer up to a byte more than it may have; no longer than it may take."""
    from urllib3.exceptions import TimeoutError as TooSlowError

    deadline = time.monotonic() + SECONDS
    answer = b""
    while len(answer) <= LARGEST_ANSWER and (block := response.read1(LARGEST_ANSWER)):
        answer += block
        if time.monotonic() > deadline:
            # It may send a byte now and then for ever.
            raise TooSlowError
    return answer


def _cause(error: Exception) -> str:
    """The end of a chain of errors, in words; urllib3 wraps the system's."""
    from urllib3.exceptions import NameResolutionError, NewConnectionError
    from urllib3.exceptions import TimeoutError as TooSlowError

    if isinstance(error, NameResolutionError):
        return "there is no such host, or no way to it"
    # A refused connection counts among the slow ones there.
    if isinstance(error, TooSlowError) and not isinstance(error, NewConnectionError):
        return f"no answer within {SECONDS:g} seconds"
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
        cause = cause.__cause__ or cause.__context__
    return "it is no address, or the connection broke"


def _decoded(answer: bytes, otherwise: str) -> TimeStampResponse:
    from rfc3161_client import decode_timestamp_response

    try:
        response = decode_timestamp_response(answer)
        # A refusal has no token to look into.
        if response.status == _GRANTED:
            _ = response.tst_info.gen_time
    except ValueError:
        raise InputError(otherwise) from None
    return response


def _stamp(answer: bytes, response: TimeStampResponse) -> Stamp:
    imprint = response.tst_info.message_imprint
    if imprint.hash_algorithm.dotted_string != _SHA256:
        raise InputError("it speaks of no SHA-256")
    moment = response.tst_info.gen_time.astimezone(UTC)
    return Stamp(answer, imprint.message.hex(), moment.strftime("%Y-%m-%dT%H:%M:%SZ"))
