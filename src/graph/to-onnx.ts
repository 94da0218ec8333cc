import { isLarge, quantizeWeights, toHalf, type WeightStorage } from './compact-weights.ts';
import { lower } from './lower.ts';
import { ModelProto } from './onnx-schema.ts';
import { operationsUpTo } from './operations-up-to.ts';
import { portableTarget, type Target } from './target.ts';
import type { Attribute, ElementType, Operation, Shape, Subgraph, TensorData, Value } from './value.ts';
import { TextRecognizerError } from '../errors.ts';

export interface OnnxOptions {
  readonly target?: Target;
  /** Shown by ONNX tools as the producer of the file. */
  readonly producer?: string;
  /** Free key-value pairs in the file. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** How large constants are stored: a half or a quarter of the bytes, and unpacked when the file is loaded. Default float32. */
  readonly weights?: WeightStorage;
}

/** The ONNX file (protobuf bytes, opset 20) that computes the named `outputs` from the graph's inputs. */
export function toOnnx(outputs: Readonly<Record<string, Value>>, options: OnnxOptions = {}): Uint8Array {
  const names = Object.keys(outputs);
  const lowered = lower(Object.values(outputs), options.target ?? portableTarget);
  const graph = new GraphWriter('', options.weights ?? 'float32').write(names, lowered);
  return ModelProto.encode(
    ModelProto.create({
      ir_version: 9,
      producer_name: options.producer ?? 'text-recognizer',
      opset_import: [...graph.domains].map((domain) => ({ domain, version: domain === '' ? 20 : 1 })),
      metadata_props: Object.entries(options.metadata ?? {}).map(([key, value]) => ({ key, value })),
      graph: graph.proto,
    }),
  ).finish();
}

const elementTypes = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
} as const satisfies Record<ElementType | 'int8' | 'float16', number>;

/**
 * Names values and collects nodes and initializers; one for the file and one for each body of a control-flow operator.
 * Names that it makes contain a slash, so that they differ from those of inputs and outputs.
 */
class GraphWriter {
  readonly domains = new Set(['']);
  readonly #prefix: string;
  readonly #names = new Map<Value, string>();
  readonly #inputs = new Map<string, Value>();
  readonly #constants = new Map<string, string>();
  readonly #initializers: object[] = [];
  readonly #nodes: object[] = [];
  readonly #weights: WeightStorage;
  #bodies = 0;

  constructor(prefix: string, weights: WeightStorage) {
    this.#prefix = prefix;
    this.#weights = weights;
  }

