import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry, type OpenMetricsContentType } from 'prom-client';
import type { ReadingTiming } from '../reading-service.ts';
import type { Measurement } from './measurement.ts';
import { signalNames, signals, valueAt, type SignalName } from './signals.ts';

/** Of durations, in seconds. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const BATCH_SIZES = [1, 2, 4, 8, 16, 32];
const CONFIDENCES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1];
const SIGNAL_BUCKETS = 16;

/** The prefix of every metric of this service. */
export const PREFIX = 'text_recognizer_';

/** Counts what is read and how, for Prometheus: base units, names of OpenMetrics. Labels have few values, all of the service's own. */
export class ReadingMetrics {
  readonly registry = openMetricsRegistry();
  readonly #requests = this.#counter('requests', 'HTTP requests answered', ['route', 'status']);
  readonly #requestSeconds = this.#histogram('request_duration_seconds', 'From arrival to answer', ['route'], SECONDS);
  readonly #readings = this.#counter('readings', 'Images by how their reading ended', [
    'model',
    'decoder',
    'kind',
    'outcome',
  ]);
  readonly #stageSeconds = this.#histogram(
    'stage_duration_seconds',
    'Time of an image in each stage; decode and compute are those of its batch',
    ['stage'],
    SECONDS,
  );
  readonly #batchSizes = this.#histogram('batch_size_images', 'Images that were read together', [], BATCH_SIZES);
  readonly #wordConfidences = this.#histogram('word_confidence_ratio', 'Of each word', ['model'], CONFIDENCES);
  readonly #characters = this.#counter('characters', 'Characters that were read', ['model', 'class']);
  readonly #signals = new Map(signalNames.map((name) => [name, this.#signalHistogram(name)]));

  /** `waiting` says how many images wait. */
  constructor(waiting: () => number) {
    collectDefaultMetrics({ register: this.registry });
    void new Gauge({
      name: `${PREFIX}queue_length_images`,
      help: 'Images that wait for a thread',
      registers: [this.registry],
      collect() {
        this.set(waiting());
      },
    });
  }

  /** An HTTP request was answered; `route` is its pattern, never its address. */
  answered(route: string, status: number, seconds: number): void {
    this.#requests.inc({ route, status: String(status) });
    this.#requestSeconds.observe({ route }, seconds);
  }

  /** An image was read. */
  read({ model, decoder, kind, ...measured }: Measurement, timing: ReadingTiming): void {
    this.#readings.inc({ model, decoder: decoder ?? 'none', kind, outcome: 'read' });
    this.#stageSeconds.observe({ stage: 'queue' }, timing.queueMs / 1000);
    this.#stageSeconds.observe({ stage: 'decode' }, timing.decodeMs / 1000);
    this.#stageSeconds.observe({ stage: 'compute' }, timing.computeMs / 1000);
    this.#batchSizes.observe(timing.batchSize);
    for (const name of signalNames) {
      const value = measured.values[name];
      if (value !== undefined) this.#signals.get(name)!.observe({ model }, value);
    }
    for (const confidence of measured.wordConfidences) this.#wordConfidences.observe({ model }, confidence);
    const classes = new Map<string, number>();
    for (const character in measured.characters) {
      const name = classOf(character);
      classes.set(name, (classes.get(name) ?? 0) + measured.characters[character]);
    }
    for (const [name, count] of classes) this.#characters.inc({ model, class: name }, count);
  }

  /** An image was not read, for a reason that has a code. */
  failed(code: string): void {
    this.#readings.inc({ model: 'none', decoder: 'none', kind: 'none', outcome: code });
  }

  #counter<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Counter<Label> {
    return new Counter({ name: `${PREFIX}${name}_total`, help, labelNames, registers: [this.registry] });
  }

  #histogram<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    buckets: readonly number[],
  ): Histogram<Label> {
    return new Histogram({
      name: `${PREFIX}${name}`,
      help,
      labelNames: [...labelNames],
      buckets: [...buckets],
      registers: [this.registry],
    });
  }

  #signalHistogram(name: SignalName): Histogram<'model'> {
    const { help } = signals[name];
    const buckets = Array.from({ length: SIGNAL_BUCKETS }, (_, i) => rounded(valueAt(name, (i + 1) / SIGNAL_BUCKETS)));
    return this.#histogram(metricOf(name), help, ['model'], buckets);
  }
}

function openMetricsRegistry(): Registry<OpenMetricsContentType> {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  return registry;
}

/** The metric of a signal, without the prefix: what it says of, its name, its unit. */
function metricOf(name: SignalName): string {
  const { group, unit } = signals[name];
  return [...new Set([group, ...name.split('-'), unit])].join('_');
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

/** By character; alphabets are small. */
const namesOfClasses = new Map<string, string>();

function classOf(character: string): string {
  const name = namesOfClasses.get(character) ?? findClass(character);
  namesOfClasses.set(character, name);
  return name;
}

function findClass(character: string): string {
  if (/\p{Lu}/u.test(character)) return 'uppercase';
  if (/\p{L}/u.test(character)) return 'lowercase';
  if (/\p{N}/u.test(character)) return 'digit';
  if (/\s/u.test(character)) return 'space';
  return /\p{P}/u.test(character) ? 'punctuation' : 'other';
}
