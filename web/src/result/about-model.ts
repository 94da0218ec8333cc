import type { ModelEntry, ModelKind } from '../reading/reading.ts';

const LIMITS: Readonly<Record<ModelKind, string>> = {
  character: 'Reads one character at a time.',
  line: 'Reads lines, and pages line by line.',
};

const RANGES = [
  ['0', '9'],
  ['A', 'Z'],
  ['a', 'z'],
] as const;

/** What a model reads, its limits and its terms, for the person at the page. */
export function aboutModel({ name, kind, description, classes, licence }: ModelEntry): string {
  const summary = /^.*?\.(?=\s|$)/su.exec(description)?.[0] ?? description;
  return `${name}: ${summary} ${LIMITS[kind]} Knows ${knownCharacters(classes)}. Licence: ${licence.replace(/\.$/u, '')}.`;
}

/** `0–9, A–Z, a–z and 62 characters more, such as À é`. */
export function knownCharacters(classes: readonly string[]): string {
  const known = new Set(classes);
  const parts: string[] = [];
  for (const [first, last] of RANGES) {
    const range = Array.from({ length: last.charCodeAt(0) - first.charCodeAt(0) + 1 }, (_, i) =>
      String.fromCharCode(first.charCodeAt(0) + i),
    );
    if (!range.every((character) => known.has(character))) continue;
    parts.push(`${first}–${last}`);
    for (const character of range) known.delete(character);
  }
  known.delete(' ');
  if (known.size === 0) return parts.join(', ');
  // Letters with accents tell most of what a model is for.
  const others = [
    ...new Set([...known].filter((character) => /^(?![a-z])\p{L}$/iu.test(character)).concat([...known])),
  ];
  const such =
    known.size > 6 ? ` characters more, such as ${others.slice(0, 6).join(' ')}` : `: ${[...known].join(' ')}`;
  return `${parts.join(', ')}${parts.length > 0 ? ' and ' : ''}${known.size}${such}`;
}
