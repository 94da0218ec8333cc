import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { TextRecognizerError } from '../../errors.ts';
import { compareRuns } from '../tracking/compare-runs.ts';
import type { RunIndex } from '../tracking/run-index.ts';
import type { RunSummary } from '../tracking/run-summary.ts';
import { fieldNames, runValue } from '../tracking/run-value.ts';
import { parseCondition, selectRuns } from '../tracking/select-runs.ts';
import type {
  ColumnsAnswer,
  CompareAnswer,
  ImportanceAnswer,
  PredictionsAnswer,
  RunAnswer,
  RunsAnswer,
  SeriesAnswer,
} from './dashboard-api.ts';
import { groupProgress } from './group-progress.ts';
import { settingImportance } from './importance.ts';
import { readPredictions } from './read-predictions.ts';
import { listRunFiles, openRunFile } from './run-files.ts';
import { SeriesCache } from './series-cache.ts';

/** One value or several of a parameter. */
const texts = z.union([z.array(z.string()), z.string().transform((text) => [text])]).default([]);
const count = (most: number, usual: number) => z.coerce.number().int().min(0).max(most).default(usual);

const runsQuery = z.object({
  where: texts,
  column: texts,
  sort: z.string().optional(),
  descending: z.enum(['true', 'false']).optional(),
  offset: count(1e9, 0),
  limit: count(1000, 100),
});
const columnsQuery = z.object({ where: texts, field: texts });
const runQuery = z.object({ id: z.string() });
const seriesQuery = z.object({
  id: z.string(),
  stage: z.string().optional(),
  name: texts,
  points: count(20_000, 1500),
  from: z.coerce.number().default(-Infinity),
  to: z.coerce.number().default(Infinity),
});
const compareQuery = z.object({ id: texts });
const importanceQuery = z.object({ where: texts, metric: z.string() });
const fileQuery = z.object({ id: z.string(), name: z.string() });

/** What the page asks for; see `dashboard-api.ts`. */
export function dashboardRoutes(app: FastifyInstance, index: RunIndex): void {
  const series = new SeriesCache();
  const folderOf = (id: string) => join(index.root, index.run(id).id);
  const names = fieldsOfIndex(index);

  app.get('/api/runs', ({ query }): RunsAnswer => {
    const { where, column, sort, descending, offset, limit } = parseQuery(runsQuery, query);
    const { runs, version } = index;
    const selection = { where: where.map(parseCondition), sort, descending: descending && descending === 'true' };
    const selected = selectRuns(runs, selection);
    const rows = selected.slice(offset, offset + limit).map((run) => ({
      id: run.id,
      state: run.state,
      values: column.map((field) => runValue(run, field) ?? null),
    }));
    return { version, total: runs.length, selected: selected.length, rows, ...names() };
  });

  app.get('/api/columns', ({ query }): ColumnsAnswer => {
    const { where, field: fields } = parseQuery(columnsQuery, query);
    const runs = matching(index, where);
    const columns = fields.map((field) => ({ field, values: runs.map((run) => runValue(run, field) ?? null) }));
    return { ids: runs.map(({ id }) => id), columns };
  });

  app.get('/api/run', ({ query }): RunAnswer => {
    const run = index.run(parseQuery(runQuery, query).id);
    return { run, files: listRunFiles(join(index.root, run.id)) };
  });

  app.get('/api/series', async ({ query }): Promise<SeriesAnswer> => {
    const { id, stage, name: wanted, points, from, to } = parseQuery(seriesQuery, query);
    const log = await series.read(join(index.root, logOf(index.run(id), stage)));
    const curves = wanted.map((name) => [name, log.curve(name, points, from, to)] as const);
    return { names: log.names, curves: Object.fromEntries(curves) };
  });

  app.get('/api/compare', ({ query }): CompareAnswer => {
    const runs = parseQuery(compareQuery, query).id.map((id) => index.run(id));
    return { ids: runs.map(({ id }) => id), ...compareRuns(runs) };
  });

  app.get('/api/importance', ({ query }): ImportanceAnswer => {
    const { where, metric } = parseQuery(importanceQuery, query);
    return { metric, importances: settingImportance(matching(index, where), metric) };
  });

  app.get('/api/groups', () => groupProgress(index.runs));

  app.get('/api/predictions', async ({ query }): Promise<PredictionsAnswer> => {
    const { id, stages } = index.run(parseQuery(runQuery, query).id);
    return await readPredictions(folderOf(id), stages);
  });

  app.get('/api/file', ({ query }, reply) => {
    const { id, name } = parseQuery(fileQuery, query);
    const { type, stream } = openRunFile(folderOf(id), name);
    // A report is what a training wrote, and may look nice; scripts and requests are not for it.
    return reply
      .type(type)
      .header('content-security-policy', "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'")
      .send(stream);
  });
}

/** The names of all fields, gathered once for each state of the runs. */
function fieldsOfIndex(index: RunIndex): () => ReturnType<typeof fieldNames> {
  let version = -1;
  let names: ReturnType<typeof fieldNames>;
  return () => {
    if (version !== index.version || names === undefined) names = fieldNames(index.runs);
    ({ version } = index);
    return names;
  };
}

function matching(index: RunIndex, where: readonly string[]): RunSummary[] {
  return selectRuns(index.runs, { where: where.map(parseCondition), sort: 'run' });
}

function logOf({ id, stages }: RunSummary, wanted: string | undefined): string {
  const stage = wanted ?? stages.at(-1);
  if (stage === undefined) return join(id, 'metrics.jsonl');
  if (stages.includes(stage)) return join(id, 'stages', stage, 'metrics.jsonl');
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `The run has no stage '${stage}'; there are ${stages.join(', ') || 'none'}.`,
  );
}

/** Throws INVALID_ARGUMENT. */
function parseQuery<Query>(schema: z.ZodType<Query>, query: unknown): Query {
  const result = schema.safeParse(query);
  if (result.success) return result.data;
  throw new TextRecognizerError('INVALID_ARGUMENT', z.prettifyError(result.error));
}
