"""A small shop for the demo's agent to look at: the same files for everybody, so that the demo's figures are, too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

THINGS = ("address", "basket", "customer", "discount", "invoice", "order", "parcel", "payment", "refund", "stock")
FIELDS = ("identifier", "name", "amount", "currency", "status", "created_at", "changed_at")
_SECOND_OF_TROUBLE = 41
_FUNCTION = '''
def {verb}_{thing}{ending}(store: Store, {field}: str) -> {title}:
    """{sentence}"""
    found = store.find("{thing}", {field}={field})
    if found is None:
        raise LookupError(f"no {thing} whose {field} is {{{field}}}")
    return {title}(**found)
'''
_VERBS = {
    "find": "Return the one {thing} with this {field}.",
    "close": "Close the {thing} with this {field}, and return it as it was before.",
    "copy": "Return a new {thing} that is like the one with this {field}.",
}


def write_project(folder: Path) -> None:
    """Write its modules to `shop/`, a page about each to `README.md`, and what its server wrote to `server.log`."""
    (folder / "shop").mkdir()
    for thing in THINGS:
        (folder / "shop" / f"{thing}.py").write_text(_module(thing))
    (folder / "README.md").write_text("\n".join(_readme()))
    (folder / "server.log").write_text("\n".join(_log()) + "\n")


def _module(thing: str) -> str:
    title = thing.capitalize()
    head = f'"""Each {thing} of the shop."""\n\nfrom dataclasses import dataclass\n\nfrom shop.store import Store\n'
    fields = "\n".join(f"    {field}: str" for field in FIELDS)
    functions = "\n".join(
        _FUNCTION.format(
            verb=verb, thing=thing, ending=f"_by_{field}", field=field, title=title,
            sentence=sentence.format(thing=thing, field=field.replace("_", " ")),
        )
        for verb, sentence in _VERBS.items()
        for field in FIELDS
    )  # fmt: skip
    return f"{head}\n\n@dataclass\nclass {title}:\n{fields}\n\n{functions}"


def _readme() -> Iterator[str]:
    yield "# The shop"
    for thing in THINGS:
        yield from ("", f"## {thing.capitalize()}", "", f"`shop/{thing}.py` finds, closes and copies it:", "")
        yield from (f"- by its {field.replace('_', ' ')}" for field in FIELDS)


def _log() -> Iterator[str]:
    for number in range(180):
        thing = THINGS[number * 7 % len(THINGS)]
        time = f"2026-11-28T10:{number // 60:02}:{number % 60:02}Z"
        if number % 60 == _SECOND_OF_TROUBLE:
            yield f"{time} ERROR shop.server request failed: {thing} {5000 + number} is locked by another request"
        else:
            yield f"{time} INFO shop.server GET /{thing}/{5000 + number} 200 in {3 + number % 9} ms"
