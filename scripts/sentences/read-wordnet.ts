import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const parts = ['adj', 'adv', 'noun', 'verb'];

/** The definitions of WordNet's meanings and the examples of their use, each a paragraph: a meaning a line, after a bar. */
export function* readWordnet(folder: string): Iterable<string> {
  for (const part of parts) {
    const file = readFileSync(join(folder, 'usr', 'share', 'wordnet', `data.${part}`), 'utf8');
    for (const line of file.split('\n')) {
      // The licence stands before the data, indented.
      const bar = line.startsWith(' ') ? -1 : line.indexOf('|');
      if (bar >= 0) yield* meaningAndExamples(line.slice(bar + 1));
    }
  }
}

/** `a definition; a second one; "an example"; "another"` → the definitions together, and each example. */
function* meaningAndExamples(gloss: string): Iterable<string> {
  const quoted = /"([^"]+)"/gu;
  yield gloss.replace(quoted, '').replace(/[\s;]+$/u, '');
  for (const [, example] of gloss.matchAll(quoted)) yield example;
}
