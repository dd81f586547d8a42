"""Which long lines machines wrote for machines, and which only look like it."""

from __future__ import annotations

import pytest

from headroom_compression.formats.data_lines import kind_of_data
from headroom_compression.formats.data_lines import name_before
from headroom_compression.formats.data_lines import place_before
from headroom_compression.formats.data_lines import without_urls

CODE = "function f(a,b){return a&&b?{v:a.x+b,w:[b,a]}:null};" * 40
STYLE = ".btn{color:#fff;margin:0 auto}.btn:hover{color:red;padding:1px 2px}" * 30
BASE64 = "iVBORw0KGgoAAAANSUhEUgAA" * 60
URL = f"data:image/png;base64,{BASE64}"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        pytest.param(CODE, "minified code", id="JavaScript"),
        pytest.param(STYLE, "minified code", id="a style sheet"),
        pytest.param(f"dist/app.js:1:{CODE}", "minified code", id="a hit of grep in it"),
        pytest.param(
            "dist/a.min.js:1:" + "x=[" + "1,2," * 400, "minified code", id="what the name of its file says it is"
        ),
        pytest.param(
            '{"version":3,"sources":["a.ts"],"mappings":"' + "AAAA;" * 300 + '"}', "a source map", id="a source map"
        ),
        pytest.param(
            '  "mappings": "' + ";AAEO,IAAM" * 120 + '",', "a source map", id="the mappings of one in many lines"
        ),
        pytest.param(BASE64, "base64", id="base64"),
        pytest.param(f"  tls.crt: {BASE64}=", "base64", id="base64 with a key"),
        pytest.param(f'"logo": "{BASE64}",', "base64", id="base64 in JSON of many lines"),
        pytest.param("7f454c46" * 200, "hex digits", id="hex digits"),
        pytest.param(f'<img alt="logo" src="{URL}">', "a data: URL", id="a picture in a page"),
        pytest.param(f"<script>{CODE}</script>", "minified code", id="a script of a page"),
        pytest.param(f"<html><p>31 orders</p><script>{CODE}</script>", None, id="a page with its scripts"),
        pytest.param(CODE[:900], None, id="a short line of code"),
        pytest.param("Coats come in three colours; we sew them {all} in Porto. " * 40, None, id="prose"),
        pytest.param('{"sku":"A-1","title":"coat","stock":3},' * 60, None, id="JSON"),
        pytest.param("INSERT INTO t VALUES (1,'a'),(2,'b')" + ",(3,'c')" * 300 + ";", None, id="SQL"),
        pytest.param("a" * 300 + " " + "b" * 900, None, id="words"),
        pytest.param(f'<p>{"Orders leave at noon. " * 20}</p><img src="{URL}">', None, id="a picture beside much text"),
    ],
)
def test_only_what_is_surely_data_is(line: str, kind: str | None) -> None:
    assert kind_of_data(line) == kind


@pytest.mark.parametrize(
    ("line", "place", "name"),
    [
        ("dist/app.js:1:88:function f(){", "dist/app.js:1:88:", "dist/app.js:1:88:"),
        ("dist/app.js-12-function f(){", "dist/app.js-12-", "dist/app.js-12-"),
        ("  tls.crt: LS0tLS1CRUdJTi", "", "  tls.crt: "),
        (f"{URL}", "", ""),
    ],
)
def test_what_stands_in_front_says_where_data_is_from(line: str, place: str, name: str) -> None:
    assert place_before(line) == place
    assert name_before(line) == name


def test_the_type_of_a_url_is_shown_without_its_data() -> None:
    assert without_urls(f'<img src="{URL}" width="40">') == '<img src="data:image/png;base64,[...]" width="40">'
