import { z } from 'zod';
import { TextRecognizerError } from '../errors.ts';
import { htrnetHalf, htrnetHalfConfig } from './htrnet-half.ts';
import { lineCnnAllConv, lineCnnAllConvConfig } from './line-cnn-all-conv.ts';
import { lineCnnSlidingWindow, lineCnnSlidingWindowConfig } from './line-cnn-sliding-window.ts';
import { lineLstmCtc, lineLstmCtcConfig } from './line-lstm-ctc.ts';
import { lineLstm, lineLstmConfig } from './line-lstm.ts';
import type { LineNetwork } from './line-network.ts';
import { lineRecognizer, lineRecognizerConfig } from './line-recognizer.ts';

const networks = {
  'line-cnn-sliding-window': (config: unknown) => lineCnnSlidingWindow(lineCnnSlidingWindowConfig.parse(config)),
  'line-cnn-all-conv': (config: unknown) => lineCnnAllConv(lineCnnAllConvConfig.parse(config)),
  'line-lstm': (config: unknown) => lineLstm(lineLstmConfig.parse(config)),
  'line-lstm-ctc': (config: unknown) => lineLstmCtc(lineLstmCtcConfig.parse(config)),
  'htrnet-half': (config: unknown) => htrnetHalf(htrnetHalfConfig.parse(config)),
  'line-recognizer': (config: unknown) => lineRecognizer(lineRecognizerConfig.parse(config)),
};

export const lineNetworkNames = Object.keys(networks);

/** The line network of that name; throws INVALID_ARGUMENT for an unknown name or a configuration that does not fit. */
export function createLineNetwork(name: string, config: Readonly<Record<string, unknown>>): LineNetwork {
  if (!Object.hasOwn(networks, name)) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `There is no line network '${name}'; there are ${lineNetworkNames.join(', ')}.`,
    );
  }
  try {
    return networks[name as keyof typeof networks](config);
  } catch (cause) {
    if (!(cause instanceof z.ZodError)) throw cause;
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `The configuration of line network '${name}' is not right:\n${z.prettifyError(cause)}`,
      { cause },
    );
  }
}
