import { expect, test } from 'vitest';
import { lineChartsSvg } from './line-chart-svg.ts';
import { renderedSvg } from './testing/rendered-svg.ts';

const BLUE = [0x00, 0x72, 0xb2];
const ORANGE = [0xd5, 0x5e, 0x00];
const WHITE = [255, 255, 255];

const chart = {
  title: 'Loss',
  xLabel: 'epoch',
  yLabel: 'nats',
  series: [
    {
      name: 'training',
      points: [
        [1, 0],
        [2, 1],
        [3, 0],
      ] as const,
    },
    {
      name: 'validation',
      points: [
        [1, 0.5],
        [2, NaN],
        [3, 0.5],
      ] as const,
    },
  ],
};

test('puts points where the axes say, and breaks a line at NaN', async () => {
  const image = await renderedSvg(lineChartsSvg([chart]));
  expect([image.width, image.height]).toEqual([480, 300]);
  // The plot is 66 to 462 across and 252 to 58 up, for x 1 to 3 and y 0 to 1.
  expect(image.at(264, 58)).toEqual(BLUE);
  // Half-way up the line, whose edge is smoothed.
  expect(image.at(165, 155)[0]).toBeLessThan(100);
  expect(image.at(66, 155)).toEqual(ORANGE);
  expect(image.at(461, 155)).toEqual(ORANGE);
  expect(image.at(264, 155)).toEqual(WHITE);
});

test('names the chart, its axes and its lines, and tells each point', () => {
  const svg = lineChartsSvg([chart]);
  for (const text of ['>Loss<', '>epoch<', '>nats<', '>training<', '>validation<', '>training, 2: 1<']) {
    expect(svg).toContain(text);
  }
  expect(svg).toContain('prefers-color-scheme: dark');
  expect(svg).not.toMatch(/href|url\(|@import/);
});

test('lays several charts out two a row', async () => {
  const image = await renderedSvg(
    lineChartsSvg([chart, chart, { ...chart, series: [{ ...chart.series[0], color: 1 }] }]),
  );
  expect([image.width, image.height]).toEqual([960, 600]);
  expect(image.at(480 + 264, 58)).toEqual(BLUE);
  expect(image.at(264, 300 + 58)).toEqual(ORANGE);
  expect(image.at(480 + 264, 300 + 58)).toEqual(WHITE);
});

test('draws one point, equal points, no points and hostile names', async () => {
  const one = await renderedSvg(lineChartsSvg([{ ...chart, series: [{ name: 'a', points: [[1, 7]] }] }]));
  expect(one.at(264, 252)).not.toEqual(WHITE);
  const equal = [
    [1, 0.25],
    [2, 0.25],
  ] as const;
  await renderedSvg(lineChartsSvg([{ ...chart, series: [{ name: '<&"', points: equal }] }]));
  const none = lineChartsSvg([{ ...chart, series: [{ name: 'a', points: [[1, NaN]] }] }]);
  expect(none).toContain('no figures yet');
  await renderedSvg(none);
  await renderedSvg(lineChartsSvg([]));
});
