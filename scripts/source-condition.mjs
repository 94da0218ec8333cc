/** Resolves this package's own name to its sources: adds the condition that `exports` in package.json has for them. */
export function resolve(specifier, context, next) {
  return next(specifier, { ...context, conditions: [...context.conditions, 'text-recognizer-source'] });
}
