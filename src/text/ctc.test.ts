import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Alphabet } from './alphabet.ts';
import { ctcAlign, ctcLogLikelihood } from './ctc-align.ts';
import { ctcGreedy } from './ctc-greedy.ts';
import { type CtcLanguageModel, ctcPrefixBeam } from './ctc-prefix-beam.ts';
import { textConstraint } from './constraints/text-constraint.ts';
import { textOf } from './ctc-reading.ts';
import { logSoftmax } from './log-softmax.ts';

const alphabet = new Alphabet('abc');
const classes = alphabet.size;

/** Log-probabilities of rows of probabilities. */
function logs(...rows: number[][]): Float32Array {
  return Float32Array.from(rows.flat(), Math.log);
}

/** Probability of every labelling, as text, by enumerating all classes^steps paths. */
function bruteForce(scores: Float32Array): Map<string, number> {
  const steps = scores.length / classes;
  const texts = new Map<string, number>();
  for (let path = 0; path < classes ** steps; path++) {
    let [text, previous, logProbability] = ['', 0, 0];
    for (let t = 0, rest = path; t < steps; t++, rest = Math.floor(rest / classes)) {
      const c = rest % classes;
      logProbability += scores[t * classes + c];
      if (c !== 0 && c !== previous) text += alphabet.character(c);
      previous = c;
    }
    texts.set(text, (texts.get(text) ?? 0) + Math.exp(logProbability));
  }
  return texts;
}

/** Random scores without ties, which would leave several paths the most probable. */
const scoresOf = (steps: number) => {
  const size = { minLength: steps * classes, maxLength: steps * classes };
  const logits = fc.uniqueArray(fc.integer({ min: -4000, max: 4000 }), size);
  return logits.map((values) =>
    logSoftmax(
      Float32Array.from(values, (value) => value / 1000),
      classes,
    ),
  );
};
const someScores = fc.integer({ min: 1, max: 6 }).chain(scoresOf);

/** p(a) after a is 0.1, of b and c 0.45; every label has 1/3 at the start; a line may end after b only with 0.2. */
const toyModel: CtcLanguageModel = {
  start: 0,
  score: (state, label) => Math.log(state === 0 ? 1 / 3 : state === label ? 0.1 : 0.45),
  advance: (_state, label) => label,
  end: (state) => Math.log(state === 2 ? 0.2 : 1),
  trust: () => 1,
};

function toyScore(labels: ArrayLike<number>, weight: number, bonus: number): number {
  let [score, state] = [0, toyModel.start];
  for (const label of Array.from(labels)) {
    score += weight * toyModel.score(state, label) + bonus;
    state = toyModel.advance(state, label);
  }
  return score + weight * toyModel.end(state);
}

describe('ctcGreedy', () => {
  it('collapses repeats, drops blanks, and tells where and how surely each character is', () => {
    const scores = logs(
      [0.1, 0.7, 0.1, 0.1],
      [0.05, 0.9, 0.02, 0.03],
      [0.6, 0.3, 0.05, 0.05],
      [0.1, 0.8, 0.05, 0.05],
      [0.1, 0.1, 0.2, 0.6],
    );
    const reading = ctcGreedy(scores, alphabet);
    expect(textOf(reading)).toBe('aac');
    expect(reading.map(({ start, end }) => [start, end])).toEqual([
      [0, 2],
      [3, 4],
      [4, 5],
    ]);
    [0.9, 0.8, 0.6].forEach((p, i) => expect(reading[i].confidence).toBeCloseTo(p, 6));
  });

  it('reads nothing where there is nothing', () => {
    expect(ctcGreedy(new Float32Array(0), alphabet)).toEqual([]);
    expect(ctcGreedy(logs([0.7, 0.1, 0.1, 0.1]), alphabet)).toEqual([]);
    expect(() => ctcGreedy(new Float32Array(5), alphabet)).toThrow(/5 scores do not divide into rows of 4/);
  });
});

