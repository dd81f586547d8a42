"""Whether the sender of a request has signed its body, or sends a digest of it: the server would refuse another one."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from typing import Final

if TYPE_CHECKING:
    from mitmproxy.http import Headers
    from mitmproxy.http import Request

# The receiver checks these against the body, or may do so: x-oai-attestation is a token whose content is not public.
BODY_BOUND_HEADERS: Final = (
    "content-digest",
    "content-md5",
    "digest",
    "repr-digest",
    "signature",
    "signature-input",
    "x-amz-content-sha256",
    "x-content-sha256",
    "x-ms-content-sha256",
    "x-oai-attestation",
)
_BODY_BOUND: Final = frozenset(name.encode() for name in BODY_BOUND_HEADERS)
# What gateways call theirs: X-Hub-Signature-256, X-Acs-Content-Sha256, X-Amz-Checksum-Crc32, X-Body-Hash, X-Hmac, ...
# One too many costs some savings, one too few breaks a client.
_BODY_BOUND_FAMILY: Final = re.compile(
    rb"(?:.*[-_])?(?:signature(?:[-_](?:input|v?[0-9]+|sha[0-9]+|ed25519|(?:ecdsa|hmac|rsa)(?:[-_].*)?))?|sig|digest|md5"
    rb"|hmac(?:[-_].*)?|checksum(?:[-_].*)?|(?:content|body|payload|request)[-_](?:sha-?[0-9]+|hash))"
)
# Schemes that sign the body: those of AWS, of OCI and the RFC's drafts (Signature), those of Azure, Alibaba, Tencent,
# Volcengine, Huawei and Akamai (HMAC-SHA256, ACS3-HMAC-SHA256, TC3-HMAC-SHA256, ...), Hawk and MAC; Azure's SharedKey
# signs how long the body is.
_SIGNS: Final = re.compile(rb"\s*(?:aws4-|signature\b|[a-z0-9-]*hmac|hawk\b|mac\b|sharedkey(?:lite)?\b)", re.IGNORECASE)
# Digest and OAuth 1 sign the body where they say so.
_SAYS_SO: Final = re.compile(rb"\s*(?:digest\b.*\bauth-int\b|oauth\b.*\boauth_body_hash\b)", re.IGNORECASE | re.DOTALL)
_SIGNED_ADDRESS: Final = re.compile(r"[?&]x-(?:amz|goog)-signature=", re.IGNORECASE)


@lru_cache(maxsize=512)
def is_body_bound(name: bytes) -> bool:
    """name: of a header, in lower case."""
    return name in _BODY_BOUND or _BODY_BOUND_FAMILY.fullmatch(name) is not None


def is_signed(request: Request) -> bool:
    trailers = request.trailers
    return (
        _name_a_signature(request.headers)
        or (trailers is not None and _name_a_signature(trailers))
        or (_SIGNED_ADDRESS.search(request.path) is not None)
    )


def _name_a_signature(headers: Headers) -> bool:
    return any(
        is_body_bound(name := written.lower()) or (name == b"authorization" and _signs(value))
        for written, value in headers.fields
    )


def _signs(authorization: bytes) -> bool:
    return _SIGNS.match(authorization) is not None or _SAYS_SO.match(authorization) is not None
