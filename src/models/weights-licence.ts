/**
 * The licence of weights that learned from data, and began with weights, of these licences: what is for research alone makes weights for
 * research alone, and what nobody knows makes weights of which nobody knows.
 */
export function weightsLicence(licences: readonly string[]): string {
  if (licences.some((licence) => /non-commercial|\bNC\b/i.test(licence))) {
    return 'Non-commercial research only, as the data sets below demand';
  }
  return licences.some((licence) => licence.startsWith('unknown')) ? 'unknown, as that of what it learned from' : 'MIT';
}
