import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Alphabet } from '../alphabet.ts';
import { adjustedCounts, estimateDiscounts } from './kneser-ney.ts';
import { countNgrams } from './count-ngrams.ts';
import { LanguageModel } from './language-model.ts';
import { decodeLanguageModel, encodeLanguageModel } from './language-model-file.ts';
import { readLanguageModel } from './read-language-model.ts';
import { quantize } from './quantize.ts';
import { trainLanguageModel } from './train-language-model.ts';

const alphabet = new Alphabet(' abcehmnorst');
const sentences = ['the cat sat on the mat', 'the rat ate the cat'];
const tree = trainLanguageModel(sentences, { alphabet, order: 3, maxBytes: 1e6 });
const model = new LanguageModel(tree);

function stateAfter(context: string, of = model): number {
  return [...context].reduce((state, character) => of.next(state, of.symbol(character)), 0);
}

function probability(context: string, character: string, of = model): number {
  return Math.exp(of.score(stateAfter(context, of), of.symbol(character)));
}

describe('countNgrams', () => {
  it('counts a text read as a circle', () => {
    // "abab" and on: ab, ba, ab, ba; aba, bab, aba, bab.
    const [unigrams, bigrams, trigrams] = countNgrams(Uint8Array.of(0, 1, 0, 1), 3, 2);
    expect([...unigrams.counts]).toEqual([2, 2]);
    expect([...bigrams.symbols]).toEqual([1, 0]);
    expect([...bigrams.counts]).toEqual([2, 2]);
    expect([...bigrams.suffixes]).toEqual([1, 0]);
    expect([...trigrams.counts]).toEqual([2, 2]);
    expect([...trigrams.suffixes]).toEqual([1, 0]);
  });

  it('counts what a dictionary counts', () => {
    const texts = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(texts, (text) => {
        const expected = new Map<string, number>();
        text.forEach((_, i) => {
          const gram = [0, 1, 2].map((k) => text[(i + k) % text.length]).join('');
          expected.set(gram, (expected.get(gram) ?? 0) + 1);
        });
        const trigrams = countNgrams(Uint8Array.from(text), 3, 4)[2];
        const inOrder = [...expected].sort(([a], [b]) => (a < b ? -1 : 1));
        expect([...trigrams.counts]).toEqual(inOrder.map(([, count]) => count));
      }),
    );
  });

  it('refuses text without symbols or with strange ones', () => {
    expect(() => countNgrams(new Uint8Array(0), 3, 4)).toThrow(/needs text/);
    expect(() => countNgrams(Uint8Array.of(1, 4), 3, 4)).toThrow('Symbol 4 at position 1');
  });
});

describe('kneserNey', () => {
  it('takes discounts from counts of counts', () => {
    // By hand: n1 = 10, n2 = 5, n3 = 3, n4 = 2: Y = 10 / 20, D = 1 − 2·Y·5/10, 2 − 3·Y·3/5, 3 − 4·Y·2/3.
    const counts = [10, 5, 3, 2, 7].flatMap((times, i) => Array.from({ length: times }, () => i + 1));
    const discounts = estimateDiscounts(Uint32Array.from(counts));
    [0.5, 1.1, 5 / 3].forEach((value, i) => expect(discounts[i]).toBeCloseTo(value, 12));
    expect(estimateDiscounts(Uint32Array.of(5, 9))).toEqual([0.5, 1, 1.5]);
  });

  it('counts the different symbols before an n-gram', () => {
    // "aab" as a circle: a is after a and b, b after a; bigrams are of the highest order and keep their counts.
    expect(adjustedCounts(countNgrams(Uint8Array.of(0, 0, 1), 2, 2))).toEqual([
      Uint32Array.of(2, 1),
      Uint32Array.of(1, 1, 1),
    ]);
  });

  // Literals: a Python program that computes Chen and Goodman's recursion with dictionaries, for the same circular text.
  it.each([
    ['', 't', 0.10526315789473686],
    ['', 'b', 0.055023923444976086],
    ['t', 'h', 0.20374800637958532],
    ['th', 'e', 0.8322368421052632],
    ['th', 'a', 0.030053827751196173],
    ['e ', 'c', 0.2463184476342371],
    ['e ', 'm', 0.14631844763423713],
    ['at', ' ', 0.6480595427963849],
    ['bb', 'a', 0.16028708133971292],
    ['ca', 't', 0.8657894736842104],
  ])('after "%s" gives "%s" its probability', (context, character, expected) => {
    expect(probability(context, character)).toBeCloseTo(expected, 6);
  });

  it('adds up over a text', () => {
    expect(model.logProbability('the hat')).toBeCloseTo(-9.074926132228883, 5);
  });
});

