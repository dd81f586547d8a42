"""Readers of recorded sessions, a file for each program or format that writes them.

A reader tells by the beginning of a file whether it is in its format, and yields the sessions or requests in it.
"""
