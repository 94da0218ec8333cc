import { flatReading } from '../reading/flat-reading.ts';
import type { LineReading, Reading } from '../reading/reading.ts';

/**
 * A reading for `JSON.stringify`: the tree, without the characters of a whole line, which those of its words repeat; and all characters
 * and words in a row. Places are in pixels of the picture.
 */
export function toJson({ kind, text, confidence, alternatives, lines, ...rest }: Reading, file: string): object {
  return { file, kind, text, confidence, alternatives, ...flatReading(lines), lines: lines.map(treeOf), ...rest };
}

/** Words last: they are long. */
function treeOf({ words, characters: _characters, ...line }: LineReading): Omit<LineReading, 'characters'> {
  return { ...line, words };
}
