import { expect, test } from 'vitest';
import { lineLicence, weightsLicence } from './line-licence.ts';

test.each([
  ['packs/iam-train', undefined, /non-commercial/i],
  ['emnist-fields-64-train', undefined, /public domain/i],
  ['font-fields-train', undefined, /Open Font Licence/],
  ['my-letters', 'CC-BY 4.0', /^CC-BY 4\.0$/],
  ['my-letters', undefined, /^unknown$/],
])('the licence of %s, whose pack says %s', (name, licence, expected) => {
  expect(lineLicence({ name, licence })).toMatch(expected);
});

test('weights are as free as the data that they are of', () => {
  expect(weightsLicence(['CC-BY 4.0', 'Public domain'])).toBe('MIT');
  expect(weightsLicence(['CC-BY 4.0', 'unknown'])).toMatch(/^unknown/);
  expect(weightsLicence(['unknown', 'for non-commercial research'])).toMatch(/^Non-commercial research only/);
});