describe('LanguageModel', () => {
  const contexts = fc.array(fc.constantFrom(...alphabet.characters), { maxLength: 8 });

  it.each([
    ['whole', 1e6, 57],
    ['pruned', 12_288 + 140, 43],
  ])('gives distributions that sum to 1, %s', (_, maxBytes, size) => {
    const pruned = new LanguageModel(trainLanguageModel(sentences, { alphabet, order: 3, maxBytes }));
    expect(pruned.size).toBe(size);
    fc.assert(
      fc.property(contexts, (context) => {
        const sum = alphabet.characters.reduce((s, c) => s + probability(context.join(''), c, pruned), 0);
        expect(sum).toBeCloseTo(1, 5);
      }),
    );
  });

  it('forgets what is out of reach of its order', () => {
    expect(stateAfter('abcthe')).toBe(stateAfter('he'));
    expect(stateAfter('zzz')).toBe(0);
    expect(model.score(0, model.symbol('z'))).toBeCloseTo(-Math.log(13), 12);
  });

  it('scores the classes of a network whose alphabet differs', () => {
    const ctc = model.forCtc(new Alphabet('tzé '));
    expect(ctc.score(ctc.start, 1)).toBe(model.score(model.start, model.symbol('t')));
    expect(ctc.score(ctc.start, 2)).toBeCloseTo(-Math.log(13), 12);
    expect(ctc.advance(ctc.start, 3)).toBe(0);
    // The state of a context is four times the model's.
    expect(ctc.end(4 * stateAfter('cat'))).toBe(model.score(stateAfter('cat'), model.symbol(' ')));
  });

  it('is trusted less where there are digits and codes', () => {
    const alphabet = new Alphabet('aAB1/ ');
    const ctc = model.forCtc(alphabet, 0.25);
    const trustIn = (text: string): number[] => {
      let state = ctc.start;
      return Array.from(alphabet.encode(text), (label) => {
        const trust = ctc.trust(state, label);
        state = ctc.advance(state, label);
        return trust;
      });
    };
    expect(trustIn('Aa a/A')).toEqual([1, 1, 1, 1, 1, 1]);
    expect(trustIn('AB1/1a')).toEqual([1, 0.25, 0.25, 0.25, 0.25, 1]);
    expect(trustIn('1 A/')).toEqual([0.25, 1, 1, 1]);
  });

  it('scores from shared memory as from its own', () => {
    const memory = model.toSharedMemory();
    // As it arrives on another thread.
    const moved = LanguageModel.in(structuredClone(memory));
    const { tree, links } = memory;
    for (const { buffer } of [tree.symbols, tree.logProbabilities, tree.logBackoffs, tree.firstChild, links]) {
      expect(buffer).toBeInstanceOf(SharedArrayBuffer);
    }
    for (const context of ['', 'th', 'e ', 'xx']) {
      for (const character of alphabet.characters) {
        expect(probability(context, character, moved)).toBe(probability(context, character));
      }
    }
  });

  it('refuses an order it cannot have', () => {
    expect(() => trainLanguageModel(sentences, { alphabet, order: 1 })).toThrow(/order must be/);
  });
});

describe('language model file', () => {
  it('comes back as it was, but for the quantisation', async () => {
    const read = await decodeLanguageModel(await encodeLanguageModel(tree, 'two sentences'));
    expect([read.order, read.size, read.characters.join('')]).toEqual([3, model.size, ' abcehmnorst']);
    for (const context of ['', 'th', 'e ', 'xx']) {
      for (const character of alphabet.characters) {
        expect(probability(context, character, read)).toBeCloseTo(probability(context, character), 3);
      }
    }
  });

  it('can be read from disk', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'language-model-'));
    const path = join(folder, 'model.bin');
    await writeFile(path, await encodeLanguageModel(tree, 'é'));
    expect((await readLanguageModel(path)).size).toBe(model.size);
    await rm(folder, { recursive: true });
    await expect(readLanguageModel(path)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });

  it('is the same for the same text', async () => {
    const again = trainLanguageModel(sentences, { alphabet, order: 3, maxBytes: 1e6 });
    expect(await encodeLanguageModel(again, 'x')).toEqual(await encodeLanguageModel(tree, 'x'));
  });

  it('is refused when a byte of it has changed', async () => {
    const bytes = await encodeLanguageModel(tree, 'x');
    for (const [at, code] of [
      [0, 'FILE_CORRUPT'],
      [20, 'CHECKSUM_MISMATCH'],
      [bytes.length - 1, 'CHECKSUM_MISMATCH'],
    ] as const) {
      const changed = Uint8Array.from(bytes);
      changed[at] ^= 1;
      await expect(decodeLanguageModel(changed)).rejects.toMatchObject({ code });
    }
    await expect(decodeLanguageModel(bytes.subarray(0, bytes.length - 5))).rejects.toMatchObject({
      code: 'CHECKSUM_MISMATCH',
    });
    await expect(decodeLanguageModel(new Uint8Array(3))).rejects.toMatchObject({ code: 'FILE_CORRUPT' });
  });
});

describe('quantize', () => {
  it('keeps up to 256 different values exactly, and the mean of all', () => {
    const few = Float32Array.of(-3, -1, -1, -2, -3);
    const { codes, table } = quantize(few);
    expect(Array.from(codes, (code) => table[code])).toEqual([...few]);
    const many = Float32Array.from({ length: 2560 }, (_, i) => i);
    const coarse = quantize(many);
    expect(Array.from(coarse.codes.subarray(0, 21), (code) => coarse.table[code])).toEqual(
      Array.from({ length: 21 }, (_, i) => Math.floor(i / 10) * 10 + 4.5),
    );
  });
});
