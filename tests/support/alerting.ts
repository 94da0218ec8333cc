import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { freePort } from './free-port.ts';

export const rulesFile = fileURLToPath(new URL('../../infra/prometheus/rules.yaml', import.meta.url));

const programs = ['prometheus', 'promtool', 'prometheus-alertmanager'];
const missing = programs.filter((name) => spawnSync(name, ['--version']).status !== 0);

/** Whether there are Prometheus and Alertmanager; says so where there are not. */
export const hasPrometheus = missing.length === 0;
if (!hasPrometheus) {
  console.warn(
    `Skipped: no ${missing.join(', ')} (Debian: apt-get install --no-install-recommends prometheus prometheus-alertmanager).`,
  );
}

/** Prometheus with this repository's rules, and an Alertmanager that posts to a webhook: all within seconds, on this machine. */
export class Alerting {
  readonly #processes: readonly ChildProcess[];

  private constructor(processes: readonly ChildProcess[]) {
    this.#processes = processes;
  }

  /** Scrapes `target`, a host and port, and keeps its files in `folder`. */
  static async start({ target, webhook, folder }: { target: string; webhook: string; folder: string }) {
    const [prometheus, alertmanager] = [await freePort(), await freePort()];
    writeYaml(join(folder, 'rules.yaml'), hurried(parse(readFileSync(rulesFile, 'utf8')) as Rules));
    writeYaml(join(folder, 'alertmanager.yaml'), {
      route: { receiver: 'hook', group_by: ['alertname'], group_wait: '0s', group_interval: '1s' },
      receivers: [{ name: 'hook', webhook_configs: [{ url: webhook, send_resolved: true }] }],
    });
    writeYaml(join(folder, 'prometheus.yaml'), {
      global: {
        scrape_interval: '1s',
        scrape_timeout: '1s',
        evaluation_interval: '1s',
        external_labels: { runbooks: '/runbooks' },
      },
      rule_files: ['rules.yaml'],
      scrape_configs: [{ job_name: 'text-recognizer', static_configs: [{ targets: [target] }] }],
      alerting: { alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${alertmanager}`] }] }] },
    });
    const processes = [
      run('prometheus-alertmanager', [
        `--config.file=${join(folder, 'alertmanager.yaml')}`,
        `--storage.path=${join(folder, 'alertmanager')}`,
        `--web.listen-address=127.0.0.1:${alertmanager}`,
        // No other Alertmanager.
        '--cluster.listen-address=',
      ]),
      run('prometheus', [
        `--config.file=${join(folder, 'prometheus.yaml')}`,
        `--storage.tsdb.path=${join(folder, 'prometheus')}`,
        `--web.listen-address=127.0.0.1:${prometheus}`,
        '--rules.alert.resend-delay=1s',
      ]),
    ];
    const started = new Alerting(processes);
    await Promise.all([untilReady(alertmanager), untilReady(prometheus)]).catch(async (error: unknown) => {
      await started.close();
      throw error;
    });
    return started;
  }

  async close(): Promise<void> {
    await Promise.all(
      this.#processes.map(async (process) => {
        const gone = process.exitCode === null && process.signalCode === null ? once(process, 'exit') : undefined;
        process.kill('SIGKILL');
        await gone;
      }),
    );
  }
}

interface Rules {
  readonly groups: readonly { readonly rules: readonly { for?: string }[] }[];
}

/** The same rules, except that nothing needs to last. */
function hurried(rules: Rules): Rules {
  for (const rule of rules.groups.flatMap(({ rules }) => rules)) rule.for = '0s';
  return rules;
}

function writeYaml(path: string, value: unknown): void {
  writeFileSync(path, stringify(value));
}

function run(program: string, args: readonly string[]): ChildProcess {
  return spawn(program, args, { stdio: 'ignore' });
}

async function untilReady(port: number): Promise<void> {
  for (let i = 0; i < 300; i++) {
    const response = await fetch(`http://127.0.0.1:${port}/-/ready`).catch(() => undefined);
    if (response?.ok) return;
    await sleep(100);
  }
  throw new Error(`Nothing is ready on port ${port} after 30 s.`);
}
