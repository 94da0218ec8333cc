import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { serviceOptions, variableOf, type ServiceOption } from './service-options.ts';
import { checkVariables, otherVariables, variable } from './variables.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

test('an unknown variable is refused with the closest that is known', () => {
  expect(() => checkVariables({ TEXT_RECOGNIZER_API_KEY_HASH: 'ab' })).toThrow(
    expect.objectContaining({
      code: 'INVALID_ARGUMENT',
      message:
        'The variable TEXT_RECOGNIZER_API_KEY_HASH is unknown; did you mean TEXT_RECOGNIZER_API_KEY_HASHES? Otherwise remove it.',
    }),
  );
});

test('known ones, those of others, and empty ones are not', () => {
  checkVariables({
    TEXT_RECOGNIZER_PORT: '1',
    TEXT_RECOGNIZER_LINES: 'x',
    TEXT_RECOGNIZER_OLD: '',
    PATH: 'x',
    TEXT: 'x',
  });
});

test('what Kubernetes and Docker set beside a service of this name is skipped', () => {
  checkVariables({
    TEXT_RECOGNIZER_SERVICE_HOST: '10.0.0.1',
    TEXT_RECOGNIZER_SERVICE_PORT: '80',
    TEXT_RECOGNIZER_SERVICE_PORT_HTTP: '80',
    TEXT_RECOGNIZER_PORT: 'tcp://10.0.0.1:80',
    TEXT_RECOGNIZER_PORT_80_TCP: 'tcp://10.0.0.1:80',
    TEXT_RECOGNIZER_PORT_80_TCP_PROTO: 'tcp',
    TEXT_RECOGNIZER_PORT_80_TCP_ADDR: '10.0.0.1',
  });
});

test('an empty variable counts as unset', () => {
  expect([variable('A', { A: '' }), variable('A', { A: ' ' }), variable('A', {}), variable('A', { A: 'x' })]).toEqual([
    undefined,
    undefined,
    undefined,
    'x',
  ]);
});

const known = new Set<string>([...Object.values(serviceOptions).map(variableOf), ...Object.keys(otherVariables)]);

test('every variable that the repository mentions is in the table', () => {
  const files = execFileSync('git', ['ls-files', '-z', '*.ts', '*.mjs', '*.md', '*.yaml', 'infra', '.ci'], {
    cwd: root,
  })
    .toString()
    .split('\0')
    .filter((file) => file !== '' && !file.startsWith('src/options/'));
  const names = files.flatMap((file) => readFileSync(root + file, 'utf8').match(/TEXT_RECOGNIZER_[A-Z_]*[A-Z]/g) ?? []);
  // Two are misspelt by tests.
  const unknown = new Set(names.filter((name) => !known.has(name)));
  expect([...unknown].sort()).toEqual(['TEXT_RECOGNIZER_API_KEY_HASH', 'TEXT_RECOGNIZER_MODEL']);
  expect(names.length).toBeGreaterThan(20);
});

test('docs/serving.md lists the options as they are', () => {
  const rows = Object.values<ServiceOption>(serviceOptions).map((option) => {
    const standard = option.defaultHelp ?? String(option.default ?? 'none');
    const flag = option.flag.replaceAll('|', '\\|');
    return `| \`${flag}\` | \`${variableOf(option)}\` | ${standard} | ${option.lambda ? 'yes' : 'no'} | ${option.help} |`;
  });
  const table = ['| flag | variable | default | on Lambda | |', '|---|---|---|---|---|', ...rows].join('\n');
  const documented = readFileSync(`${root}docs/serving.md`, 'utf8')
    .match(/^\| flag \|.*\n(\|.*\n)*/m)?.[0]
    .trimEnd();
  expect(documented).toBe(table);
});
