import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const script = `
  import { readFileSync } from 'node:fs';
  import { Session } from './src/runtime/session.ts';
  const session = await Session.load(readFileSync('models/mlp/model.onnx'));
  console.log(session.inputNames.join());
`;

test.runIf(process.platform === 'linux')('ONNX Runtime keeps no identifier of this machine to report with', () => {
  const home = mkdtempSync(join(tmpdir(), 'home-'));
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
  const output = execFileSync(process.execPath, args, { cwd: root, env: { PATH: process.env.PATH, HOME: home } });
  expect(output.toString().trim()).toBe('images');
  // It would write .cache/Microsoft/DeveloperTools/.onnxruntime/deviceid.
  expect(readdirSync(home)).toEqual([]);
});
