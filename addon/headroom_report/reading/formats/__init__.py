"""Readers of recorded sessions, a file for each program or format that writes them.

A reader tells by the beginning of a file whether it is one of its own, and makes sessions or requests of it.
"""
