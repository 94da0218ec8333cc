import { createNamed, type Makers } from './create-named.ts';
import { htrnetHalf, htrnetHalfConfig } from './course/htrnet-half.ts';
import { lineCnnAllConv, lineCnnAllConvConfig } from './course/line-cnn-all-conv.ts';
import { lineCnnSlidingWindow, lineCnnSlidingWindowConfig } from './course/line-cnn-sliding-window.ts';
import { lineLstmCtc, lineLstmCtcConfig } from './course/line-lstm-ctc.ts';
import { lineLstm, lineLstmConfig } from './course/line-lstm.ts';
import type { LineNetwork } from './line-network.ts';
import { lineRecognizer, lineRecognizerConfig } from './line-recognizer.ts';

const networks: Makers<LineNetwork> = {
  'line-cnn-sliding-window': (config) => lineCnnSlidingWindow(lineCnnSlidingWindowConfig.parse(config)),
  'line-cnn-all-conv': (config) => lineCnnAllConv(lineCnnAllConvConfig.parse(config)),
  'line-lstm': (config) => lineLstm(lineLstmConfig.parse(config)),
  'line-lstm-ctc': (config) => lineLstmCtc(lineLstmCtcConfig.parse(config)),
  'htrnet-half': (config) => htrnetHalf(htrnetHalfConfig.parse(config)),
  'line-recognizer': (config) => lineRecognizer(lineRecognizerConfig.parse(config)),
};

/** The line network of that name; throws INVALID_ARGUMENT for an unknown name or a configuration that does not fit. */
export function createLineNetwork(name: string, config: Readonly<Record<string, unknown>>): LineNetwork {
  return createNamed('line network', networks, name, config);
}
