"""Rows that say how far a program has come are told from results."""

from __future__ import annotations

import pytest

from headroom_compression.formats.progress_rows import may_have_progress
from headroom_compression.formats.progress_rows import read_progress


@pytest.mark.parametrize(
    ("row", "other"),
    [
        pytest.param(
            "Pricing:  45%|████▌     | 675/1500 [00:22<00:28, 29.31it/s]",
            "Pricing:   0%|          | 0/1500 [00:00<?, ?it/s]",
            id="tqdm",
        ),
        pytest.param(
            "rates.bin:  45%|████▌     | 1.2G/2.7G [00:22<00:28, 59.3MB/s]",
            "rates.bin:  12%|█▏        | 324M/2.7G [00:05<01:28, 27.1MB/s]",
            id="tqdm, of bytes",
        ),
        pytest.param(
            "Receiving objects:  45% (5400/12000), 4.50 MiB | 1.20 MiB/s",
            "Receiving objects:  99% (11880/12000), 985.00 KiB | 9.00 MiB/s",
            id="git",
        ),
        pytest.param(
            "[download]  45.0% of   45.32MiB at    4.91MiB/s ETA 00:05",
            "[download]   3.1% of   45.32MiB at  811.07KiB/s ETA 01:12",
            id="yt-dlp",
        ),
        pytest.param(
            " 45/150 [=======>......................] - ETA: 28s - loss: 0.41",
            "150/150 [==============================] - ETA: 0s - loss: 0.38",
            id="Keras",
        ),
        pytest.param(
            "   ━━━━━━━━━━╸━━━━━━━━━ 1.2/3.4 MB 5.6 MB/s eta 0:00:01",
            "   ━━━━━━━━━━━━━━━━━━━━ 3.4/3.4 MB 9.1 MB/s eta 0:00:00",
            id="pip",
        ),
        pytest.param(
            "     50K .......... .......... .......... .......... ..........  1% 7.26M 59s",
            "  2950K .......... .......... .......... .......... ........   100%  800K=3.5s",
            id="wget",
        ),
        pytest.param(
            " 45 80.0M  45 36.0M    0     0  2048k      0  0:00:39  0:00:18  0:00:21 2102k",
            "  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0",
            id="curl",
        ),
        pytest.param(
            "numpy-1.26.4         | 6.5 MB    | ####5      |  45% ",
            "numpy-1.26.4         | 6.5 MB    | ########## | 100% ",
            id="conda",
        ),
        pytest.param("Progress: [ 45%] [#########...........]", "Progress: [ 90%] [##################..]", id="apt"),
        pytest.param("(Reading database ... 45%", "(Reading database ... 100%", id="dpkg"),
        pytest.param("  1,234,567  45%   12.34MB/s    0:00:12", "     32,768   1%    0.00kB/s    0:00:00", id="rsync"),
    ],
)
def test_rows_of_one_task_are_known_as_such(row: str, other: str) -> None:
    read, second = read_progress(row), read_progress(other)
    assert read is not None
    assert second is not None
    assert read.task == second.task
    assert read.percent != second.percent
    for alone in (row, other):
        assert may_have_progress(f"  % Total    % Received % Xferd  Average Speed\n{alone}\ndone\n")


@pytest.mark.parametrize(
    ("row", "other"),
    [
        ("a.bin:  45%|████▌     | 45/100 [00:22<00:28]", "b.bin:  45%|████▌     | 45/100 [00:22<00:28]"),
        ("part 1:  45% (9/20)", "part 2:  45% (9/20)"),
        ("  45%|████▌     | 45/100 [00:22<00:28, loss=0.4]", "  45%|████▌     | 45/100 [00:22<00:28, loss=nan]"),
    ],
)
def test_another_name_or_word_is_of_another_task(row: str, other: str) -> None:
    read, second = read_progress(row), read_progress(other)
    assert read is not None
    assert second is not None
    assert read.task != second.task


@pytest.mark.parametrize(
    "row",
    [
        "",
        "done",
        "100%",
        "45%: precision 0.41, recall 0.72",
        "| 45% | 340 req/s |",
        "45% (9/20) of the carts were paid for",
        "45% (9/21)",
        "| 20 | 45% | 9/20 |",
        "20  45% (9/20)",
        "0.5 |#####.....| 50%",
        "45% |##########|",
        "region 45% [##        ]",
        "45% (12/9)",
        "carts 45% (0/0)",
        "tests/test_carts.py::test_total PASSED [ 45%]",
        "[ 45%] Building CXX object src/cart.o",
        "src/cart.py    120     66    45%   12-80",
        "see docs/2/3/4 [==========]",
        "Receiving objects: 100% (12000/12000), 10.2 MiB | 1.20 MiB/s, done.",
        "x" * 500 + " 45%|████▌     | 45/100 [00:22<00:28]",
    ],
)
def test_what_may_be_a_result_is_no_progress(row: str) -> None:
    assert read_progress(row) is None


@pytest.mark.parametrize(
    "text",
    [
        "src/cart.py:12: total = price(line) / 2\n",
        "tests/test_carts.py::test_total PASSED [ 45%]\ntests/test_carts.py::test_tax PASSED [100%]\n",
        "  % Total    % Received % Xferd  Average Speed\n",
    ],
)
def test_most_texts_have_no_sign_of_it(text: str) -> None:
    assert not may_have_progress(text)
