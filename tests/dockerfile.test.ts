import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { validate } from 'dockerfile-utils';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { serviceOptions, variableOf } from '../src/options/service-options.ts';
import { runServer } from '../src/server/testing/run-server.ts';
import { runSource } from './support/run-cli.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const read = (path: string) => readFileSync(root + path, 'utf8');
const dockerfile = read('infra/docker/Dockerfile');

test("the Dockerfile has no fault that VS Code's linter knows", () => {
  expect(validate(dockerfile).map(({ range, message }) => `${range.start.line + 1}: ${message}`)).toEqual([]);
  // It would say so if there were one.
  expect(validate(`${dockerfile}\nRUNN ls`)).toHaveLength(1);
});

test('copies what is there: files of the repository that are not ignored, or of stages before', () => {
  const ignored = read('infra/docker/Dockerfile.dockerignore').split('\n');
  const stages: string[] = [];
  let copies = 0;
  for (const line of dockerfile.split('\n')) {
    const stage = /^FROM \S+ AS (\S+)$/.exec(line)?.[1];
    if (stage) stages.push(stage);
    const [, from, paths] = /^COPY (?:--from=(\S+) )?(.+)$/.exec(line) ?? [];
    if (paths === undefined) continue;
    copies++;
    if (from) expect(stages.slice(0, -1), line).toContain(from);
    else for (const path of paths.split(' ').slice(0, -1)) expect(existsSync(root + path), line).toBe(true);
    if (!from) expect(ignored.filter((pattern) => paths.split(' ').includes(pattern))).toEqual([]);
  }
  expect(stages).toEqual(['build', 'page', 'packages', 'service']);
  expect(copies).toBeGreaterThan(10);
});

test('the commands run what the build compiles', () => {
  const commands = [...dockerfile.matchAll(/CMD (\[.*\])/g)].map(([, list]) => JSON.parse(list) as string[]);
  const files = commands.map(([, ...args]) => args.find((arg) => !arg.startsWith('--'))!);
  expect(files).toEqual(['dist/server/http/health-check.js', 'dist/cli/main.js']);
  for (const file of files)
    expect(existsSync(root + file.replace('dist', 'src').replace('.js', '.ts')), file).toBe(true);
});

test('the compose file builds this image and passes every variable on', () => {
  const { services } = parse(read('infra/docker/compose.yaml')) as { services: Record<string, Service> };
  const { build, ports, environment, ...rest } = services['text-recognizer'];
  expect(existsSync(`${root}infra/docker/${build.context}/${build.dockerfile}`)).toBe(true);
  // The command of the image says where to listen.
  const names = Object.values(serviceOptions).filter((option) => option !== serviceOptions.host);
  expect(Object.keys(environment).sort()).toEqual(names.map(variableOf).sort());
  const port = `\${TEXT_RECOGNIZER_PORT:-${serviceOptions.port.default}}`;
  expect([ports, environment.TEXT_RECOGNIZER_PORT]).toEqual([[`${port}:${port}`], port]);
  expect(dockerfile).toContain(`EXPOSE ${serviceOptions.port.default}\n`);
  expect(rest).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
  expect(parseInt(rest.stop_grace_period, 10) * 1000).toBeGreaterThan(serviceOptions.drain.default);
});

test('the health check asks the configured port, whichever variable gives it', async () => {
  const server = await runServer();
  const check = async (env: NodeJS.ProcessEnv) => (await runSource('server/http/health-check.ts', [], { env })).code;
  const port = String(server.port);
  const codes = await Promise.all([
    check({ TEXT_RECOGNIZER_PORT: port }),
    check({ TEXT_RECOGNIZER_PORT: '', PORT: port }),
    check({ TEXT_RECOGNIZER_PORT: '1', PORT: port }),
  ]);
  await server.close();
  expect(codes).toEqual([0, 0, 1]);
});

interface Service {
  readonly build: { readonly context: string; readonly dockerfile: string };
  readonly ports: readonly string[];
  readonly environment: Readonly<Record<string, string | null>>;
  readonly stop_grace_period: string;
}
