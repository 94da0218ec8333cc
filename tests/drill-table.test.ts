import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type DrillReport, drillTable } from '../src/cli/monitoring/drill-table.ts';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

test('the table of the drill in the documentation is that of its report, which is of a drill that noticed everything', () => {
  const report = JSON.parse(read('docs/monitoring-drill.json')) as DrillReport;
  // Formatters pad cells.
  const plain = (text: string) => text.replaceAll(/ +\|/g, ' |').replaceAll(/\| +/g, '| ').replaceAll(/-{3,}/g, '---');
  expect(plain(read('docs/monitoring.md'))).toContain(plain(drillTable(report)));
  for (const { shift, noticedAfter } of report.rows) {
    const most = shift === 'other-writers' || shift === 'other-language' ? 1000 : 200;
    expect([shift, noticedAfter !== undefined && noticedAfter <= most]).toEqual([shift, true]);
  }
});
