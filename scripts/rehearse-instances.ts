/*
 * Four instances of the service behind nginx on this machine, under load; one is killed and starts again. Prints how requests ended, and how
 * many readings the statistics lost: `node scripts/run.mjs scripts/rehearse-instances.ts [SECONDS] [CLIENTS]`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { simulateRequests } from '../src/bench/monitoring/simulate-requests.ts';
import type { DashboardAnswer } from '../src/server/monitoring/dashboard-answer.ts';
import { makeReference } from '../src/server/monitoring/make-reference.ts';
import { formatReference } from '../src/server/monitoring/reference.ts';

const INSTANCES = 4;
const MODEL = 'mlp';
const root = fileURLToPath(new URL('..', import.meta.url));
const [seconds = 20, clients = 8] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'instances-'));
const children = new Set<ChildProcess>();

interface Instance {
  readonly port: number;
  readonly folder: string;
  child: ChildProcess;
}

/** How requests ended, and their milliseconds. */
const statuses = new Map<string, number>();
const times: number[] = [];

try {
  await rehearse();
} finally {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
}

async function rehearse(): Promise<void> {
  const reference = await referenceText();
  const ports = await freePorts(INSTANCES + 1);
  const instances = await Promise.all(ports.slice(1).map((port, i) => startInstance(port, `${i}`, reference)));
  startNginx(ports[0], ports.slice(1));
  const address = `http://127.0.0.1:${ports[0]}`;
  await ready(ports[0]);
  const end = Date.now() + seconds * 1000;
  const loads = Array.from({ length: clients }, () => load(`${address}/v1/predict`, end));
  await sleep((seconds * 1000) / 3);
  const [victim] = instances;
  const ended = once(victim.child, 'exit');
  victim.child.kill('SIGKILL');
  await ended;
  await sleep((seconds * 1000) / 3);
  victim.child = launch(victim);
  await Promise.all(loads);
  await ready(victim.port);
  const counted = await Promise.all(instances.map(countedBy));
  const sorted = times.sort((a, b) => a - b);
  const quantile = (share: number) => Math.round(sorted[Math.floor(share * (sorted.length - 1))] * 10) / 10;
  const total = counted.reduce((sum, count) => sum + count, 0);
  const read = statuses.get('200') ?? 0;
  const result = {
    seconds,
    clients,
    statuses: Object.fromEntries(statuses),
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
  };
  console.log(JSON.stringify({ ...result, mostMs: quantile(1), readings: read, counted, notCounted: read - total }));
}

/** Sends one image after the other until a time. */
async function load(address: string, end: number): Promise<void> {
  const body = readFileSync(join(root, 'data/emnist-sample/images/digit-2.png'));
  while (Date.now() < end) {
    const began = performance.now();
    const status = await fetch(address, { method: 'POST', headers: { 'content-type': 'image/png' }, body }).then(
      async (response) => {
        await response.arrayBuffer();
        return String(response.status);
      },
      () => 'no answer',
    );
    times.push(performance.now() - began);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
}

async function startInstance(port: number, name: string, reference: string): Promise<Instance> {
  const own = join(folder, name);
  mkdirSync(own);
  writeFileSync(join(own, `${MODEL}.monitoring.json`), reference);
  const instance = { port, folder: own };
  const child = launch(instance);
  await ready(port);
  return { ...instance, child };
}

function launch({ port, folder }: Pick<Instance, 'port' | 'folder'>): ChildProcess {
  const options = ['--port', `${port}`, '--model', MODEL, '--workers', '1', '--monitoring-folder', folder];
  const command = ['scripts/run.mjs', 'src/cli/main.ts', 'serve', ...options, '--log-level', 'silent'];
  return started(spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] }));
}

/** A reading may be repeated, so a request whose instance has died goes to the next. */
function startNginx(port: number, upstream: readonly number[]): void {
  const config = join(folder, 'nginx.conf');
  writeFileSync(
    config,
    `daemon off; pid ${folder}/nginx.pid; error_log ${folder}/error.log; worker_processes 1;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  client_max_body_size 16m;
  upstream service {
    least_conn;
    ${upstream.map((each) => `server 127.0.0.1:${each} max_fails=1 fail_timeout=2s;`).join('\n    ')}
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://service;
      proxy_next_upstream error timeout http_503 non_idempotent;
    }
  }
}
`,
  );
  started(spawn('nginx', ['-p', folder, '-c', config], { stdio: ['ignore', 'ignore', 'inherit'] }));
}

function started(child: ChildProcess): ChildProcess {
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

async function ready(port: number): Promise<void> {
  const isReady = () =>
    fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
  for (let tries = 0; !(await isReady()); tries++) {
    if (tries === 600) throw new Error(`Nothing is ready at port ${port}.`);
    await sleep(100);
  }
}

/** Readings in the statistics of an instance, which outlive it. */
async function countedBy({ port }: Instance): Promise<number> {
  const answer = (await (await fetch(`http://127.0.0.1:${port}/v1/monitor`)).json()) as DashboardAnswer;
  return answer.models[0].report.requests;
}

async function referenceText(): Promise<string> {
  const { file } = JSON.parse(readFileSync(join(root, 'models', MODEL, 'model.json'), 'utf8')) as {
    readonly file: { readonly sha256: string };
  };
  const measurements = simulateRequests(300, 1).map((measurement) => Object.assign(measurement, { model: MODEL }));
  const options = { modelSha256: file.sha256, description: 'simulated requests', samples: 100 };
  return await formatReference(makeReference(measurements, options));
}

/** Ports that are free now; held until all are known, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
