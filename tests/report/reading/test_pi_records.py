"""Records of pi without a file around them; `formats/test_pi_sessions.py` has what they may be."""

from __future__ import annotations

from headroom_report.reading.pi_records import session_of

SESSION = {"type": "session", "id": "5d2c", "timestamp": "2026-11-29T15:07:47Z", "cwd": "/srv/app"}
SAID = {"type": "message", "id": "1", "message": {"role": "user", "content": "Look."}}
DONE = {"type": "message", "id": "2", "message": {"role": "assistant", "content": [{"type": "text", "text": "Done."}]}}


def test_a_session_has_the_name_of_its_first_record() -> None:
    session = session_of([SESSION, SAID, DONE], "file", "some kind")
    assert session is not None
    assert (session.name, session.kind) == ("2026-11-29 15:07 app 5d2c", "some kind")


def test_without_one_it_has_the_name_that_was_given() -> None:
    session = session_of([SAID, DONE], "file", "some kind")
    assert session is not None
    assert session.name == "file"


def test_without_messages_it_is_none() -> None:
    assert session_of([SESSION, {"type": "custom"}], "file", "some kind") is None
