import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { validate } from 'dockerfile-utils';
import { expect, test } from 'vitest';

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
