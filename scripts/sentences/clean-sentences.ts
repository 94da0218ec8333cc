import { lineAlphabet } from '../../src/text/line-alphabet.ts';
import { normalizeText } from '../../src/text/normalize-text.ts';

const shortest = 15;
/** Where `Intl.Segmenter` sees the end of a sentence and there is none. */
const abbreviation = /(?:^|[\s("'])(?:M|Mr|Mrs|Ms|Mme|Mlle|Dr|St|Ste|Sr|Jr|Gen|Gov|Sen|No|Nos|art|al|etc|cf|[A-Z])\.$/u;

/**
 * The sentences of paragraphs, in order, as handwriting would show them: typographic signs folded, in the alphabet of
 * the line recognizers, 15 to `longest` characters, and prose rather than headings, tables or references. Repeats are
 * left out.
 */
export function cleanSentences(paragraphs: Iterable<string>, language: string, longest: number): string[] {
  const segmenter = new Intl.Segmenter(language, { granularity: 'sentence' });
  const sentences = new Set<string>();
  for (const paragraph of paragraphs) {
    const text = normalizeText(lineAlphabet.fold(normalizeText(paragraph.replace(/-{2,}|—/gu, ' - '))));
    let begun = '';
    for (const { segment } of segmenter.segment(text)) {
      begun += segment;
      if (abbreviation.test(begun.trimEnd())) continue;
      const sentence = begun.trim().replace(/^- /u, '');
      if (sentence.length <= longest && isProse(sentence)) sentences.add(sentence);
      begun = '';
    }
  }
  return [...sentences];
}

function isProse(sentence: string): boolean {
  if (sentence.length < shortest) return false;
  if (!lineAlphabet.covers(sentence) || /[_{}[\]@#^~*=]|https?:|\bR\. ?\d|\bL\. ?\d/u.test(sentence)) return false;
  const letters = sentence.match(/\p{Letter}/gu)?.length ?? 0;
  const capitals = sentence.match(/\p{Lu}/gu)?.length ?? 0;
  return letters >= 0.7 * sentence.length && capitals <= 0.25 * letters;
}
