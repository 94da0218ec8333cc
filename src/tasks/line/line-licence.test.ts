import { expect, test } from 'vitest';
import { lineLicence } from './line-licence.ts';

test.each([
  ['packs/iam-train', undefined, /non-commercial/i],
  ['emnist-fields-64-train', undefined, /public domain/i],
  ['font-fields-train', undefined, /Open Font Licence/],
  ['my-letters', 'CC-BY 4.0', /^CC-BY 4\.0$/],
  ['my-letters', undefined, /^unknown$/],
])('the licence of %s, whose pack says %s', (name, licence, expected) => {
  expect(lineLicence({ name, licence })).toMatch(expected);
});
