/** The character that a bundled sample shows: `upper-A.png` → `A`. */
export function sampleLabel(fileName: string): string {
  return fileName.replace(/^(?:digit|upper|lower)-(.).*$/u, '$1');
}