  write(
    names: readonly string[],
    outputs: readonly Value[],
    formalInputs: readonly Value[] = [],
    captured: ReadonlyMap<Value, string> = new Map(),
  ): { proto: object; domains: ReadonlySet<string> } {
    captured.forEach((name, value) => this.#names.set(value, name));
    formalInputs.forEach((value) => this.#name(value));
    const order = operationsUpTo(outputs, captured);
    outputs.forEach((value, i) => {
      if (value.producer.kind === 'operation' && !this.#names.has(value)) this.#names.set(value, names[i]);
    });
    for (const operation of order) this.#addNode(operation);
    // An output that is an input, a constant, or wanted under two names needs a node of its own.
    outputs.forEach((value, i) => {
      const name = this.#name(value);
      if (name !== names[i]) this.#nodes.push({ op_type: 'Identity', input: [name], output: [names[i]] });
    });
    requireOtherNames(names, this.#inputs);
    const proto = {
      name: 'graph',
      node: this.#nodes,
      initializer: this.#initializers,
      input: [...this.#inputs].map(([name, value]) => valueInfo(name, value)),
      output: names.map((name, i) => valueInfo(name, outputs[i])),
    };
    return { proto, domains: this.domains };
  }

  #addNode(operation: Operation): void {
    if (operation.domain) this.domains.add(operation.domain);
    const names = operation.inputs.map((value) => (value ? this.#name(value) : ''));
    const output = operation.outputs.map((value) => this.#name(value));
    // ONNX lets a body see the names outside: what it captures is not an input of the node.
    const captured = capturedBy(operation);
    const input = names.slice(0, names.length - captured.length);
    const outside = new Map(captured.map((value, i) => [value, names[input.length + i]]));
    const attribute = Object.entries(operation.attributes).map(([name, value]) =>
      this.#attribute(name, value, outside),
    );
    this.#nodes.push({ op_type: operation.name, domain: operation.domain, input, output, attribute });
  }

  #name(value: Value): string {
    const known = this.#names.get(value);
    if (known !== undefined) return known;
    const name = this.#newName(value);
    this.#names.set(value, name);
    return name;
  }

  #newName(value: Value): string {
    const { producer } = value;
    if (producer.kind === 'operation') return `${this.#prefix}/v${this.#names.size}`;
    if (producer.kind === 'constant')
      return this.#constant(producer.data, value.shape as readonly number[], value.type);
    const other = this.#inputs.get(this.#prefix + producer.name);
    if (other)
      throw new TextRecognizerError(
        'INVALID_ARGUMENT',
        `toOnnx: two inputs are named '${producer.name}'; give each a unique name.`,
      );
    const name = this.#prefix + producer.name;
    this.#inputs.set(name, value);
    return name;
  }

  /** Equal small constants are stored once. */
  #constant(data: TensorData, dims: readonly number[], type: ElementType): string {
    const bytes = bytesOf(data);
    const key = bytes.length <= 256 ? `${type} ${dims.join()} ${Buffer.from(bytes).toString('base64')}` : undefined;
    const known = key === undefined ? undefined : this.#constants.get(key);
    if (known !== undefined) return known;
    if (isLarge(dims, type) && this.#weights !== 'float32') return this.#compact(data as Float32Array, dims);
    const name = this.#initializer(bytes, dims, elementTypes[type]);
    if (key !== undefined) this.#constants.set(key, name);
    return name;
  }

  #initializer(bytes: Uint8Array, dims: readonly number[], type: number): string {
    const name = `${this.#prefix}/c${this.#initializers.length}`;
    this.#initializers.push({ name, dims: [...dims], data_type: type, raw_data: bytes });
    return name;
  }

  /** A constant in fewer bytes; ONNX Runtime folds the nodes that unpack it when it loads the file, as it would not DequantizeLinear. */
  #compact(data: Float32Array, dims: readonly number[]): string {
    if (this.#weights === 'float16') {
      return this.#unpacked('Cast', [this.#initializer(bytesOf(toHalf(data)), dims, elementTypes.float16)]);
    }
    const { codes, scales, scaleDims } = quantizeWeights(data, dims);
    const whole = this.#unpacked('Cast', [this.#initializer(bytesOf(codes), dims, elementTypes.int8)]);
    return this.#unpacked('Mul', [whole, this.#initializer(bytesOf(scales), scaleDims, elementTypes.float32)]);
  }

  #unpacked(operator: 'Cast' | 'Mul', input: string[]): string {
    const output = `${this.#prefix}/u${this.#nodes.length}`;
    const attribute = operator === 'Cast' ? [{ name: 'to', type: 2, i: elementTypes.float32 }] : [];
    this.#nodes.push({ op_type: operator, input, output: [output], attribute });
    return output;
  }

  #attribute(name: string, value: Attribute, outside: ReadonlyMap<Value, string>): object {
    if (typeof value === 'number') return { name, type: 2, i: value };
    if (typeof value === 'string') return { name, type: 3, s: Buffer.from(value) };
    if ('float' in value) return { name, type: 1, f: value.float };
    if ('graph' in value) return { name, type: 5, g: this.#body(value.graph, outside) };
    return { name, type: 7, ints: [...value] };
  }

  #body({ inputs, outputs }: Subgraph, outside: ReadonlyMap<Value, string>): object {
    const prefix = `${this.#prefix}b${this.#bodies++}_`;
    const body = new GraphWriter(prefix, this.#weights);
    const names = outputs.map((_, i) => `${prefix}out${i}`);
    const { proto, domains } = body.write(names, outputs, inputs, outside);
    for (const domain of domains) this.domains.add(domain);
    return proto;
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** What the bodies of a control-flow operation use of the graph around them. */
function capturedBy({ attributes }: Operation): readonly Value[] {
  return Object.values(attributes).flatMap((value) =>
    typeof value === 'object' && 'graph' in value ? value.graph.captured : [],
  );
}

function requireOtherNames(outputs: readonly string[], inputs: ReadonlyMap<string, Value>): void {
  const shared = outputs.find((name) => inputs.has(name));
  if (shared === undefined) return;
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `toOnnx: an input and an output are both named '${shared}'; give each a unique name.`,
  );
}

function valueInfo(name: string, { type, shape }: { type: ElementType; shape: Shape }): object {
  const dim = shape.map((size) => (typeof size === 'number' ? { dim_value: size } : { dim_param: size }));
  return { name, type: { tensor_type: { elem_type: elementTypes[type], shape: { dim } } } };
}
