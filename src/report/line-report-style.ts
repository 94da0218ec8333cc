/** The report's style sheet: one column of text, aligned characters in a fixed width, light and dark. */
export const LINE_REPORT_STYLE = `
:root { color-scheme: light dark; --ink: #1f2328; --quiet: #59636e; --paper: #fff; --rule: #d1d9e0;
  --substitution: #ffe0b3; --deletion: #ffd0d0; --insertion: #cfe8ff; --bar: #0072b2; }
@media (prefers-color-scheme: dark) { :root { --ink: #f0f6fc; --quiet: #9198a1; --paper: #0d1117; --rule: #3d444d;
  --substitution: #6b4a12; --deletion: #712b2b; --insertion: #1d4a73; --bar: #56b4e9; } }
body { font: 15px/1.5 system-ui, "Segoe UI", Helvetica, Arial, "DejaVu Sans", sans-serif; color: var(--ink);
  background: var(--paper); max-width: 68rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2.5rem; border-bottom: 1px solid var(--rule); }
.figures { display: flex; flex-wrap: wrap; gap: 1rem; margin: 0 0 1rem; }
.figure { border: 1px solid var(--rule); border-radius: 6px; padding: .5rem 1rem; }
.figure dt, small, figcaption, .legend { color: var(--quiet); font-size: .85rem; }
.figure dd { margin: 0; font-size: 1.6rem; font-variant-numeric: tabular-nums; }
figure { margin: 1.2rem 0; }
figure img { display: block; max-width: 100%; height: auto; background: #fff; border: 1px solid var(--rule); }
.curves { max-width: 100%; }
.alignment { margin-top: .3rem; font: 14px/1.25 ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.alignment span { display: inline-block; text-align: center; min-width: .62em; }
.alignment .gap { min-width: .62em; white-space: pre; }
.alignment b, .alignment i { display: block; font-weight: 400; font-style: normal; }
.alignment .match i { color: var(--quiet); }
.substitution { background: var(--substitution); } .deletion { background: var(--deletion); }
.insertion { background: var(--insertion); }
.key { padding: 0 .4em; border-radius: 3px; color: var(--ink); }
table { border-collapse: collapse; } th { text-align: left; font-weight: 600; }
th, td { padding: .15rem .8rem .15rem 0; vertical-align: middle; }
.side { display: flex; flex-wrap: wrap; gap: 2rem; align-items: flex-start; }
.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.sign { text-align: center; padding: .15rem .8rem; font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.facts th { color: var(--quiet); font-weight: 400; }
.rates { width: 100%; } .track { width: 50%; } .bar { background: var(--bar); height: .7rem; min-width: 1px; }
`;
