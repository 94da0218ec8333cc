import { TextRecognizerError } from '../errors.ts';
import { toOnnx } from '../graph/to-onnx.ts';
import { createLineNetwork } from '../networks/create-line-network.ts';
import { FoldedContext, weightsByName, type WeightSource } from '../networks/folded-context.ts';
import { imageInput } from '../networks/image-input.ts';
import type { LineNetwork } from '../networks/line-network.ts';
import { changedWeights, type WeightDifferences } from '../networks/weight-differences.ts';
import { type Adapter, belongsTo, wrongBase } from './adapter.ts';
import { foldedWeights } from './folded-weights.ts';
import type { LineModelManifest } from './model-manifest.ts';
import type { StoredModel } from './model-store.ts';

/** A line model taken apart. */
export interface AdaptableModel {
  readonly manifest: LineModelManifest;
  readonly onnx: Uint8Array;
  readonly network: LineNetwork;
  /** As they are served: normalisations are in the convolutions. */
  readonly weights: WeightSource;
}

/** Takes a stored line model apart; throws INVALID_ARGUMENT for one of another kind, MODEL_INVALID where its file is another graph. */
export function adaptableModel({ manifest, onnx }: StoredModel): AdaptableModel {
  if (manifest.kind !== 'line' || manifest.network.name !== adaptableNetworkName) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `Model '${manifest.name}' cannot be adapted: only those of the network '${adaptableNetworkName}' can.`,
    );
  }
  const network = createLineNetwork(manifest.network.name, manifest.network.config);
  const weights = weightsByName(foldedWeights(network, onnx, `Model '${manifest.name}'`));
  return { manifest, onnx, network, weights };
}

/** The only one all of whose convolutions are normalised. */
const adaptableNetworkName = 'line-recognizer';

/** The ONNX file that serves a model with differences to its weights. */
export function adaptedGraph(
  { network, weights }: Pick<AdaptableModel, 'network' | 'weights'>,
  differences: WeightDifferences,
): Uint8Array {
  const { images } = imageInput('batch', network.height, 'width');
  return toOnnx({ logits: network.build(new FoldedContext(changedWeights(weights, differences)), images) });
}

/**
 * The model with the adapter, under the adapter's name and licence; its own file stays as it is. Throws INVALID_ARGUMENT where the two do not
 * belong together.
 */
export function withAdapter(stored: StoredModel, adapter: Adapter): StoredModel {
  const model = adaptableModel(stored);
  if (!belongsTo(adapter, model.manifest)) throw wrongBase(adapter, model.manifest);
  const { name, licence } = adapter.about;
  const description = `${stored.manifest.name}, adapted to a hand.`;
  return {
    manifest: { ...model.manifest, name, licence, description },
    onnx: adaptedGraph(model, adapter.differences),
  };
}
