import type { Population } from './group.ts';
import type { Halving, PopulationSettings, Search } from './group-schema.ts';
import type { JsonPath, JsonSource } from './json-source.ts';
import { groupFaults } from './parse-group-file.ts';

/** Checkpoints of runs that differ in anything else do not fit each other. */
const CHANGEABLE = /^training\.(optimizer|schedule)\./;

/** The fields that population-based training changes, with their ranges; throws INVALID_ARGUMENT with line and field of every fault. */
export function populationOf(
  source: JsonSource,
  settings: PopulationSettings,
  { search, halving }: { readonly search: Search; readonly halving: Halving | undefined },
): Population {
  const fault = (path: JsonPath, name: string, message: string) =>
    `${source.file}:${source.lineOf(path)}: ${name}: ${message}`;
  if (halving)
    throw groupFaults([fault(['population'], 'population', 'Successive halving and this exclude each other')]);
  if (search.kind !== 'random' || search.count < 2) {
    const message = 'Population-based training needs a random search of at least two runs';
    throw groupFaults([fault(['search'], 'search', message)]);
  }
  const fields: Record<string, { low: number; high: number }> = {};
  const faults: string[] = [];
  for (const [field, distribution] of Object.entries(search.fields)) {
    const isRange = distribution.kind === 'uniform' || distribution.kind === 'log-uniform';
    if (isRange && CHANGEABLE.test(field)) fields[field] = { low: distribution.low, high: distribution.high };
    else {
      const message =
        'Population-based training changes numbers of training.optimizer and training.schedule, uniform or log-uniform';
      faults.push(fault(['search', 'fields', field], field, message));
    }
  }
  if (faults.length > 0) throw groupFaults(faults);
  return { ...settings, fields };
}
