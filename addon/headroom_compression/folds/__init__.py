"""The lossless folds, a file each, and the order in which `pipeline` tries them.

`rows` is none of them: it comes last, knows the session, and says which rows were sent.
"""

# By stage. Of the folds of one stage the first that shortens a text is used, so another order changes what is sent.
ORDER = (
    "envelope",
    "shell_reports",
    "terminal",
    "curl_meters",
    "json_tables",
    "log_templates",
    "paths",
    "search",
    "line_matches",
    "context_matches",
    "compiler_findings",
    "headed_findings",
    "long_listings",
    "shared_columns",
    "shared_places",
    "trees",
    "shared_prefixes",
    "file_tables",
    "repeats",
)
