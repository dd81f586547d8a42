"""What the caller may choose."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """Every field decides what is sent: changing one in mid-session rewrites the provider's cache once.

    level: "lossless", or "recall": lines that nobody needs are left out of large outputs and stored in files.
    references: "off", "careful" (long runs, in tool outputs), "eager" (short ones too, also in the model's calls).
    exclude_tools: glob patterns of tools or commands whose output is left alone; when set, also that of unknown calls.
    min_tokens: texts of fewer tokens are left alone.
    recall_dir: absolute path of the folder that holds the originals. recall_limit: how many bytes of them.
    recall_stores: False for a dry run or an audit: what would be sent is worked out, nothing is written.
    budget: tokens of a whole request above which old outputs are put away into files, down to half of it; 0 for never.
    At level "lossless" none are, and there is one only where the server truncates.
    truncates: the request says that the server drops the oldest items of what is too long, which is above the budget:
    there nothing is referred to.
    goes_on: the items go on from others that only the server has, among which may be outputs of any name.
    """

    level: str = "lossless"
    references: str = "careful"
    exclude_tools: tuple[str, ...] = ()
    min_tokens: int = 12  # in recorded sessions half of what mini-swe-agent sends has fewer than 40, tags around it
    recall_dir: str = ""
    recall_limit: int = 512 * 2**20
    recall_stores: bool = True
    budget: int = 0
    truncates: bool = False
    goes_on: bool = False
