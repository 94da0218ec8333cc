/** `free`: only models that may be used commercially. */
export const wantedLicences = ['any', 'free'] as const;
export type WantedLicence = (typeof wantedLicences)[number];

/** Licences, by SPDX identifier, under which a model may be used for any purpose. */
const free: ReadonlySet<string> = new Set([
  'MIT',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'CC-BY-4.0',
  'CC-BY-SA-4.0',
]);

/** Whether a model's licence is known to allow every use, commerce included; what is not known does not. */
export function isFreeLicence(licence: string): boolean {
  return free.has(licence);
}
