import type { Random } from '../../random/random.ts';

/** How a pen turns its path into ink. */
export interface Pen {
  /** Mean width of a stroke in pixels. */
  readonly width: number;
  /** Share of the width that the pen loses at twice its mean speed, and gains at rest; 0 for felt tips. */
  readonly speed: number;
  /** Narrowest width of the nib as a share of its widest: 1 is round, 0.4 a broad nib. */
  readonly nib: number;
  /** Direction of the nib's edge in radians from the writing line. */
  readonly nibAngle: number;
  /** Share of the width that comes and goes along a stroke, as pressure does. */
  readonly pressure: number;
  /** Darkness of the ink, 0 to 1. */
  readonly ink: number;
  /** Share of the ink that is lost here and there along a stroke. */
  readonly fading: number;
  /** Share of the ink that is lost from pixel to pixel, as on rough paper. */
  readonly grain: number;
}

/** The kinds of pens that `drawPen` knows. */
export type PenKind = 'ballpoint' | 'felt' | 'fineliner' | 'fountain' | 'pencil';

type Range = readonly [number, number];

/** Of each kind the ranges from which a pen draws; widths are factors on the writer's own. */
const kinds: Readonly<Record<PenKind, { readonly [part in Exclude<keyof Pen, 'nibAngle'>]: Range }>> = {
  ballpoint: {
    width: [0.8, 1.1],
    speed: [0.1, 0.3],
    nib: [1, 1],
    pressure: [0.1, 0.3],
    ink: [0.85, 1],
    fading: [0.05, 0.4],
    grain: [0.05, 0.25],
  },
  felt: {
    width: [1, 1.7],
    speed: [0, 0.1],
    nib: [0.8, 1],
    pressure: [0, 0.1],
    ink: [0.9, 1],
    fading: [0, 0.1],
    grain: [0, 0.1],
  },
  fineliner: {
    width: [0.75, 1],
    speed: [0, 0.05],
    nib: [1, 1],
    pressure: [0, 0.05],
    ink: [0.9, 1],
    fading: [0, 0.1],
    grain: [0, 0.1],
  },
  fountain: {
    width: [0.9, 1.4],
    speed: [0.1, 0.35],
    nib: [0.35, 0.8],
    pressure: [0.1, 0.35],
    ink: [0.85, 1],
    fading: [0.1, 0.4],
    grain: [0, 0.15],
  },
  pencil: {
    width: [0.9, 1.2],
    speed: [0.05, 0.2],
    nib: [0.8, 1],
    pressure: [0.1, 0.25],
    ink: [0.75, 0.95],
    fading: [0.1, 0.3],
    grain: [0.2, 0.4],
  },
};

export const penKinds = Object.keys(kinds) as readonly PenKind[];

/** A pen of the kind, for a writer whose strokes are `width` pixels wide. */
export function drawPen(kind: PenKind, width: number, random: Random): Pen {
  const ranges = kinds[kind];
  const draw = (part: keyof typeof ranges) => random.between(...ranges[part]);
  return {
    width: width * draw('width'),
    speed: draw('speed'),
    nib: draw('nib'),
    nibAngle: random.between(0.5, 1),
    pressure: draw('pressure'),
    ink: draw('ink'),
    fading: draw('fading'),
    grain: draw('grain'),
  };
}
