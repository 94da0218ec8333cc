import { expect, it } from 'vitest';
import { plainPath } from './fetch-and-keep.ts';

it('knows the versions of a file by what is left without the hash of its content', () => {
  expect(plainPath('https://a.org/assets/ort-wasm-simd-threaded-C0x_9-aZ.wasm')).toBe(
    '/assets/ort-wasm-simd-threaded.wasm',
  );
  expect(plainPath('https://a.org/assets/ort-wasm-simd-threaded.asyncify-12345678.wasm?x=1')).toBe(
    '/assets/ort-wasm-simd-threaded.asyncify.wasm',
  );
  expect(plainPath('https://a.org/models/line-recognizer/model.onnx?sha256=00')).toBe(
    '/models/line-recognizer/model.onnx',
  );
});
