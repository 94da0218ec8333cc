import { operation, requireRank, shapeError, type Value } from './value.ts';

/**
 * Makes `factor` × `factor` pixels of each: `[batch, factor² · channels, height, width]` → `[batch, channels, factor · height,
 * factor · width]` (Shi et al. 2016, "Real-Time Single Image and Video Super-Resolution"; ONNX's DepthToSpace). Sizes that are only
 * known at run time get the names of those of `like`, which must be as large.
 */
export function pixelShuffle(x: Value, factor: number, like: Value): Value {
  requireRank('pixelShuffle', x, 4, '[batch, factor² · channels, height, width]');
  const [batch, together, height, width] = x.shape;
  const channels = Number(together) / factor ** 2;
  if (!Number.isInteger(channels)) {
    throw shapeError('pixelShuffle', `${together} channels are not ${factor ** 2} equal parts`);
  }
  const size = [height, width].map((side, i) => (typeof side === 'number' ? factor * side : like.shape[2 + i]));
  const shape = [batch, channels, ...size];
  const attributes = { blocksize: factor };
  return operation(
    'DepthToSpace',
    [x],
    { type: x.type, shape },
    {
      attributes,
      gradient: ([dy]) => [dy && operation('SpaceToDepth', [dy], { type: x.type, shape: x.shape }, { attributes })],
    },
  );
}
