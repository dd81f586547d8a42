"""The contentview "Headroom": before and after of a request that was compressed, in mitmweb and the console.

mitmproxy 12 asks for `prettify`, mitmproxy 11 calls the view itself; both ask for a priority, in two ways.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from mitmproxy import contentviews as installed_contentviews

from headroom_proxy.view.before_after import changed_texts
from headroom_proxy.view.before_after import rendered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headroom_proxy.view.originals import Originals

contentviews: Any = installed_contentviews  # what it offers depends on the version
IS_OF_MITMPROXY_12 = hasattr(contentviews, "Contentview")
View: Any = contentviews.Contentview if IS_OF_MITMPROXY_12 else contentviews.View
PREFERRED = 2.0  # the views of mitmproxy say at most 1; this one is for few bodies, of which it says most
NOT_MINE = -1.0


class BeforeAfterView(View):  # type: ignore[misc]  # which class it is depends on the version
    name = "Headroom"
    syntax_highlight = "none"

    def __init__(self, originals: Originals) -> None:
        self._originals = originals

    def prettify(self, data: bytes, metadata: Any) -> str:
        return "\n".join(self._lines(data, metadata.flow))

    def __call__(self, data: bytes, *, flow: object = None, **_: object) -> tuple[str, Iterator[list[tuple[str, str]]]]:
        return self.name, ([("text", line or " ")] for line in "\n".join(self._lines(data, flow)).split("\n"))

    def render_priority(self, data: bytes, metadata: Any = None, *, flow: object = None, **_: object) -> float:
        flow = metadata.flow if metadata is not None else flow
        return PREFERRED if self._originals.of(flow, data) else NOT_MINE

    def _lines(self, data: bytes, flow: object) -> Iterator[str]:
        original = self._originals.of(flow, data)
        if original is None:
            return iter(["Nothing was shortened here, or the original is no longer kept."])
        return rendered(changed_texts(original.before, data, self._originals.text, original.new))


def add(view: BeforeAfterView) -> None:
    """Offer the view in the place of one of the same name: a script that is loaded again makes a new one."""
    if not IS_OF_MITMPROXY_12 and contentviews.get(view.name):
        contentviews.remove(contentviews.get(view.name))
    contentviews.add(view)
