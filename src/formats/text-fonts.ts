/*
 * Fonts for text that is found and copied, but not drawn: Type 3 with glyphs that draw nothing, all of one width, and a table of what each
 * code stands for (ISO 32000-1, 9.6.5 and 9.10.3). So any character can be written, and nothing has to be embedded.
 */

/** The width of every glyph and how far the font reaches above and below the baseline, as shares of its size. */
export const GLYPH = { width: 0.5, ascent: 0.8, descent: 0.2 };

/** Simple fonts have 255 codes beside 0. */
const CODES = 255;
/** A table may give so many characters in one go. */
const BLOCK = 100;

/** The characters of one font; code 1 stands for the first. */
export type FontCharacters = readonly string[];

/** Divides the characters of texts into fonts. */
export function fontsFor(texts: readonly string[]): FontCharacters[] {
  const characters = Array.from(new Set(texts.flatMap((text) => Array.from(text))));
  return Array.from({ length: Math.ceil(characters.length / CODES) }, (_, i) =>
    characters.slice(i * CODES, (i + 1) * CODES),
  );
}

/** A text as pieces of one font each, with their codes in hexadecimal. */
export function encodeText(text: string, fonts: readonly FontCharacters[]): { font: number; codes: string }[] {
  const pieces: { font: number; codes: string }[] = [];
  for (const character of text) {
    const font = fonts.findIndex((characters) => characters.includes(character));
    const code = hex(fonts[font].indexOf(character) + 1, 2);
    const last = pieces.at(-1);
    if (last?.font === font) last.codes += code;
    else pieces.push({ font, codes: code });
  }
  return pieces;
}

/** The CMap that says which character each code is, for `ToUnicode`. */
export function toUnicodeMap(characters: FontCharacters): string {
  const lines = characters.map((character, i) => `<${hex(i + 1, 2)}> <${utf16(character)}>`);
  const blocks = Array.from({ length: Math.ceil(lines.length / BLOCK) }, (_, i) =>
    lines.slice(i * BLOCK, (i + 1) * BLOCK),
  );
  return [
    '/CIDInit /ProcSet findresource begin',
    '12 dict begin',
    'begincmap',
    '/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def',
    '/CMapName /Adobe-Identity-UCS def',
    '/CMapType 2 def',
    '1 begincodespacerange',
    '<00> <FF>',
    'endcodespacerange',
    ...blocks.map((block) => `${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`),
    'endcmap',
    'CMapName currentdict /CMap defineresource pop',
    'end',
    'end',
  ].join('\n');
}

function utf16(character: string): string {
  return Array.from({ length: character.length }, (_, i) => hex(character.charCodeAt(i), 4)).join('');
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}
