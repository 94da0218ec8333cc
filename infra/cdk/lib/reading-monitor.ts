import { Duration } from 'aws-cdk-lib';
import {
  AnomalyDetectionAlarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

export interface ReadingMonitorProps {
  /** The models whose requests are watched. */
  readonly models: readonly string[];
  readonly topic: ITopic;
  /** What the function and its API count by themselves. */
  readonly requests: readonly IMetric[];
  readonly errors: readonly IMetric[];
  readonly duration: IMetric;
}

/** Of the embedded metrics that the function writes. */
const NAMESPACE = 'TextRecognizer';

/** Signals whose mean changes when the incoming handwriting does, and in which direction that is an alarm. */
const watched = {
  confidence: ComparisonOperator.LESS_THAN_LOWER_THRESHOLD,
  sharpness: ComparisonOperator.LESS_THAN_LOWER_OR_GREATER_THAN_UPPER_THRESHOLD,
  inverted: ComparisonOperator.GREATER_THAN_UPPER_THRESHOLD,
  length: ComparisonOperator.LESS_THAN_LOWER_OR_GREATER_THAN_UPPER_THRESHOLD,
} as const;

type Signal = keyof typeof watched;

/**
 * Alarms where a model's hourly means leave the band that CloudWatch has learned from two weeks of them, and a dashboard. A function
 * keeps no statistics between its instances, so that CloudWatch compares in its place.
 */
export class ReadingMonitor extends Construct {
  constructor(scope: Construct, id: string, props: ReadingMonitorProps) {
    super(scope, id);
    const signals = Object.keys(watched) as Signal[];
    for (const model of props.models) for (const signal of signals) this.#alarm(model, signal, props.topic);
    this.#dashboard(props, signals);
  }

  #alarm(model: string, signal: Signal, topic: ITopic): void {
    const alarm = new AnomalyDetectionAlarm(this, `${model}-${signal}`, {
      alarmDescription: `What ${model} reads has changed: ${signal}. See docs/runbooks/handwriting-changed.md.`,
      metric: signalMetric(model, signal, Duration.hours(1)),
      // Standard deviations.
      stdDevs: 4,
      comparisonOperator: watched[signal],
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(topic));
    alarm.addOkAction(new SnsAction(topic));
  }

  #dashboard({ models, requests, errors, duration }: ReadingMonitorProps, signals: readonly Signal[]): void {
    const width = 12;
    const graph = (title: string, left: readonly IMetric[]) => new GraphWidget({ title, width, left: [...left] });
    const byModel = (signal: string) => models.map((model) => signalMetric(model, signal, Duration.minutes(15)));
    const failed = new MathExpression({
      expression: `SEARCH('{${NAMESPACE},code} MetricName="failed"', 'Sum', 900)`,
      label: '',
      usingMetrics: {},
      period: Duration.minutes(15),
    });
    new Dashboard(this, 'Dashboard', {
      widgets: [
        [graph('Requests', requests), graph('Errors', errors)],
        [graph('Duration', [duration]), graph('Pictures that were not read, by code', [failed])],
        ...signals.map((signal) => [graph(`Mean ${signal}`, byModel(signal))]),
      ],
    });
  }
}

function signalMetric(model: string, metricName: string, period: Duration): Metric {
  return new Metric({
    namespace: NAMESPACE,
    metricName,
    dimensionsMap: { model },
    statistic: 'Average',
    period,
    label: model,
  });
}
