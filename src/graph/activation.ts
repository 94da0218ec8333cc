import { add, clip, divide, erf, exp, multiply, negate, square, subtract, where, greater } from './elementwise.ts';
import { cast } from './cast.ts';
import { operation, type Attributes, type Value } from './value.ts';

function activation(
  name: string,
  x: Value,
  gradient: (dy: Value, y: Value) => Value,
  attributes: Attributes = {},
): Value {
  const y: Value = operation(
    name,
    [x],
    { type: x.type, shape: x.shape },
    { attributes, gradient: ([dy]) => [dy && gradient(dy, y)] },
  );
  return y;
}

/** max(x, 0). */
export function relu(x: Value): Value {
  return activation('Relu', x, (dy, y) => reluGradient(dy, y));
}

/** dy where the activation's output is positive, otherwise 0; a product with 0 and 1 is faster than ONNX's Where. */
function reluGradient(dy: Value, y: Value): Value {
  return multiply(dy, cast(greater(y, 0), 'float32'));
}

/** x where positive, otherwise `slope` · x (Maas et al. 2013). */
export function leakyRelu(x: Value, slope = 0.01): Value {
  return activation('LeakyRelu', x, (dy) => where(greater(x, 0), dy, multiply(dy, slope)), { alpha: { float: slope } });
}

/** 1 / (1 + e^−x). */
export function sigmoid(x: Value): Value {
  return activation('Sigmoid', x, (dy, y) => multiply(dy, multiply(y, subtract(1, y))));
}

/** The hyperbolic tangent. */
export function tanh(x: Value): Value {
  return activation('Tanh', x, (dy, y) => multiply(dy, subtract(1, square(y))));
}

/** x · sigmoid(x) (Elfwing et al. 2017), also called swish. */
export function silu(x: Value): Value {
  return multiply(x, sigmoid(x));
}

/** x · Φ(x) (Hendrycks and Gimpel 2016), exact. */
export function gelu(x: Value): Value {
  return multiply(multiply(x, 0.5), add(erf(multiply(x, Math.SQRT1_2)), 1));
}

/** x · clip(x + 3, 0, 6) / 6 (Howard et al. 2019). */
export function hardSwish(x: Value): Value {
  return multiply(x, multiply(clip(add(x, 3), 0, 6), 1 / 6));
}

/** ln(1 + e^x), without overflow. */
export function softplus(x: Value): Value {
  return activation('Softplus', x, (dy) => divide(dy, add(1, exp(negate(x)))));
}
