import { expect, test } from 'vitest';
import { weightsLicence } from './weights-licence.ts';

test('weights are as free as what they learned from', () => {
  expect(weightsLicence(['CC-BY 4.0', 'Public domain'])).toBe('MIT');
  expect(weightsLicence(['CC-BY 4.0', 'unknown'])).toMatch(/^unknown/);
  expect(weightsLicence(['unknown', 'for non-commercial research'])).toMatch(/^Non-commercial research only/);
  expect(weightsLicence(['CC-BY-NC 4.0'])).toMatch(/^Non-commercial research only/);
  // What a card says of weights can be said of those that begin with them.
  for (const licence of ['unknown', 'non-commercial']) {
    const first = weightsLicence([licence]);
    expect(weightsLicence(['MIT', first])).toBe(first);
  }
});
