import type { CharacterReading, LineReading, Polygon, Reading, WordReading } from '../../reading/reading.ts';

/** A rectangle, clockwise from its upper left corner. */
export function rectangle(left: number, top: number, right: number, bottom: number): Polygon {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}

export function wordReading(text: string, confidence: number, polygon: Polygon): WordReading {
  return { text, confidence, alternatives: [], polygon, characters: [] };
}

export function lineReading(
  words: readonly WordReading[],
  place: Pick<LineReading, 'polygon' | 'baseline'>,
): LineReading {
  const characters: CharacterReading[] = [];
  const text = words.map(({ text }) => text).join(' ');
  return { text, confidence: 0.9, alternatives: [], ...place, words, characters };
}

/** A page of 400 × 200 pixels: "Tom & l’été" on a rising baseline, and below it "<ok>". */
export const sampleReading: Reading = {
  kind: 'page',
  text: 'Tom & l’été\n<ok>',
  confidence: 0.5,
  alternatives: [],
  model: 'line-recognizer',
  licence: 'MIT',
  width: 400,
  height: 200,
  lines: [
    lineReading(
      [
        wordReading('Tom', 0.96, rectangle(20.25, 30.5, 100, 70)),
        wordReading('&', 0.5, rectangle(120, 25, 140, 65)),
        wordReading('l’été', 0.875, rectangle(160, 20, 300, 60)),
      ],
      {
        polygon: [
          [20.25, 30.5],
          [300, 18.4],
          [300, 60.6],
          [20.25, 74.6],
        ],
        baseline: [
          [20.25, 64],
          [160, 57.4],
          [300, 50],
        ],
      },
    ),
    lineReading([wordReading('<ok>', 1, rectangle(20, 120, 90, 160))], {
      polygon: rectangle(20, 120, 90, 160),
      baseline: [
        [20, 150],
        [90, 150],
      ],
    }),
  ],
};
