/** A corner in pixels, x to the right and y down; pixel i reaches from i to i + 1. */
export type Point = readonly [x: number, y: number];

/** A map of the plane: (x, y) → (a x + c y + e, b x + d y + f). */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

export function applyAffine([a, b, c, d, e, f]: Affine, [x, y]: Point): Point {
  return [a * x + c * y + e, b * x + d * y + f];
}

/** First `first`, then `second`. */
export function composeAffine(second: Affine, first: Affine): Affine {
  const [a, b] = linear(second, first[0], first[1]);
  const [c, d] = linear(second, first[2], first[3]);
  const [e, f] = applyAffine(second, [first[4], first[5]]);
  return [a, b, c, d, e, f];
}

/** Stretches both axes and then moves. */
export function scaleAffine(scaleX: number, scaleY: number, left = 0, top = 0): Affine {
  return [scaleX, 0, 0, scaleY, left, top];
}

/** Turns by `degrees` clockwise about the middle of `width` × `height`. */
export function rotateAffine(degrees: number, width: number, height: number): Affine {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const [x, y] = [width / 2, height / 2];
  return [cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y];
}

function linear([a, b, c, d]: Affine, x: number, y: number): Point {
  return [a * x + c * y, b * x + d * y];
}
