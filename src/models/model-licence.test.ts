import { expect, test } from 'vitest';
import { defaultModels, freeModels } from './default-models.ts';
import { listModels } from './model-store.ts';
import { isFreeLicence } from './model-licence.ts';

test.each(['MIT', 'Apache-2.0', 'CC-BY-4.0'])('%s is free', (licence) => expect(isFreeLicence(licence)).toBe(true));

test.each(['', 'unknown', 'CC-BY-NC-4.0', 'Non-commercial research only', 'not MIT'])('"%s" is not', (licence) =>
  expect(isFreeLicence(licence)).toBe(false),
);

test('of the defaults the line reader is for research only, and those that stand in are free', async () => {
  const licences = new Map((await listModels()).map(({ name, licence }) => [name, licence]));
  expect(isFreeLicence(licences.get(defaultModels.line)!)).toBe(false);
  for (const name of Object.values(freeModels)) expect(isFreeLicence(licences.get(name)!), name).toBe(true);
});
