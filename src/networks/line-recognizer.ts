import { z } from 'zod';
import { relu } from '../graph/activation.ts';
import { matmul } from '../graph/dense.ts';
import { add } from '../graph/elementwise.ts';
import { maxPool2d } from '../graph/max-pool.ts';
import { reshape } from '../graph/reshape.ts';
import { transpose } from '../graph/transpose.ts';
import { splitSteps } from '../graph/split-steps.ts';
import { shapeError, type Value } from '../graph/value.ts';
import { filled, glorotUniform } from './initializers.ts';
import type { LayerContext } from './layer-context.ts';
import { convNormLayer, dropoutLayer } from './layers.ts';
import type { LineNetwork } from './line-network.ts';
import { residualBlock } from './residual-block.ts';

const channels = z.int().min(1);

export const lineRecognizerConfig = z.strictObject({
  classes: z.int().min(2),
  /** Channels at 16, 8 and 4 rows. Multiples of 16 fill the blocks that ONNX Runtime computes with. */
  channels: z.tuple([channels, channels, channels]).default([32, 48, 96]),
  /** Residual blocks at 4 rows, where a column is 8 pixels wide. */
  blocks: z.int().min(0).default(0),
  /** Channels of the sequence, in which a step is 8 pixels wide. */
  sequence: channels.default(192),
  /** Dilations of the sequence's residual blocks: with kernels of 3, those of the default see 60 steps together. */
  dilations: z.array(z.int().min(1)).default([1, 2, 4, 8]),
  /** Width in steps of the sequence's kernels. */
  kernel: z
    .int()
    .min(1)
    .refine((size) => size % 2 === 1, 'an odd number')
    .default(3),
  dropout: z.number().min(0).lt(1).default(0.15),
});

const height = 64;
/** Each step of the sequence gives two frames to CTC: narrow letters are closer than 8 pixels. */
const framesPerStep = 2;
const stride = 4;

/**
 * The reader of lines of any width: images `[batch, 1, 64, width]` → logits `[batch, width / 4, classes]`. Residual
 * convolutions (He et al. 2016) halve the rows until a kernel as high as the image makes a sequence of columns, and
 * dilated ones (Yu and Koltun 2016) read along it. No recurrence: all steps are computed at once.
 */
export function lineRecognizer(config: z.input<typeof lineRecognizerConfig>): LineNetwork {
  const parsed = lineRecognizerConfig.parse(config);
  return {
    name: 'line-recognizer',
    config: parsed,
    height,
    stride,
    steps: (width) => Math.max(1, Math.ceil(width / stride)),
    widthStep: stride * framesPerStep,
    build(context, images) {
      requireHeight(images);
      const { dropout, dilations, kernel } = parsed;
      let x = columns(context, images, parsed);
      dilations.forEach((dilation, i) => {
        x = residualBlock(context, `sequence.${i}`, dropoutLayer(context, x, dropout), {
          kernel: [1, kernel],
          dilation: [1, dilation],
          padding: [0, (dilation * (kernel - 1)) / 2],
        });
      });
      return frames(context, dropoutLayer(context, x, dropout), parsed.classes);
    },
  };
}

type Config = z.output<typeof lineRecognizerConfig>;

/** `[batch, 1, 64, width]` → `[batch, sequence, 1, width / 8]`. */
function columns(context: LayerContext, images: Value, { channels, blocks, sequence }: Config): Value {
  const [low, middle, high] = channels;
  // A strided convolution costs nothing here, where no gradient continues to the image; below, pooling is faster.
  let x = relu(convNormLayer(context, 'stem', images, { outputs: low, kernel: 7, stride: [4, 2], padding: 3 }));
  x = relu(add(x, convNormLayer(context, 'rows16', x, { outputs: low, kernel: 3, padding: 1 })));
  x = maxPool2d(x, { kernel: 2 });
  x = relu(convNormLayer(context, 'rows8', x, { outputs: middle, kernel: 3, padding: 1 }));
  x = residualBlock(context, 'rows8.0', x, { kernel: 3, padding: 1 });
  x = maxPool2d(x, { kernel: [2, 1] });
  x = relu(convNormLayer(context, 'rows4', x, { outputs: high, kernel: 3, padding: 1 }));
  x = maxPool2d(x, { kernel: [1, 2] });
  for (let i = 0; i < blocks; i++) x = residualBlock(context, `rows4.${i}`, x, { kernel: 3, padding: 1 });
  return relu(convNormLayer(context, 'columns', x, { outputs: sequence, kernel: [4, 3], padding: [0, 1] }));
}

/** `[batch, features, 1, steps]` → logits `[batch, 2 · steps, classes]`. */
function frames(context: LayerContext, x: Value, classes: number): Value {
  const [batch, features, , steps] = x.shape;
  const sequence = reshape(transpose(x, [0, 3, 1, 2]), [batch, steps, features]);
  const outputs = framesPerStep * classes;
  const inputs = features as number;
  const weight = context.parameter('logits.weight', [inputs, outputs], glorotUniform(inputs, outputs));
  const bias = context.parameter('logits.bias', [outputs], filled(0), { decay: false });
  return splitSteps(add(matmul(sequence, weight), bias), framesPerStep);
}

function requireHeight({ shape }: Value): void {
  const [, , rows, width] = shape;
  const isFitting = rows === height && (typeof width === 'string' || width % (stride * framesPerStep) === 0);
  if (!isFitting) {
    throw shapeError(
      'line-recognizer',
      `takes lines 64 pixels high and a multiple of 8 wide, not ${String(rows)}×${String(width)}`,
    );
  }
}
