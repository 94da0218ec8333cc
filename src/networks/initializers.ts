import type { Initializer } from './layer-context.ts';

/** Normal with variance 2 / fan-in (He et al. 2015), for layers that a rectifier follows. */
export function heNormal(fanIn: number): Initializer {
  const deviation = Math.sqrt(2 / fanIn);
  return (target, random) => {
    for (let i = 0; i < target.length; i++) target[i] = deviation * random.normal();
  };
}

/** Uniform with variance 2 / (fan-in + fan-out) (Glorot and Bengio 2010), for layers without a rectifier. */
export function glorotUniform(fanIn: number, fanOut: number): Initializer {
  return uniform(Math.sqrt(6 / (fanIn + fanOut)));
}

/** The same number everywhere. */
export function filled(value: number): Initializer {
  return (target) => void target.fill(value);
}

/** Uniform between −bound and bound. */
export function uniform(bound: number): Initializer {
  return (target, random) => {
    for (let i = 0; i < target.length; i++) target[i] = random.between(-bound, bound);
  };
}
