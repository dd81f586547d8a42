"""The style of the page: two columns where there is room, light and dark as the reader's system says."""

STYLE = """
:root { --ink: #1c2128; --soft: #59636e; --page: #ffffff; --panel: #f4f6f8; --line: #d5dbe1;
  --sent: #9aa7b5; --saved: #1a7f4e; --before: #59636e; --gone: #fbe3e1; --new: #dcf3e4; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e9ee; --soft: #9aa5b1; --page: #12161b; --panel: #1b2128; --line: #333c46;
    --sent: #5b6875; --saved: #46c587; --before: #aab5c0; --gone: #4a2523; --new: #173d2a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1160px; margin: 0 auto; padding: 24px 16px 64px; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 4px; }
h2 { font-size: 1.15rem; margin: 40px 0 4px; }
h3 { font-size: .8rem; font-weight: 600; color: var(--soft); margin: 8px 0 4px; }
header p, section > p { color: var(--soft); margin: 0 0 12px; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(230px, 1fr)); gap: 12px; margin-top: 20px; }
.card { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 14px 16px; }
.card b { font-size: 1.9rem; line-height: 1.2; color: var(--saved); font-variant-numeric: tabular-nums; }
.card p { margin: 2px 0 6px; }
small, figcaption { color: var(--soft); font-size: .82rem; }
figure { margin: 0 0 12px; overflow-x: auto; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); gap: 16px 24px; }
svg { display: block; width: 100%; height: auto; font: 12px system-ui, sans-serif; }
.bar { width: 120px; max-width: 100%; margin: 5px 0; }
svg text { fill: var(--soft); } svg .end { text-anchor: end; }
rect.sent { fill: var(--sent); } .saved { fill: var(--saved); } .band { opacity: .16; }
.grid { stroke: var(--line); } polyline { fill: none; stroke-width: 2; }
polyline.before { stroke: var(--before); stroke-dasharray: 5 3; } polyline.after { stroke: var(--saved); }
.key { white-space: nowrap; }
.key::before { content: ""; display: inline-block; width: 12px; height: 12px; margin: 0 5px 0 8px;
  vertical-align: -1px; border-radius: 2px; background: var(--saved); }
.key.sent::before { background: var(--sent); } .key.before::before { background: var(--before); }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 5px 10px; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; font-size: .82rem; }
.word { text-align: left; white-space: normal; overflow-wrap: anywhere; }
details, .output { border: 1px solid var(--line); border-radius: 8px; margin: 8px 0; background: var(--panel); }
summary, .output { padding: 9px 14px; } summary { cursor: pointer; overflow-wrap: anywhere; }
summary span, .output span { color: var(--soft); }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: 12px; padding: 0 14px 14px; }
.sides > div { min-width: 0; }
pre { margin: 0; padding: 10px; max-height: 520px; overflow: auto; background: var(--page);
  white-space: pre-wrap; overflow-wrap: anywhere;
  border: 1px solid var(--line); border-radius: 6px; font: 12px/1.45 ui-monospace, monospace; tab-size: 8; }
pre i { font-style: normal; display: inline-block; min-width: 100%; }
.gone { background: var(--gone); } .new { background: var(--new); }
li { overflow-wrap: anywhere; margin: 4px 0; }
@media (max-width: 760px) {
  .sides { grid-template-columns: 1fr; } main { padding: 16px 12px 48px; }
  thead { display: none; } tbody, td { display: block; }
  tr { display: flex; flex-wrap: wrap; gap: 0 16px; padding: 7px 0; border-bottom: 1px solid var(--line); }
  td { border: 0; padding: 0; } td:first-child { flex-basis: 100%; font-weight: 600; }
  td:not(:first-child)::before { content: attr(data-label) " "; color: var(--soft); font-size: .82rem; } }
"""
