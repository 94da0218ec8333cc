import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { requireCredentials } from './deploy.ts';

test('credentials are found in the environment or the home folder, and asked for otherwise', () => {
  const home = mkdtempSync(join(tmpdir(), 'home-'));
  expect(() => requireCredentials({}, home)).toThrow(/aws configure.*--dry-run/);
  expect(() => requireCredentials({ AWS_PROFILE: '' }, home)).toThrow('no AWS credentials');
  requireCredentials({ AWS_PROFILE: 'work' }, home);
  mkdirSync(join(home, '.aws'));
  writeFileSync(join(home, '.aws/credentials'), '');
  requireCredentials({}, home);
});
