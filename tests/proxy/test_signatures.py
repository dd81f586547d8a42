"""Signed bodies: by headers, by their families, by the scheme of the authorization, by the address."""

from __future__ import annotations

import pytest
from mitmproxy.http import Headers
from mitmproxy.test import tutils

from headroom_proxy.signatures import BODY_BOUND_HEADERS
from headroom_proxy.signatures import is_body_bound
from headroom_proxy.signatures import is_signed

SIGNED = (
    "X-Hub-Signature", "X-Hub-Signature-256", "X-Signature", "x_signature", "Webhook-Signature", "X-Signature-V2",
    "X-Acs-Content-Sha256", "X-Sdk-Content-Sha256", "X-Content-Hash", "X-Body-Hash", "X-Payload-SHA-256", "X-Hmac",
    "X-HMAC-SHA256", "X-Request-Md5", "X-Body-Digest", "X-Amz-Checksum-Crc32", "X-Checksum",
    "X-Signature-Ed25519", "X-Signature-RSA-SHA256", "X-Sig", "X-MD5",
)  # fmt: skip
USUAL = (
    "Content-Type", "Content-Length", "Content-Encoding", "X-Request-Id", "X-Signature-Owner", "Signatures", "Hashed",
    "X-Session-Hash", "X-Amz-Date", "Digests", "OpenAI-Beta", "X-Codex-Turn-State", "Idempotency-Key", "X-Client-Sha",
    "X-Signature-Edition", "X-Signal", "X-Md5sum",
)  # fmt: skip


@pytest.mark.parametrize("name", [*BODY_BOUND_HEADERS, *SIGNED])
def test_is_bound_to_the_body(name: str) -> None:
    assert is_body_bound(name.lower().encode())
    assert is_signed(tutils.treq(headers=Headers([(name.encode(), b"x")])))
    assert is_signed(tutils.treq(trailers=Headers([(name.encode(), b"x")])))


@pytest.mark.parametrize("name", USUAL)
def test_has_nothing_to_do_with_the_body(name: str) -> None:
    assert not is_body_bound(name.lower().encode())
    assert not is_signed(tutils.treq(headers=Headers([(name.encode(), b"Signature")])))


@pytest.mark.parametrize(
    ("authorization", "signs"),
    [
        ("AWS4-HMAC-SHA256 Credential=x", True),
        ("aws4-ecdsa-p256-sha256 Credential=x", True),
        (' Signature keyId="x"', True),
        ("HMAC-SHA256 SignedHeaders=x&Signature=y", True),
        ("ACS3-HMAC-SHA256 Credential=x", True),
        ("hmac username=x", True),
        ('Hawk id="x"', True),
        ('MAC id="x"', True),
        ("SharedKey account:x", True),
        ('Digest username="x", qop=auth-int', True),
        ('OAuth oauth_body_hash="x"', True),
        ('Digest username="x", qop=auth', False),
        ('OAuth oauth_token="x"', False),
        ("Bearer hmac", False),
        ("Bearer sk-aws4-x auth-int", False),
        ("Machine x", False),
        ("SharedKeys x", False),
        ("Basic eDp5", False),
        ("", False),
    ],
)
def test_authorization(authorization: str, *, signs: bool) -> None:
    assert is_signed(tutils.treq(headers=Headers(authorization=authorization))) == signs


@pytest.mark.parametrize(
    ("path", "signs"),
    [
        (b"/responses?X-Amz-Algorithm=x&X-Amz-Signature=y", True),
        (b"/responses?x-goog-signature=y", True),
        (b"/responses?signature=y", False),
        (b"/X-Amz-Signature=y/responses", False),
    ],
)
def test_address(path: bytes, *, signs: bool) -> None:
    assert is_signed(tutils.treq(path=path)) == signs
