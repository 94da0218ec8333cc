import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { readWeights } from './read-weights.ts';

const checkpoints = fileURLToPath(new URL('../../models/checkpoints/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'weights-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the bundled checkpoints all have their checksums', async () => {
  const files = execFileSync('git', ['ls-files', '*.safetensors'], { cwd: checkpoints }).toString().trim().split('\n');
  const listed = readFileSync(`${checkpoints}SHA256SUMS`, 'utf8').trim().split('\n');
  expect(listed.map((line) => line.slice(66))).toEqual(files);
  for (const file of files) expect((await readWeights(checkpoints + file)).size, file).toBeGreaterThan(3);
});

test('one byte changed is noticed', async () => {
  const file = join(folder, 'character-cnn.safetensors');
  const bytes = readFileSync(`${checkpoints}character-cnn.safetensors`);
  bytes[bytes.length - 1] ^= 1;
  writeFileSync(file, bytes);
  copyFileSync(`${checkpoints}SHA256SUMS`, join(folder, 'SHA256SUMS'));
  await expect(readWeights(file)).rejects.toMatchObject({
    code: 'CHECKSUM_MISMATCH',
    message: expect.stringContaining(`${file} has the SHA-256`),
  });
});
