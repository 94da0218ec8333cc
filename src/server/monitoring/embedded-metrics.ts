import type { TimedReading } from '../reading-service.ts';
import type { ReadingWatcher } from './reading-watcher.ts';
import { signalNames } from './signals.ts';

const NAMESPACE = 'TextRecognizer';

/** A metric of CloudWatch: a name, a unit that it knows, a value. */
type Metric = readonly [name: string, unit: 'Milliseconds' | 'None' | 'Count', value: number];

/**
 * Writes a line in CloudWatch's embedded metric format for each image, of which CloudWatch makes metrics by itself:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embeddedMetrics(write: (line: string) => void, now: () => number = Date.now): ReadingWatcher {
  return {
    read: (timed, requestId) => write(lineOf(metricsOf(timed), { ...dimensionsOf(timed), requestId }, now())),
    failed: (code) => write(lineOf([['failed', 'Count', 1]], { code }, now(), ['code'])),
    // Lambda and API Gateway count requests themselves.
    answered: () => {},
  };
}

function dimensionsOf({ reading, measurement }: TimedReading) {
  return { model: reading.model, kind: reading.kind, decoder: measurement?.decoder ?? 'none' };
}

function metricsOf({ timing, measurement }: TimedReading): Metric[] {
  const values = measurement?.values ?? {};
  const measured = signalNames.flatMap((name): Metric[] => {
    const value = values[name];
    return value === undefined ? [] : [[name, 'None', value]];
  });
  return [
    ['read', 'Count', 1],
    ['decode', 'Milliseconds', timing.decodeMs],
    ['compute', 'Milliseconds', timing.computeMs],
    ...measured,
  ];
}

/** The values of `dimensions` tell series apart; other members can be searched for in the log only. */
function lineOf(
  metrics: readonly Metric[],
  members: Readonly<Record<string, string>>,
  timestamp: number,
  dimensions: readonly string[] = ['model'],
): string {
  const directive = {
    Namespace: NAMESPACE,
    Dimensions: [dimensions],
    Metrics: metrics.map(([Name, Unit]) => ({ Name, Unit })),
  };
  const values = Object.fromEntries(metrics.map(([name, , value]) => [name, value]));
  return JSON.stringify({ _aws: { Timestamp: timestamp, CloudWatchMetrics: [directive] }, ...members, ...values });
}
