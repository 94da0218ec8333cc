import { Random } from '../../src/random/random.ts';

/** Makes broken input of encoded images: what disks, networks and other people's programs do to files. */
export function mutateImage(image: Uint8Array, others: readonly Uint8Array[], random: Random): Uint8Array {
  const mutation = mutations[random.below(mutations.length)];
  return mutation(image, random, others[random.below(others.length)]);
}

type Mutation = (image: Uint8Array, random: Random, other: Uint8Array) => Uint8Array;

/** Most headers lie here. */
const headerBytes = 64;

const mutations: readonly Mutation[] = [
  function truncate(image, random) {
    return image.slice(0, random.below(image.length + 1));
  },
  function changeBytes(image, random) {
    const bytes = image.slice();
    for (let n = 1 + random.below(20); n > 0; n--) bytes[random.below(bytes.length)] = random.below(256);
    return bytes;
  },
  function changeHeader(image, random) {
    const bytes = image.slice();
    for (let n = 1 + random.below(4); n > 0; n--) {
      bytes[random.below(Math.min(headerBytes, bytes.length))] = random.below(256);
    }
    return bytes;
  },
  function flipBit(image, random) {
    const bytes = image.slice();
    bytes[random.below(bytes.length)] ^= 1 << random.below(8);
    return bytes;
  },
  function largestNumbers(image, random) {
    const bytes = image.slice();
    const start = random.below(Math.min(headerBytes, bytes.length));
    return bytes.fill(random.below(2) ? 255 : 127, start, start + 1 + random.below(4));
  },
  function removePart(image, random) {
    const [from, to] = [random.below(image.length), random.below(image.length)].sort((a, b) => a - b);
    return Buffer.concat([image.subarray(0, from), image.subarray(to)]);
  },
  function repeatPart(image, random) {
    const [from, to] = [random.below(image.length), random.below(image.length)].sort((a, b) => a - b);
    return Buffer.concat([image.subarray(0, to), image.subarray(from)]);
  },
  function splice(image, random, other) {
    return Buffer.concat([image.subarray(0, random.below(image.length)), other.subarray(random.below(other.length))]);
  },
  function noise(image, random) {
    const bytes = Uint8Array.from({ length: random.below(2000) }, () => random.below(256));
    // The format's first bytes, so that its decoder sees the rest.
    bytes.set(image.subarray(0, Math.min(12, bytes.length)));
    return bytes;
  },
  function appendGarbage(image, random) {
    return Buffer.concat([image, Uint8Array.from({ length: random.below(200) }, () => random.below(256))]);
  },
];
