import { describe, expect, it } from 'vitest';
import { moved } from './crop-frame.ts';

const crop = { left: 0.25, top: 0.25, right: 0.75, bottom: 0.75 };

describe('moved', () => {
  it('moves the edges it is given, within the picture', () => {
    expect(moved(crop, ['left', 'top'], 0.125, -0.5)).toEqual({ left: 0.375, top: 0, right: 0.75, bottom: 0.75 });
    expect(moved(crop, ['right', 'bottom'], 0.125, 0.5)).toEqual({ left: 0.25, top: 0.25, right: 0.875, bottom: 1 });
  });

  it('keeps a twentieth of each side', () => {
    expect(moved(crop, ['left', 'bottom'], 0.9, -0.9)).toEqual({ left: 0.7, top: 0.25, right: 0.75, bottom: 0.3 });
  });

  it('moves the whole frame without changing its size', () => {
    const edges = ['left', 'top', 'right', 'bottom'] as const;
    expect(moved(crop, edges, 0.125, 0.5)).toEqual({ left: 0.375, top: 0.5, right: 0.875, bottom: 1 });
  });
});
