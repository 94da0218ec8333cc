import { chooseModel } from '../../reading/choose-model.ts';
import { requireDecoder } from '../../reading/require-decoder.ts';
import type { ServedModel } from '../reading-service.ts';
import type { ReadChoice } from './request-parameters.ts';

/** Throws MODEL_NOT_FOUND or UNSUPPORTED_DECODER for what no image could be read with. */
export function checkChoice(models: readonly ServedModel[], { model, decoder }: ReadChoice): void {
  const chosen = model === undefined ? models : [chooseModel(models, 'blank', model)];
  const able = chosen.find(({ decoders }) => decoder === undefined || decoders.includes(decoder));
  if (able === undefined) requireDecoder(decoder, chosen[0]);
}
