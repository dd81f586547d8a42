"""The shell of headroom-addon: everything that knows mitmproxy."""
