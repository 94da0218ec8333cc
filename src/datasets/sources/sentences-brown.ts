import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { basename } from 'node:path/posix';
import { openPromise, type ZipFile } from 'yauzl';
import { TextRecognizerError } from '../../errors.ts';

const closing = new Set(['.', ',', ';', ':', '?', '!', ')', ']', '%']);
const opening = new Set(['(', '[', '$']);

/**
 * The sentences of the Brown corpus as running text, in order of its samples, from NLTK's `brown.zip` (its text may be
 * used for research, and not be passed on). Throws `FILE_NOT_FOUND` or `FILE_CORRUPT`.
 */
export async function readBrownSentences(path: string): Promise<string[]> {
  const samples = new Map<string, string>();
  let zip: ZipFile | undefined;
  try {
    zip = await openPromise(path, { autoClose: false });
    for await (const entry of zip.eachEntry()) {
      const name = basename(entry.fileName);
      if (!/^c[a-r]\d\d$/u.test(name)) continue;
      samples.set(name, await text((await zip.openReadStreamPromise(entry)) as Readable));
    }
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new TextRecognizerError(
      missing ? 'FILE_NOT_FOUND' : 'FILE_CORRUPT',
      missing ? `There is no file ${path}.` : `Cannot read ${path} as a zip archive; fetch NLTK's brown.zip again.`,
      { cause },
    );
  } finally {
    zip?.close();
  }
  const sentences = [...samples]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, sample]) => sample.split('\n').map(joinBrownTokens).filter(Boolean));
  if (sentences.length > 0) return sentences;
  throw new TextRecognizerError('FILE_CORRUPT', `${path} holds none of the samples ca01 to cr09 of NLTK's brown.zip.`);
}

/** Running text of a line of `word/tag` tokens: quotes and spacing as printed, doubled ; ? ! once. */
export function joinBrownTokens(line: string): string {
  const words = line
    .trim()
    .split(/\s+/u)
    .map((token) => token.slice(0, Math.max(0, token.lastIndexOf('/'))))
    .filter((word, i, all) => !(word === all[i - 1] && /^[;?!]$/u.test(word)));
  let joined = '';
  let glue = true;
  let singleQuoteIsOpen = false;
  for (const word of words) {
    const closes = word === "''" || closing.has(word) || (word === "'" && singleQuoteIsOpen);
    const opens = word === '``' || opening.has(word) || (word === "'" && !singleQuoteIsOpen);
    if (word === "'") singleQuoteIsOpen = !singleQuoteIsOpen;
    glue ||= closes;
    // One full stop ends both an abbreviation and its sentence.
    if (word !== '.' || !joined.endsWith('.')) joined += (glue ? '' : ' ') + printed(word);
    glue = opens;
  }
  return joined;
}

function printed(word: string): string {
  if (word === '``' || word === "''") return '"';
  return word === '--' ? '-' : word;
}