describe('ctcPrefixBeam', () => {
  const unpruned = { minProbability: 0, beamMargin: Infinity };

  it('prefers the labelling whose paths add up, where the best path misleads', () => {
    // Two steps of p(blank) = 0.6, p(a) = 0.4: the best path is blank (0.36), the best labelling a (0.64).
    const scores = logs([0.6, 0.4, 0, 0], [0.6, 0.4, 0, 0]);
    expect(textOf(ctcGreedy(scores, alphabet))).toBe('');
    const [best, second] = ctcPrefixBeam(scores, classes);
    expect([...best.labels]).toEqual([1]);
    expect(best.score).toBeCloseTo(Math.log(0.64), 6);
    expect(best.confidence).toBeCloseTo(0.64, 6);
    expect([...second.labels]).toEqual([]);
  });

  it('gives every labelling its exact probability when nothing is pruned', () => {
    fc.assert(
      fc.property(someScores, (scores) => {
        const expected = bruteForce(scores);
        const found = ctcPrefixBeam(scores, classes, { ...unpruned, beamWidth: 2000 });
        expect(found.length).toBe(expected.size);
        for (const { labels, confidence } of found) {
          expect(confidence).toBeCloseTo(expected.get(alphabet.decode(labels)) ?? -1, 5);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('adds the weighted language model and the length bonus', () => {
    fc.assert(
      fc.property(someScores, (scores) => {
        const languageModel = toyModel;
        const options = {
          ...unpruned,
          beamWidth: 2000,
          languageModel,
          languageModelWeight: 0.7,
          lengthBonus: 0.3,
        };
        const found = ctcPrefixBeam(scores, classes, options);
        const expected = [...bruteForce(scores)].map(([text, p]) => {
          return Math.log(p) + toyScore(alphabet.encode(text), 0.7, 0.3);
        });
        expect(found[0].score).toBeCloseTo(Math.max(...expected), 4);
        expect(found.reduce((sum, { confidence }) => sum + confidence, 0)).toBeCloseTo(1, 6);
      }),
      { numRuns: 30 },
    );
  });

  it('finds with a beam what the full search finds, for clear input', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 7 }), (path) => {
        const rows = path.map((c) => [0, 1, 2, 3].map((k) => (k === c ? 0.85 : 0.05)));
        const scores = logs(...rows);
        const [best] = ctcPrefixBeam(scores, classes, { beamWidth: 8 });
        const [truth] = ctcPrefixBeam(scores, classes, { ...unpruned, beamWidth: 5000 });
        expect(best.labels).toEqual(truth.labels);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps as many prefixes as the beam is wide, whichever of equal ones', () => {
    const even = logs(...Array.from({ length: 5 }, () => [0.25, 0.25, 0.25, 0.25]));
    expect(ctcPrefixBeam(even, classes, { ...unpruned, beamWidth: 7 })).toHaveLength(7);
    // All 1 + 3 + … labellings of up to five labels that can be told in five steps are more than a hundred.
    expect(ctcPrefixBeam(even, classes, unpruned)).toHaveLength(128);
  });

  it('gives up prefixes that fall behind the best by more than the margin', () => {
    // After one step: blank 0.7, a 0.2, b 0.09, c 0.01, i.e. 1.25, 2.05 and 4.25 nats behind.
    const scores = logs([0.7, 0.2, 0.09, 0.01]);
    const lengths = [1, 2, 3, 5].map((beamMargin) => ctcPrefixBeam(scores, classes, { beamMargin }).length);
    expect(lengths).toEqual([1, 2, 3, 4]);
  });

  it('refuses options that make no search', () => {
    expect(() => ctcPrefixBeam(logs([1, 0, 0, 0]), classes, { beamMargin: 0 })).toThrow(/beamMargin/);
    expect(() => ctcPrefixBeam(logs([1, 0, 0, 0]), classes, { beamWidth: 0 })).toThrow(/beamWidth/);
    expect(() => ctcPrefixBeam(logs([1, 0, 0, 0]), classes, { minProbability: 0.5 })).toThrow(/minProbability/);
    expect(() => ctcPrefixBeam(logs([1, 0, 0, 0]), classes, { languageModelWeight: -1 })).toThrow(/Weight/);
    expect(ctcPrefixBeam(new Float32Array(0), classes).map(({ labels }) => labels.length)).toEqual([0]);
  });
});

describe('ctcAlign', () => {
  it('finds the most probable path of a text that is not the greedy one', () => {
    const scores = logs(
      [0.6, 0.2, 0.1, 0.1],
      [0.1, 0.3, 0.5, 0.1],
      [0.1, 0.2, 0.6, 0.1],
      [0.5, 0.1, 0.3, 0.1],
      [0.1, 0.6, 0.2, 0.1],
    );
    // By hand: blank, b, b, blank, a has probability 0.6·0.5·0.6·0.5·0.6 and no path of "ba" has more.
    expect(ctcAlign(scores, classes, alphabet.encode('ba')).map(({ start, end }) => [start, end])).toEqual([
      [1, 3],
      [4, 5],
    ]);
    // "aab" must leave a blank between: a, blank, a is forced into the first steps.
    const forced = ctcAlign(scores, classes, alphabet.encode('aab'));
    expect(forced[0].end).toBeLessThan(forced[1].start);
  });

  it('agrees with greedy decoding on the greedy text', () => {
    fc.assert(
      fc.property(someScores, (scores) => {
        const greedy = ctcGreedy(scores, alphabet);
        const aligned = ctcAlign(scores, classes, alphabet.encode(textOf(greedy)));
        expect(aligned.map(({ start, end }) => [start, end])).toEqual(greedy.map(({ start, end }) => [start, end]));
        aligned.forEach(({ peak }, i) => expect(peak).toBeCloseTo(greedy[i].confidence, 6));
      }),
    );
  });

  it('refuses a text that cannot fit', () => {
    const scores = logs([0.25, 0.25, 0.25, 0.25], [0.25, 0.25, 0.25, 0.25]);
    expect(() => ctcAlign(scores, classes, [1, 1])).toThrow('2 labels need 3 time steps, and there are 2');
    expect(() => ctcAlign(scores, classes, [4])).toThrow(/Label 4/);
    expect(ctcAlign(scores, classes, [])).toEqual([]);
  });
});

describe('ctcPrefixBeam with a model that is trusted in part', () => {
  it('counts that share of its say and of the bonus', () => {
    const languageModel: CtcLanguageModel = { ...toyModel, trust: (_, label) => (label === 1 ? 0.25 : 1) };
    fc.assert(
      fc.property(someScores, (scores) => {
        const options = { languageModel, languageModelWeight: 0.7, lengthBonus: 0.4, beamWidth: 2000, beamMargin: 100 };
        for (const { labels, score } of ctcPrefixBeam(scores, classes, options)) {
          let [expected, state] = [ctcLogLikelihood(scores, classes, labels), toyModel.start];
          for (const label of labels) {
            expected += (label === 1 ? 0.25 : 1) * (0.7 * toyModel.score(state, label) + 0.4);
            state = toyModel.advance(state, label);
          }
          expect(score).toBeCloseTo(expected + 0.7 * toyModel.end(state), 4);
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe('ctcPrefixBeam with a constraint', () => {
  it.each(['[ab]*', 'a{2}', 'abc|ca', 'b+c?', '(?:ab)+'])('finds the best of the texts that match %s', (pattern) => {
    const constraint = textConstraint({ pattern }, alphabet)!;
    const whole = new RegExp(`^(?:${pattern})$`);
    fc.assert(
      fc.property(someScores, (scores) => {
        const expected = [...bruteForce(scores)].filter(([text, p]) => p > 0 && whole.test(text));
        expected.sort(([, a], [, b]) => b - a);
        const found = ctcPrefixBeam(scores, classes, { constraint, beamWidth: 2000, beamMargin: 100 });
        const texts = found.map(({ labels }) => alphabet.decode(labels));
        expect(texts[0]).toBe(expected[0]?.[0]);
        expect(new Set(texts)).toEqual(new Set(expected.map(([text]) => text)));
      }),
      { numRuns: 40 },
    );
  });

  it('gives a text of the set however narrow the beam and improbable the text', () => {
    const constraint = textConstraint({ words: ['cabcab', 'aaa'] }, alphabet)!;
    fc.assert(
      fc.property(scoresOf(8), (scores) => {
        const [{ labels }] = ctcPrefixBeam(scores, classes, { constraint, beamWidth: 1, beamMargin: 0.1 });
        expect(['cabcab', 'aaa']).toContain(alphabet.decode(labels));
      }),
      { numRuns: 40 },
    );
  });

  it('finds nothing where no text of the set is short enough', () => {
    const constraint = textConstraint({ words: ['abcabc'] }, alphabet)!;
    expect(ctcPrefixBeam(logs([0.7, 0.1, 0.1, 0.1], [0.7, 0.1, 0.1, 0.1]), classes, { constraint })).toEqual([]);
  });
});

describe('ctcLogLikelihood', () => {
  it('is the sum over all paths', () => {
    fc.assert(
      fc.property(someScores, (scores) => {
        for (const [text, p] of bruteForce(scores)) {
          expect(Math.exp(ctcLogLikelihood(scores, classes, alphabet.encode(text)))).toBeCloseTo(p, 6);
        }
      }),
      { numRuns: 20 },
    );
  });
});
