import { operation, type ElementType, type Value } from './value.ts';

/** Converts the element type; the gradient passes between float32 values only. */
export function cast(x: Value, type: ElementType): Value {
  if (x.type === type) return x;
  const codes: Record<ElementType, number> = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 };
  return operation('Cast', [x], { type, shape: x.shape }, { attributes: { to: codes[type] } });
}
