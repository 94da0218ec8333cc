import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface SheetNode {
  readonly name?: string;
  readonly text?: string;
  readonly children?: readonly SheetNode[];
}

/** The paragraphs of service-public.fr's sheets for private persons: trees of XML elements as JSON, a file each. */
export function* readRightsAndProcedures(folder: string): Iterable<string> {
  const data = join(folder, 'package', 'data', 'particuliers');
  for (const file of readdirSync(data).sort()) {
    if (/^F\d+\.json$/u.test(file)) yield* paragraphsOf(JSON.parse(readFileSync(join(data, file), 'utf8')));
  }
}

function* paragraphsOf(node: SheetNode): Iterable<string> {
  if (node.name === 'Paragraphe') yield textOf(node);
  else for (const child of node.children ?? []) yield* paragraphsOf(child);
}

function textOf({ text = '', children = [] }: SheetNode): string {
  return text + children.map(textOf).join('');
}
