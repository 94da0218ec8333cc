/**
 * Points on the Catmull–Rom spline (Catmull and Rom: A Class of Local Interpolating Splines, 1974) through the `[points, 2]` of one stroke, at
 * most `step` apart; the given points are among them. `speeds` takes the distance between given points, which even sampling in time
 * makes a speed, to every point made, `[made]`.
 */
export function smoothStroke(points: Float32Array, step: number): { points: Float32Array; speeds: Float32Array } {
  const count = points.length / 2;
  const partsOf = (i: number) => Math.max(1, Math.ceil(distance(points, i) / step));
  let size = 1;
  for (let i = 0; i + 1 < count; i++) size += partsOf(i);
  const made = new Float32Array(2 * size);
  const speeds = new Float32Array(size);
  let at = 0;
  for (let i = 0; i + 1 < count; i++) {
    const [a, b, c, d] = [2 * Math.max(0, i - 1), 2 * i, 2 * i + 2, 2 * Math.min(count - 1, i + 2)];
    const parts = partsOf(i);
    for (let part = 0; part < parts; part++, at++) {
      made[2 * at] = catmullRom(points[a], points[b], points[c], points[d], part / parts);
      made[2 * at + 1] = catmullRom(points[a + 1], points[b + 1], points[c + 1], points[d + 1], part / parts);
      speeds[at] = distance(points, i);
    }
  }
  made.set(points.subarray(2 * count - 2), 2 * at);
  speeds[at] = count > 1 ? distance(points, count - 2) : 0;
  return { points: made, speeds };
}

/** From point i to the next. */
function distance(points: Float32Array, i: number): number {
  return Math.sqrt((points[2 * i + 2] - points[2 * i]) ** 2 + (points[2 * i + 3] - points[2 * i + 1]) ** 2);
}

function catmullRom(a: number, b: number, c: number, d: number, t: number): number {
  return b + (t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))) / 2;
}
