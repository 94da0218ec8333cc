import { Random } from '../../random/random.ts';
import type { RecognizeOptions, Recognizer } from '../../reading/recognizer.ts';
import { DriftDetector } from '../../server/monitoring/drift-detector.ts';
import type { AlarmEvent } from '../../server/monitoring/drift-report.ts';
import { type ErrorModel, expectedEdits, expectedRate } from '../../server/monitoring/error-model.ts';
import { fitErrorModel } from '../../server/monitoring/fit-error-model.ts';
import type { Measurement } from '../../server/monitoring/measurement.ts';
import { makeReference } from '../../server/monitoring/make-reference.ts';
import { type Reference, referenceOf } from '../../server/monitoring/reference.ts';
import { calibrationPictures } from './calibration-pictures.ts';
import { type DrillLines, ordinaryTraffic, type Shift, shiftedTraffic, shifts } from './drill-traffic.ts';
import { type MeasuredPicture, measureTraffic } from './measure-traffic.ts';

export interface DrillOptions extends Pick<RecognizeOptions, 'model' | 'decoder'> {
  readonly lines: DrillLines;
  /** Pictures of ordinary traffic that the reference is made of, and as many that are sent; default 600. */
  readonly ordinary?: number;
  /** How many of them are changed and read again, to fit the expected errors to; default 600, twice. */
  readonly changed?: number;
  /** Expected errors that were fitted elsewhere, instead. */
  readonly errors?: ErrorModel;
  /** Pictures of each kind of other traffic, which are sent again and again; default 120. */
  readonly shifted?: number;
  /** Requests of each kind that are sent, at most; default 1,000. */
  readonly requests?: number;
  /** Undisturbed requests that are sent to count false alarms; default 20,000. */
  readonly undisturbed?: number;
  readonly expectedRunTime?: number;
  readonly seed?: number;
  readonly onProgress?: (message: string) => void;
  /** Is given the signals of the reference's requests and of those kept aside, for other programs to be measured on. */
  readonly onMeasured?: (reference: readonly Measurement[], aside: readonly Measurement[]) => void;
}

/** What became of one kind of traffic. */
export interface DrillRow {
  readonly shift: Shift;
  /** After how many requests an alarm began; absent where none did. */
  readonly noticedAfter?: number;
  readonly cause?: AlarmEvent['cause'];
  readonly severity?: AlarmEvent['severity'];
  /** The signal furthest beyond its threshold. */
  readonly signal?: string;
  /** Character error rates: what readings are expected to have, its interval, and what they have. */
  readonly expected: number;
  readonly low: number;
  readonly high: number;
  readonly actual: number;
  /** Share of windows of 100 requests whose true rate is within their intervals. */
  readonly coverage: number;
}

export interface DrillResult {
  readonly rows: readonly DrillRow[];
  readonly undisturbed: number;
  readonly falseAlarms: number;
  readonly expectedRunTime: number;
  readonly ordinary: Pick<DrillRow, 'expected' | 'low' | 'high' | 'actual' | 'coverage'>;
}

const WARM_UP = 1000;
const COPIES = 2;

/**
 * Makes a reference of ordinary traffic, sends more of it, then each kind of other traffic to a detector that has seen ordinary requests,
 * and says what was noticed. Every picture is read; requests are drawn from those that were.
 */
