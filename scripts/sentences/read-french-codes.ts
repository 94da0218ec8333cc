import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The articles of French legal codes: unist trees with a plain `texte` per article. */
export function* readFrenchCodes(folder: string): Iterable<string> {
  const data = join(folder, 'package', 'data');
  for (const file of readdirSync(data).sort()) {
    if (file.startsWith('LEGITEXT')) yield* articlesOf(JSON.parse(readFileSync(join(data, file), 'utf8')));
  }
}

interface CodeNode {
  readonly data?: { readonly texte?: string };
  readonly children?: readonly CodeNode[];
}

function* articlesOf(node: CodeNode): Iterable<string> {
  if (node.data?.texte) yield* node.data.texte.split('\n');
  for (const child of node.children ?? []) yield* articlesOf(child);
}
