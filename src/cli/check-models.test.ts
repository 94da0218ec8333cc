import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { bundledModels } from '../models/model-store.ts';
import { checkModels } from './check-models.ts';

const folder = mkdtempSync(join(tmpdir(), 'models-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('models that can be loaded are apart from those that cannot, with the reason', async () => {
  for (const name of ['mlp', 'changed', 'no-weights'])
    cpSync(join(bundledModels, 'mlp'), join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'changed', 'model.onnx'), 'other');
  rmSync(join(folder, 'no-weights', 'model.onnx'));
  mkdirSync(join(folder, 'no-json'));
  mkdirSync(join(folder, 'no-model'));
  writeFileSync(join(folder, 'no-json', 'model.json'), '{');
  const { models, unusableModels } = await checkModels(folder);
  expect(models).toEqual(['mlp']);
  expect(unusableModels).toEqual({
    changed: expect.stringMatching(/^CHECKSUM_MISMATCH: .*model\.onnx has the SHA-256/),
    'no-json': expect.stringMatching(/^MODEL_INVALID: /),
    'no-weights': expect.stringMatching(/^MODEL_NOT_FOUND: Model 'mlp' has no weights/),
  });
});
