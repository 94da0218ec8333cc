import { add, divide, exp, greater, multiply, negate, square, subtract } from './elementwise.ts';
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

/** 1 / (1 + e^−x). */
export function sigmoid(x: Value): Value {
  return activation('Sigmoid', x, (dy, y) => multiply(dy, multiply(y, subtract(1, y))));
}

/** The hyperbolic tangent. */
export function tanh(x: Value): Value {
  return activation('Tanh', x, (dy, y) => multiply(dy, subtract(1, square(y))));
}

/** ln(1 + e^x), without overflow. */
export function softplus(x: Value): Value {
  return activation('Softplus', x, (dy) => divide(dy, add(1, exp(negate(x)))));
}
