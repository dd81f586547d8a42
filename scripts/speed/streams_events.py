"""A script for mitmdump that lets event streams arrive as they are sent: the addon is compared with it."""

from mitmproxy.http import HTTPFlow


def responseheaders(flow: HTTPFlow) -> None:
    if flow.response and flow.response.headers.get("content-type", "").startswith("text/event-stream"):
        flow.response.stream = True
