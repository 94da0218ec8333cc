import { expect, test } from 'vitest';
import { Recognizer } from '../../reading/recognizer.ts';
import { composedLines } from './drill-traffic.ts';
import { runDrill } from './drill.ts';

test('a short drill: pictures that are inverted, blurred, rotated, low in resolution or empty are noticed within 200 requests, people within 1,000', async () => {
  const recognizer = await Recognizer.load({ models: ['line-recognizer'], pageModel: false, languageModel: false });
  const lines = await composedLines(220, 1);
  const sizes = { ordinary: 100, changed: 28, shifted: 8, requests: 1000, undisturbed: 3000 };
  const { rows, falseAlarms } = await runDrill(recognizer, { lines, decoder: 'greedy', ...sizes });
  await recognizer.close();
  const noticed = Object.fromEntries(rows.map(({ shift, noticedAfter }) => [shift, noticedAfter ?? Infinity]));
  for (const shift of ['inverted', 'blurred', 'rotated', 'low-resolution', 'other-script', 'empty'] as const) {
    expect([shift, noticed[shift] <= 200]).toEqual([shift, true]);
  }
  expect(noticed['other-writers']).toBeLessThanOrEqual(1000);
  expect(falseAlarms).toBe(0);
  const causes = Object.fromEntries(rows.map(({ shift, cause }) => [shift, cause]));
  expect(causes).toMatchObject({ inverted: 'inverted', empty: 'empty' });
}, 300_000);
