import { lower } from '../graph/lower.ts';
import { ModelProto } from '../graph/onnx-schema.ts';
import { operationsUpTo } from '../graph/operations-up-to.ts';
import { portableTarget } from '../graph/target.ts';
import { TextRecognizerError } from '../errors.ts';
import { FoldedContext } from '../networks/folded-context.ts';
import { imageInput } from '../networks/image-input.ts';
import type { LineNetwork } from '../networks/line-network.ts';

interface Node {
  readonly op_type: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
}

interface Tensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data_type: number;
  readonly raw_data: Uint8Array;
}

/** Element types, as ONNX numbers them. */
const [float32, int8] = [1, 3];

/**
 * The weights of a served line network by name, normalisations folded in, read back from its ONNX file: the network's own graph says
 * which operation takes which weight. Throws MODEL_INVALID where the file holds another graph.
 */
export function foldedWeights(network: LineNetwork, onnx: Uint8Array, source: string): Map<string, Float32Array> {
  const invalid = (problem: string) =>
    new TextRecognizerError('MODEL_INVALID', `${source} is not the graph of '${network.name}': ${problem}.`);
  const { nodes, tensors } = readGraph(onnx);
  const constants = unpacked(nodes, tensors);
  const computing = nodes.filter(({ output }) => !constants.has(output[0]));
  const names = new Map<unknown, string>();
  const context = new FoldedContext((name, shape) => {
    const data = new Float32Array(shape.reduce((product, dim) => product * dim, 1));
    names.set(data, name);
    return data;
  });
  const logits = network.build(context, imageInput('batch', network.height, 'width').images);
  const weights = new Map<string, Float32Array>();
  operationsUpTo(lower([logits], portableTarget)).forEach((operation, i) => {
    const node = computing.at(i);
    if (node?.op_type !== operation.name) {
      throw invalid(`operation ${i} is ${node?.op_type ?? 'missing'}, not ${operation.name}`);
    }
    operation.inputs.forEach((value, j) => {
      if (value?.producer.kind !== 'constant') return;
      const name = names.get(value.producer.data);
      if (name === undefined) return;
      const found = constants.get(node.input[j]);
      const { length } = value.producer.data;
      if (found?.length !== length) throw invalid(`'${name}' has ${found?.length ?? 'no'} numbers, not ${length}`);
      weights.set(name, found);
    });
  });
  return weights;
}

function readGraph(onnx: Uint8Array): { nodes: readonly Node[]; tensors: readonly Tensor[] } {
  const { graph } = ModelProto.toObject(ModelProto.decode(onnx), { arrays: true, longs: Number }) as {
    graph: { node: readonly Node[]; initializer: readonly Tensor[] };
  };
  return { nodes: graph.node, tensors: graph.initializer };
}

/** Constants by the names of their values: initializers, and what nodes that unpack them give. */
function unpacked(nodes: readonly Node[], tensors: readonly Tensor[]): Map<string, Float32Array> {
  const stored = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const constants = new Map(
    tensors.flatMap((tensor) => (tensor.data_type === float32 ? [[tensor.name, floatsOf(tensor)] as const] : [])),
  );
  const codes = new Map<string, Tensor>();
  for (const { op_type, input, output } of nodes) {
    const packed = stored.get(input[0]);
    if (op_type === 'Cast' && packed?.data_type === int8) {
      codes.set(output[0], packed);
      constants.set(output[0], new Float32Array(codesOf(packed)));
    }
    const [tensor, scales] = [codes.get(input[0]), stored.get(input[1])];
    if (op_type === 'Mul' && tensor && scales) constants.set(output[0], dequantized(tensor, scales));
  }
  return constants;
}

/** As ONNX Runtime multiplies: each code by the scale of its channel, the one axis that the scales have. */
function dequantized(packed: Tensor, scales: Tensor): Float32Array {
  const { dims } = packed;
  const axis = scales.dims.findIndex((dim) => dim !== 1);
  const after = dims.slice(axis + 1).reduce((product, dim) => product * dim, 1);
  const factors = floatsOf(scales);
  const weights = new Float32Array(codesOf(packed));
  for (let i = 0; i < weights.length; i++) weights[i] *= factors[Math.floor(i / after) % factors.length];
  return weights;
}

function codesOf({ raw_data }: Tensor): Int8Array {
  return new Int8Array(raw_data.buffer, raw_data.byteOffset, raw_data.length);
}

/** A copy, since the bytes need not begin at a multiple of four. */
function floatsOf({ raw_data }: Tensor): Float32Array {
  return new Float32Array(new Uint8Array(raw_data).buffer);
}
