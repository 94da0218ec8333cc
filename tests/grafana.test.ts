import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { dashboard } from '../infra/grafana/dashboard.ts';
import { startAlarms } from '../src/server/alarms/start-alarms.ts';
import { Feedback } from '../src/server/feedback/feedback.ts';
import { Monitor } from '../src/server/monitoring/monitor.ts';
import { hasPrometheus } from './support/alerting.ts';

const folder = mkdtempSync(join(tmpdir(), 'grafana-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const { panels } = dashboard();
const queries = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

test('dashboard.json is what dashboard.ts makes', () => {
  const file = readFileSync(new URL('../infra/grafana/dashboard.json', import.meta.url), 'utf8');
  expect(JSON.parse(file)).toEqual(dashboard());
});

test('every metric of the dashboard is one of the service', async () => {
  const keyFile = join(folder, 'key');
  writeFileSync(keyFile, 'ab'.repeat(32));
  const monitor = await Monitor.start([], { waiting: () => 0 });
  const alarms = await startAlarms(monitor, { webhook: 'http://127.0.0.1:9/' }, {});
  const feedback = await Feedback.start({ folder: join(folder, 'kept'), keyFile });
  feedback.count(monitor.registry);
  const metrics = await monitor.registry.getMetricsAsJSON();
  const series = new Set(
    metrics.flatMap(({ name, type }) =>
      String(type) === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name],
    ),
  );
  const asked = queries.flatMap((query) => query.match(/text_recognizer_\w+/g) ?? []);
  expect(asked.length).toBeGreaterThan(15);
  for (const name of asked) expect(series).toContain(name);
  feedback.close();
  await alarms.close();
  await monitor.close();
});

test.skipIf(!hasPrometheus)('promtool understands every query', () => {
  const rules = queries.map((expr, i) => ({ record: `query_${i}`, expr: expr.replaceAll('$__rate_interval', '5m') }));
  const file = join(folder, 'queries.yaml');
  writeFileSync(file, stringify({ groups: [{ name: 'queries', rules }] }));
  const { status, stderr } = spawnSync('promtool', ['check', 'rules', file], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});