export async function runDrill(recognizer: Recognizer, options: DrillOptions): Promise<DrillResult> {
  const { lines, seed = 1, onProgress = () => {}, expectedRunTime = 250_000 } = options;
  const { ordinary = 600, shifted = 120, requests = 1000, undisturbed = 20_000, model, decoder } = options;
  const readOptions = { model, decoder };
  onProgress(`reading ${2 * ordinary} pictures of ordinary traffic`);
  const all = await measureTraffic(recognizer, ordinaryTraffic(lines.ordinary, 0, 2 * ordinary, seed), readOptions);
  const [own, aside] = [all.filter((_, i) => i % 2 === 0), all.filter((_, i) => i % 2 === 1)];
  const measured = own.map(({ measurement }) => measurement);
  options.onMeasured?.(
    measured,
    aside.map(({ measurement }) => measurement),
  );
  const errors =
    options.errors ??
    fitErrorModel([...own, ...(await measureChanged(recognizer, { ...options, ordinary, seed, onProgress }))]);
  const data = makeReference(measured, {
    modelSha256: '0'.repeat(64),
    description: 'ordinary traffic of the drill',
    errors,
    seed,
  });
  const reference = referenceOf(data);
  const falseAlarms = send(new DriftDetector(reference, { expectedRunTime }), aside, undisturbed, seed + 1).length;
  const rows: DrillRow[] = [];
  for (const shift of Object.keys(shifts) as Shift[]) {
    onProgress(`reading ${shifted} pictures: ${shift}`);
    const pictures = await measureTraffic(
      recognizer,
      shiftedTraffic(shift, lines, 2 * ordinary, shifted, seed + 2),
      readOptions,
    );
    const detector = new DriftDetector(reference, { expectedRunTime });
    send(detector, aside, WARM_UP, seed + 3);
    const [first] = send(detector, pictures, requests, seed + 4);
    rows.push({ shift, ...noticed(first), ...errorsOf(reference, pictures, seed) });
  }
  return { rows, undisturbed, falseAlarms, expectedRunTime, ordinary: errorsOf(reference, aside, seed) };
}

/** Changed copies of the pictures that the reference is made of. */
async function measureChanged(
  recognizer: Recognizer,
  options: DrillOptions & Required<Pick<DrillOptions, 'ordinary' | 'seed' | 'onProgress'>>,
): Promise<MeasuredPicture[]> {
  const { lines, ordinary, changed = 600, seed, onProgress, model, decoder } = options;
  const all = [...ordinaryTraffic(lines.ordinary, 0, 2 * ordinary, seed)];
  const own = all.filter((_, i) => i % 2 === 0).slice(0, changed);
  onProgress(`reading ${COPIES * own.length} changed pictures`);
  const pictures = calibrationPictures(own, { copies: COPIES, seed: seed + 5 });
  return await measureTraffic(recognizer, pictures, { model, decoder });
}

interface Sent {
  readonly alarm: AlarmEvent;
  readonly after: number;
}

/** Sends so many requests drawn from some pictures; the alarms that begin. */
function send(detector: DriftDetector, pictures: readonly MeasuredPicture[], count: number, seed: number): Sent[] {
  const random = Random.of(seed);
  const alarms: Sent[] = [];
  for (let i = 1; i <= count; i++) {
    const alarm = detector.add(pictures[random.below(pictures.length)].measurement, `drill-${i}`);
    if (alarm?.state === 'firing') alarms.push({ alarm, after: i });
  }
  return alarms;
}

function noticed(sent: Sent | undefined): Partial<DrillRow> {
  if (sent === undefined) return {};
  const { cause, severity, evidence } = sent.alarm;
  return { noticedAfter: sent.after, cause, severity, signal: evidence[0].signal };
}

const WINDOW = 100;
const WINDOWS = 200;

function errorsOf({ errors }: Reference, pictures: readonly MeasuredPicture[], seed: number): DrillResult['ordinary'] {
  const random = Random.of(seed, 2);
  let covered = 0;
  for (let i = 0; i < WINDOWS; i++) {
    const window = Array.from({ length: WINDOW }, () => pictures[random.below(pictures.length)]);
    const { low, high } = rateOf(errors, window);
    const actual = actualRate(window);
    if (low <= actual && actual <= high) covered++;
  }
  const { rate, low, high } = rateOf(errors, pictures);
  return { expected: rate, low, high, actual: actualRate(pictures), coverage: covered / WINDOWS };
}

function rateOf(errors: ErrorModel, pictures: readonly MeasuredPicture[]) {
  const sum = { length: 0, edits: 0, variance: 0 };
  for (const { measurement } of pictures) {
    const { length, edits, variance } = expectedEdits(errors, measurement);
    sum.length += length;
    sum.edits += edits;
    sum.variance += variance;
  }
  return expectedRate(errors, sum);
}

/** Edits by the length of the texts, at most 1. */
function actualRate(pictures: readonly MeasuredPicture[]): number {
  const edits = pictures.reduce((sum, picture) => sum + picture.edits, 0);
  const length = pictures.reduce((sum, picture) => sum + picture.textLength, 0);
  return length === 0 ? 0 : Math.min(1, edits / length);
}
