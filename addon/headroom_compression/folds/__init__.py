"""The lossless folds, a file each. `pipeline` finds them by walking this folder."""
