"""The elisions of level recall, a file each. `eliding` finds them by walking this folder."""
