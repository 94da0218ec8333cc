import { broadcastShapes } from './broadcast.ts';
import { cast } from './cast.ts';
import { sumOver } from './expand.ts';
import { operation, requireSameType, scalar, type Gradient, type Value } from './value.ts';

/** An operand: a value of the graph, or a number that stands for a scalar. */
export type Operand = Value | number;

const asValue = (operand: Operand): Value => (typeof operand === 'number' ? scalar(operand) : operand);

function binary(
  name: string,
  a: Value,
  b: Value,
  gradient: (dy: Value, y: Value) => readonly [Value | undefined, Value | undefined],
): Value {
  const shape = broadcastShapes(name, a.shape, b.shape);
  requireSameType(name, a, b);
  const fit: Gradient = ([dy]) => {
    if (!dy) return [undefined, undefined];
    const [da, db] = gradient(dy, y);
    return [da && sumOver(da, a.shape), db && sumOver(db, b.shape)];
  };
  const y: Value = operation(name, [a, b], { type: a.type, shape }, { gradient: fit });
  return y;
}

function unary(name: string, x: Value, gradient: (dy: Value, y: Value) => Value): Value {
  const y: Value = operation(
    name,
    [x],
    { type: x.type, shape: x.shape },
    { gradient: ([dy]) => [dy && gradient(dy, y)] },
  );
  return y;
}

/** a + b, with broadcasting. */
export function add(a: Operand, b: Operand): Value {
  return binary('Add', asValue(a), asValue(b), (dy) => [dy, dy]);
}

/** a − b, with broadcasting. */
export function subtract(a: Operand, b: Operand): Value {
  return binary('Sub', asValue(a), asValue(b), (dy) => [dy, negate(dy)]);
}

/** a · b element by element, with broadcasting. */
export function multiply(a: Operand, b: Operand): Value {
  const [left, right] = [asValue(a), asValue(b)];
  return binary('Mul', left, right, (dy) => [multiply(dy, right), multiply(dy, left)]);
}

/** a / b element by element, with broadcasting. */
export function divide(a: Operand, b: Operand): Value {
  const [left, right] = [asValue(a), asValue(b)];
  return binary('Div', left, right, (dy, y) => [divide(dy, right), negate(divide(multiply(dy, y), right))]);
}

/** The larger of a and b; where they are equal, the gradient goes to a. */
export function maximum(a: Operand, b: Operand): Value {
  const [left, right] = [asValue(a), asValue(b)];
  return binary('Max', left, right, (dy) => {
    const first = cast(greaterOrEqual(left, right), 'float32');
    return [multiply(dy, first), multiply(dy, subtract(1, first))];
  });
}

/** The smaller of a and b; where they are equal, the gradient goes to a. */
export function minimum(a: Operand, b: Operand): Value {
  return negate(maximum(negate(asValue(a)), negate(asValue(b))));
}

/** −x. */
export function negate(x: Value): Value {
  return unary('Neg', x, (dy) => negate(dy));
}

/** e^x. */
export function exp(x: Value): Value {
  return unary('Exp', x, (dy, y) => multiply(dy, y));
}

/** The natural logarithm. */
export function log(x: Value): Value {
  return unary('Log', x, (dy) => divide(dy, x));
}

/** √x. */
export function sqrt(x: Value): Value {
  return unary('Sqrt', x, (dy, y) => divide(multiply(dy, 0.5), y));
}

/** x². */
export function square(x: Value): Value {
  return multiply(x, x);
}

/** |x|, with gradient sign(x). */
export function absolute(x: Value): Value {
  return unary('Abs', x, (dy) => multiply(dy, operation('Sign', [x], { type: x.type, shape: x.shape })));
}

function comparison(name: string, a: Operand, b: Operand): Value {
  const [left, right] = [asValue(a), asValue(b)];
  requireSameType(name, left, right);
  return operation(name, [left, right], { type: 'bool', shape: broadcastShapes(name, left.shape, right.shape) });
}

/** a > b. */
export function greater(a: Operand, b: Operand): Value {
  return comparison('Greater', a, b);
}

/** a ≥ b. */
export function greaterOrEqual(a: Operand, b: Operand): Value {
  return comparison('GreaterOrEqual', a, b);
}

/** a = b. */
export function equal(a: Operand, b: Operand): Value {
  return comparison('Equal', a, b);
}

/** a where the condition holds, otherwise b; with broadcasting. */
export function where(condition: Value, a: Operand, b: Operand): Value {
  const [left, right] = [asValue(a), asValue(b)];
  requireSameType('where', left, right);
  const shape = broadcastShapes('where', condition.shape, broadcastShapes('where', left.shape, right.shape));
  return operation(
    'Where',
    [condition, left, right],
    { type: left.type, shape },
    {
      gradient: ([dy]) =>
        dy
          ? [undefined, sumOver(where(condition, dy, 0), left.shape), sumOver(where(condition, 0, dy), right.shape)]
          : [],
    },
  );
}
