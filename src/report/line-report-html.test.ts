import { describe, expect, it } from 'vitest';
import { lineReportHtml } from './line-report-html.ts';
import { selectExamples } from './select-examples.ts';

const readings = [
  { reference: 'the cat', hypothesis: 'the cat', id: 'a-1', writer: '7', dataset: 'iam' },
  { reference: 'a < b & c', hypothesis: 'a c b &', id: 'a-2', writer: '8', dataset: 'iam' },
  { reference: 'été', hypothesis: 'etés', id: 'a-3', writer: '7', dataset: 'copiste' },
  { reference: 'longer than the cat', hypothesis: 'longer than the cat', id: 'a-4', writer: '8', dataset: 'iam' },
];

describe('selectExamples', () => {
  it('ranks by character error rate and draws the rest by the seed', () => {
    const examples = selectExamples(readings, 2, 1);
    // Rates 0, 3/9, 2/3, 0: the longer of the two faultless lines is the better example.
    expect(examples.worst).toEqual([2, 1]);
    expect(examples.best).toEqual([3, 0]);
    expect(examples.random).toEqual(selectExamples(readings, 2, 1).random);
    expect(selectExamples(readings, 9, 1).random).toEqual([0, 1, 2, 3]);
  });
});

describe('lineReportHtml', () => {
  const html = lineReportHtml({
    title: 'A <model>',
    facts: [['decoder', 'beam & lm']],
    readings,
    examples: selectExamples(readings, 2, 1),
    images: new Map([[2, 'data:image/png;base64,AAAA']]),
    curves: '<svg xmlns="http://www.w3.org/2000/svg"/>',
  });

  it('gives the figures of the set', () => {
    // 5 edits (" <" 1 substitution and 2 deletions; é→e, +s) in 7 + 9 + 3 + 19 characters.
    expect(html).toContain('<dd>13.16 %</dd><small>5 edits in 38 characters</small>');
    expect(html).toContain('<dd>50.00 %</dd><small>of 4 lines</small>');
  });

  it('aligns target and output with the edits marked', () => {
    expect(html).toContain('<span class="substitution"><b>é</b><i>e</i></span>');
    expect(html).toContain('<span class="insertion"><b>·</b><i>s</i></span>');
    expect(html).toContain('<span class="substitution"><b>&lt;</b><i>c</i></span>');
    expect(html).toContain('<span class="deletion"><b>␣</b><i>·</i></span>');
  });

  it('shows the images it is given and nothing from elsewhere', () => {
    expect(html.match(/<img src="data:image\/png;base64,AAAA" alt="été">/g)).toHaveLength(1);
    expect(html).not.toMatch(/(?:src|href)="(?!data:)/);
    expect(html).not.toContain('A <model>');
    expect(html).not.toContain('beam & lm');
  });

  it('groups by length, data set and writer, the hardest first', () => {
    const writers = html.slice(html.indexOf('By writer'));
    expect(writers.indexOf('<th>7</th>')).toBeLessThan(writers.indexOf('<th>8</th>'));
    expect(html).toContain('<h2>By data set</h2>');
    expect(html).toContain('<th>10–19</th>');
  });
});
