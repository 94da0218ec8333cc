import { describe, expect, it } from 'vitest';
import { countConfusions } from './count-confusions.ts';

describe('countConfusions', () => {
  it('counts edits by character, the most frequent first, with their share of the character', () => {
    const readings = [
      { reference: 'cat cat', hypothesis: 'cot cot' },
      { reference: 'a', hypothesis: 'ab' },
      { reference: 'to', hypothesis: 't' },
    ];
    expect(countConfusions(readings)).toEqual([
      { reference: 'a', hypothesis: 'o', count: 2, share: 2 / 3 },
      { reference: '', hypothesis: 'b', count: 1 },
      { reference: 'o', hypothesis: '', count: 1, share: 1 },
    ]);
    expect(countConfusions([{ reference: 'é', hypothesis: 'e\u0301' }])).toEqual([]);
  });
});
