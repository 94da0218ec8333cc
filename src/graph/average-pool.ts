import { multiply } from './elementwise.ts';
import { poolGeometry, poolAttributes, type PoolOptions, type PoolGeometry } from './pool-geometry.ts';
import { mean } from './reduce.ts';
import { scatterWindows, kernelOffsets } from './scatter-windows.ts';
import { constant, operation, requireRank, type Value } from './value.ts';
import { outputSize } from './window-geometry.ts';

/** The average of every window; windows at the border average what is inside the image (ONNX's AveragePool). */
export function averagePool2d(x: Value, options: PoolOptions): Value {
  const geometry = poolGeometry('averagePool2d', x, options);
  const shape = [...x.shape.slice(0, 2), ...outputSize('averagePool2d', x, geometry)];
  return operation(
    'AveragePool',
    [x],
    { type: x.type, shape },
    {
      attributes: { ...poolAttributes(geometry), count_include_pad: 0 },
      gradient: ([dy]) => {
        if (!dy) return [undefined];
        const scaled = multiply(
          dy,
          constant(inverseCounts(x.shape as number[], shape as number[], geometry), [
            1,
            1,
            ...(shape.slice(2) as number[]),
          ]),
        );
        return [
          scatterWindows(
            x.shape,
            geometry,
            kernelOffsets(geometry).map(() => scaled),
          ),
        ];
      },
    },
  );
}

/** 1 / (pixels of the image in the window), for each window. */
function inverseCounts(
  inputShape: readonly number[],
  outputShape: readonly number[],
  { kernel, stride, padding }: PoolGeometry,
): Float32Array {
  const covered = (axis: number, index: number) => {
    const start = index * stride[axis] - padding[axis];
    return Math.min(start + kernel[axis], inputShape[2 + axis]) - Math.max(start, 0);
  };
  const [height, width] = outputShape.slice(2);
  return Float32Array.from(
    { length: height * width },
    (_, i) => 1 / (covered(0, Math.floor(i / width)) * covered(1, i % width)),
  );
}

/** The mean over height and width: `[batch, channels, height, width]` → `[batch, channels]`. */
export function globalAveragePool(x: Value): Value {
  requireRank('globalAveragePool', x, 4, '[batch, channels, height, width]');
  return mean(x, [2, 3]);
}
