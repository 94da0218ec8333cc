import { basename } from 'node:path';
import { TextRecognizerError } from '../errors.ts';
import type { Adapter, AdapterComparison } from '../models/adapter.ts';
import { percent } from '../report/percent.ts';

/** What is known of an adapter, for people. */
export function describeAdapter({ about: { name, base, data, licence, heldOut, doubts, others } }: Adapter): string {
  const learned = data.map((set) => `${set.lines} lines of ${set.name}`).join(', ');
  const rows = [`${name}, an adapter of ${base.name}, from ${learned}; licence: ${licence}`];
  if (heldOut) rows.push(`  the hand, lines held out: CER ${describe(heldOut)}`);
  if (doubts) rows.push(`  lines without texts, held out: otherwise without the language model ${describe(doubts)}`);
  for (const [set, comparison] of Object.entries(others)) rows.push(`  others, ${set}: CER ${describe(comparison)}`);
  return rows.join('\n');
}

function describe({ lines, characters, before, after }: AdapterComparison): string {
  const [from, to] = [before, after].map((errors) => percent(errors / Math.max(1, characters)));
  const share = percent(Math.abs(1 - after / before), 0);
  const change = before === 0 ? '' : `, ${share} ${after > before ? 'more' : 'fewer'}`;
  return `${from} → ${to} on ${lines} lines${change}`;
}

/** The name of an adapter that is written to `path`; throws INVALID_ARGUMENT where nothing is left of it. */
export function adapterName(path: string): string {
  const name = basename(path)
    .replace(/\.safetensors$/u, '')
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/gu, '-')
    .replace(/^[.-]+/u, '');
  if (name !== '') return name;
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `'${path}' gives the adapter no name; say with --name what it is called.`,
  );
}
