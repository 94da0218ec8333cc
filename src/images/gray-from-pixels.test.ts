import { describe, expect, test } from 'vitest';
import { grayFromPixels } from './gray-from-pixels.ts';

describe('grayFromPixels', () => {
  test('RGB becomes the luma that Pillow 12.3 computes with convert("L")', () => {
    // prettier-ignore
    const data = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 12, 34, 56, 200, 30, 30, 255, 255, 255);
    expect([...grayFromPixels({ data, width: 6, height: 1, channels: 3 }).data]).toEqual([76, 150, 29, 30, 81, 255]);
  });

  test('one channel is copied', () => {
    const data = Uint8Array.of(1, 2);
    const gray = grayFromPixels({ data, width: 1, height: 2 });
    expect(gray).toEqual({ width: 1, height: 2, data: Uint8Array.of(1, 2) });
    expect(gray.data).not.toBe(data);
  });

  test('dark ink of any tone gets white paper, light ink black paper', () => {
    const darkInk = Uint8Array.of(60, 255, 0, 0);
    expect([...grayFromPixels({ data: darkInk, width: 2, height: 1, channels: 2 }).data]).toEqual([60, 255]);
    const lightInk = Uint8Array.of(190, 255, 255, 0);
    expect([...grayFromPixels({ data: lightInk, width: 2, height: 1, channels: 2 }).data]).toEqual([190, 0]);
  });

  test('the transparent corners of a white sheet with black writing become white', () => {
    const sheet = Uint8Array.of(0, 0, 240, 255, 240, 255, 5, 255, 240, 255, 0, 0);
    const gray = grayFromPixels({ data: sheet, width: 6, height: 1, channels: 2 });
    expect([...gray.data]).toEqual([255, 240, 240, 5, 240, 255]);
  });

  test('the transparent corners of a blackboard become black', () => {
    const board = Uint8Array.of(9, 0, 20, 255, 20, 255, 250, 255, 20, 255, 9, 0);
    const gray = grayFromPixels({ data: board, width: 6, height: 1, channels: 2 });
    expect([...gray.data]).toEqual([0, 20, 20, 250, 20, 0]);
  });

  test('completely transparent is white paper', () => {
    expect([...grayFromPixels({ data: new Uint8Array(8), width: 2, height: 1 }).data]).toEqual([255, 255]);
  });

  test.each([
    [{ data: new Uint8Array(5), width: 2, height: 1 }, '2 × 1 need 1 to 4 bytes per pixel; got 5 bytes'],
    [{ data: new Uint8Array(6), width: 2, height: 1, channels: 4 as const }, 'need 4 bytes per pixel; got 6 bytes'],
    [{ data: new Uint8Array(0), width: 2, height: 1 }, 'got 0 bytes'],
    [{ data: new Uint8Array(0), width: 0, height: 1 }, 'positive integers; got 0 × 1'],
    [{ data: new Uint8Array(4), width: Number.NaN, height: 1 }, 'positive integers; got NaN × 1'],
  ])('a wrong size is named: %o', (image, message) => {
    expect(() => grayFromPixels(image)).toThrow(message);
  });
});
