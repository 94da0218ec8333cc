/** Sides of lenet's images after two convolutions without padding and the pooling. */
const side = 12;

/**
 * Lenet's weights as those of a network whose windows are 28×28 pixels: characters it has learned are known to the line network from
 * the start. The dense layer `[channels · 12 · 12, features]` becomes a kernel `[features, channels, 12, 12]`; the classes of the
 * logits differ, so those are left out.
 */
export function windowsFromLenet(lenet: ReadonlyMap<string, Float32Array>): Map<string, Float32Array> {
  const named = (name: string) => lenet.get(name)!;
  const features = named('dense.bias').length;
  const inputs = named('conv2.bias').length * side * side;
  const dense = named('dense.weight');
  const kernel = new Float32Array(dense.length);
  for (let feature = 0; feature < features; feature++) {
    for (let i = 0; i < inputs; i++) kernel[feature * inputs + i] = dense[i * features + feature];
  }
  const same = ['conv1.weight', 'conv1.bias', 'conv2.weight', 'conv2.bias', 'dense.bias'];
  return new Map([...same.map((name) => [name, named(name)] as const), ['dense.weight', kernel]]);
}
