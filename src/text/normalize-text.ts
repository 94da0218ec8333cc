/** Which typographic variants `normalizeText` folds to their typewriter form; all by default. */
export interface NormalizeOptions {
  /** ’ ‘ ‚ ′ → ' and “ ” „ ″ → "; guillemets « » stay, since French handwriting tells them apart. */
  readonly quotes?: boolean;
  /** Hyphens, en and em dashes and the minus sign → -. */
  readonly dashes?: boolean;
  /** Any run of white space → one space, none at the ends. */
  readonly spaces?: boolean;
}

const singleQuotes = /[‘’‚‛′ʼ´`]/gu;
const doubleQuotes = /[“”„‟″]/gu;
const dashes = /[‐‑‒–—―−]/gu;

/** Signs that Unicode does not decompose, with the plain form that handwriting gives them. */
const plainForms: ReadonlyMap<string, string> = new Map([
  ['Æ', 'AE'],
  ['Ø', 'O'],
  ['ø', 'o'],
  ['Ł', 'L'],
  ['ł', 'l'],
  ['Đ', 'D'],
  ['đ', 'd'],
  ['ı', 'i'],
  ['ß', 'ss'],
  ['×', 'x'],
  ['·', '.'],
  ['•', '.'],
  ['⁄', '/'],
  ['‹', '«'],
  ['›', '»'],
]);

/** Text in Unicode NFC with typographic variants folded, as handwriting shows no difference between them. */
export function normalizeText(text: string, options: NormalizeOptions = {}): string {
  let result = text.normalize('NFC');
  if (options.quotes ?? true) result = result.replace(singleQuotes, "'").replace(doubleQuotes, '"');
  if (options.dashes ?? true) result = result.replace(dashes, '-');
  if (options.spaces ?? true) result = result.replace(/\s+/gu, ' ').trim();
  return result;
}

/**
 * Plainer forms of one character, best first: quote, dash or space folded; a listed form; the compatibility form
 * (ﬁ → fi, … → ..., ½ → 1/2); the letter without its accents (Ñ → N).
 */
export function foldCharacter(character: string): string[] {
  const compatible = character.normalize('NFKC').replaceAll('⁄', '/');
  const bare = compatible.normalize('NFD').replace(/\p{Mark}/gu, '');
  const typed = /^\s$/u.test(character) ? ' ' : normalizeText(character, { spaces: false });
  return [typed, plainForms.get(character) ?? '', compatible, bare, plainForms.get(bare) ?? ''];
}

const struckOut = />[^<>]*</gu;

/** Whether the text marks struck-out writing as the Copiste transcriptions do: `>words<`, or `><` if unreadable. */
export function hasStruckOut(text: string): boolean {
  return text.search(struckOut) >= 0;
}
