import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The Project Gutenberg text that a PHP Faker locale carries as a here-document, without the licence around it. */
export function* readFaker(folder: string, locale: string): Iterable<string> {
  const path = join(folder, 'usr', 'share', 'php', 'Faker', 'Provider', locale, 'Text.php');
  const text = /<<<'EOT'\n([\s\S]*?)\nEOT;/u.exec(readFileSync(path, 'utf8'))?.[1];
  if (text === undefined) throw new Error(`${path} holds no here-document named EOT; is this php-faker 1.20?`);
  for (const paragraph of text.split(/\n\s*\n/u)) yield paragraph.replace(/_/gu, '');
}
