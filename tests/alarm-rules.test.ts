import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { simulateRequests } from '../src/bench/monitoring/simulate-requests.ts';
import type { Reading } from '../src/reading/reading.ts';
import { startAlarms } from '../src/server/alarms/start-alarms.ts';
import { startWebhook } from '../src/server/alarms/testing/webhook-server.ts';
import { makeReference } from '../src/server/monitoring/make-reference.ts';
import type { Measurement } from '../src/server/monitoring/measurement.ts';
import { startMetricsServer } from '../src/server/monitoring/metrics-server.ts';
import { Monitor } from '../src/server/monitoring/monitor.ts';
import { ownReference } from '../src/server/monitoring/read-reference.ts';
import { formatReference } from '../src/server/monitoring/reference.ts';
import { Alerting, hasPrometheus, rulesFile } from './support/alerting.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook_url: string };
}

const runbooks = fileURLToPath(new URL('../docs/runbooks/', import.meta.url));
const { groups } = parse(readFileSync(rulesFile, 'utf8')) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap(({ rules }) => rules);

test.each(rules.map((rule) => [rule.alert, rule] as const))(
  '%s has a duration, a severity, a summary and a runbook that names it',
  (name, rule) => {
    expect(rule.for).toMatch(/^\d+m$/);
    expect(['warning', 'critical']).toContain(rule.labels.severity);
    expect(rule.annotations.summary.length).toBeGreaterThan(20);
    const [, page] = /^\{\{ \$externalLabels\.runbooks \}\}\/([\w-]+\.md)$/.exec(rule.annotations.runbook_url)!;
    expect(readFileSync(join(runbooks, page), 'utf8')).toContain(`\`${name}\``);
  },
);

const folder = mkdtempSync(join(tmpdir(), 'alerting-'));
const sha256 = 'ab'.repeat(32);
const models = [{ source: 'simulated', manifest: { name: 'simulated', file: { name: '', bytes: 1, sha256 } } }];
const timing = { queueMs: 0, decodeMs: 1, computeMs: 2, batchSize: 1 };

test('every metric that a rule asks for is one of the service', async () => {
  const monitor = await Monitor.start([], { waiting: () => 0 });
  const alarms = await startAlarms(monitor, { webhook: 'http://127.0.0.1:9/' }, {});
  const known = (await monitor.registry.getMetricsAsJSON()).map(({ name }) => name);
  const asked = rules.flatMap(({ expr }) => expr.match(/text_recognizer_\w+/g) ?? []);
  expect(asked.length).toBeGreaterThan(8);
  for (const name of asked) expect(known).toContain(name.replace(/_bucket$/, ''));
  await alarms.close();
  await monitor.close();
});

test.skipIf(!hasPrometheus)('promtool finds no fault in the rules, and their tests pass', () => {
  const run = spawnSync('promtool', ['test', 'rules', join(dirname(rulesFile), 'rules-test.yaml')], {
    encoding: 'utf8',
  });
  expect([run.status, run.stderr]).toEqual([0, '']);
  const config = spawnSync('promtool', ['check', 'config', join(dirname(rulesFile), 'prometheus.yaml')]);
  expect([config.status, config.stderr.toString()]).toEqual([0, '']);
});

interface Notification {
  readonly alerts: readonly {
    readonly status: 'firing' | 'resolved';
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

/** What Alertmanager posts, kept until it is asked for. */
async function startReceiver() {
  const alerts: Notification['alerts'][number][] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      alerts.push(...(JSON.parse(body) as Notification).alerts);
      response.end();
      server.emit('alerts');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async until(alertname: string, status: 'firing' | 'resolved') {
      for (;;) {
        const found = alerts.find((alert) => alert.labels.alertname === alertname && alert.status === status);
        if (found) return found;
        await once(server, 'alerts');
      }
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

test.skipIf(!hasPrometheus)(
  'inverted requests reach a webhook through Prometheus and Alertmanager, and from the service itself; so does their end',
  async () => {
    const options = { modelSha256: sha256, description: 'simulated requests', samples: 100 };
    const reference = makeReference(simulateRequests(300, 1), options);
    await writeFile(join(folder, ownReference('simulated')), await formatReference(reference));
    const monitor = await Monitor.start(models, { waiting: () => 0, folder });
    const own = await startWebhook();
    const notifier = await startAlarms(monitor, { webhook: own.url }, { folder });
    const metrics = await startMetricsServer(monitor.registry, 0, '127.0.0.1');
    const receiver = await startReceiver();
    const alerting = await Alerting.start({ target: `127.0.0.1:${metrics.port}`, webhook: receiver.url, folder });
    const send = (requests: readonly Measurement[]): void =>
      requests.forEach((measurement, i) => monitor.read({ reading: {} as Reading, timing, measurement }, `id-${i}`));
    try {
      send(simulateRequests(200, 2));
      send(simulateRequests(200, 3, { inverted: true }));
      const alarm = await receiver.until('TextRecognizerHandwritingChanged', 'firing');
      expect(alarm.labels).toMatchObject({ severity: 'warning', model: 'simulated', cause: 'inverted' });
      expect(alarm.annotations).toEqual({
        summary: 'What simulated reads has changed; a guess at the cause: inverted.',
        runbook_url: '/runbooks/handwriting-changed.md',
      });
      send(simulateRequests(2000, 4));
      await receiver.until('TextRecognizerHandwritingChanged', 'resolved');
      await own.received(2);
      expect(own.deliveries.map(({ alarm }) => [alarm.cause, alarm.state])).toEqual([
        ['inverted', 'firing'],
        ['inverted', 'resolved'],
      ]);
    } finally {
      await alerting.close();
      receiver.close();
      await metrics.close();
      await notifier.close();
      await own.close();
      await monitor.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
