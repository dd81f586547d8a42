"""That the script of the payloads sees what is missing in a text with gaps."""

from __future__ import annotations

import pytest

from scripts.savings.payload_checks import StillThere
from scripts.savings.payload_checks import still_there

ANSWER = {
    "total": 3,
    "logs": [
        {"id": "7", "level": "INFO", "host": {"id": 1}, "text": "start"},
        {"id": "8", "level": "ERROR", "host": {"id": 2}, "text": "boom"},
        {"id": "9", "level": "INFO", "host": {"id": 1}, "text": "stop"},
    ],
}
SENT = 'id,level,host.id,text\n"7",INFO,1,start\n"8",ERROR,2,boom\n[1 row left out]\n\t"9"'


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        pytest.param(SENT, StillThere((1, 1), (2, 2), (3, 3)), id="all"),
        pytest.param(SENT.replace(",boom", ""), StillThere((0, 1), (2, 2), (3, 3)), id="half an error"),
        pytest.param(SENT.replace('"8",', '\t"8",'), StillThere((0, 1), (2, 2), (3, 3)), id="an error in short"),
        pytest.param(SENT.replace("ERROR", "E"), StillThere((0, 1), (1, 2), (3, 3)), id="no word for an error"),
        pytest.param(SENT.replace('\t"9"', ""), StillThere((1, 1), (2, 2), (2, 3)), id="a row without its id"),
        pytest.param(SENT.replace("ERROR,2", "ERROR"), StillThere((0, 1), (2, 2), (2, 3)), id="no id of an object"),
    ],
)
def test_what_is_still_there(sent: str, found: StillThere) -> None:
    assert still_there(ANSWER, sent) == found
    assert found.is_all is (sent == SENT)
