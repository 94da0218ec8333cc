/** A graph: its title, the unit of its axis, and what it shows, each with a legend. */
interface Panel {
  readonly title: string;
  readonly unit: 'reqps' | 's' | 'percentunit' | 'short' | 'bytes';
  readonly queries: Readonly<Record<string, string>>;
}

const quantile = (share: number, metric: string, by = ''): string =>
  `histogram_quantile(${share}, sum by (le${by && `, ${by}`}) (rate(text_recognizer_${metric}_bucket[$__rate_interval])))`;
const rate = (metric: string, by: string, labels = ''): string =>
  `sum by (${by}) (rate(text_recognizer_${metric}${labels}[$__rate_interval]))`;
const mean = (metric: string): string =>
  `${rate(`${metric}_sum`, 'model', '{model=~"$model"}')} / ${rate(`${metric}_count`, 'model', '{model=~"$model"}')}`;
const expected = (bound: string): string =>
  `max by (model) (text_recognizer_expected_error_ratio{model=~"$model", bound="${bound}"})`;

const panels: readonly Panel[] = [
  { title: 'Requests', unit: 'reqps', queries: { '{{status}}': rate('requests_total', 'status') } },
  {
    title: 'Time of a request',
    unit: 's',
    queries: { median: quantile(0.5, 'request_duration_seconds'), p99: quantile(0.99, 'request_duration_seconds') },
  },
  {
    title: 'Time by stage, p99',
    unit: 's',
    queries: { '{{stage}}': quantile(0.99, 'stage_duration_seconds', 'stage') },
  },
  {
    title: 'Waiting images',
    unit: 'short',
    queries: { '{{instance}}': 'text_recognizer_queue_length_images' },
  },
  {
    title: 'Pictures that were not read',
    unit: 'reqps',
    queries: { '{{outcome}}': rate('readings_total', 'outcome', '{outcome!="read"}') },
  },
  {
    title: 'Mean confidence of characters',
    unit: 'percentunit',
    queries: { '{{model}}': mean('reading_confidence_ratio') },
  },
  {
    title: 'Expected character error rate',
    unit: 'percentunit',
    queries: {
      '{{model}}': expected('expected'),
      '{{model}}, low': expected('low'),
      '{{model}}, high': expected('high'),
      '{{model}}, reference': expected('reference'),
    },
  },
  {
    title: 'True and expected errors of corrected readings',
    unit: 'percentunit',
    queries: {
      '{{model}}': `${rate('feedback_edits_total', 'model')} / ${rate('feedback_characters_total', 'model')}`,
      '{{model}}, expected': `${rate('feedback_expected_edits_total', 'model')} / ${rate('feedback_characters_total', 'model')}`,
    },
  },
  {
    title: 'Drift by its threshold (1 alarms)',
    unit: 'percentunit',
    queries: {
      '{{model}} {{signal}}':
        'max by (model, signal) (text_recognizer_drift_value{model=~"$model"} / text_recognizer_drift_threshold)',
    },
  },
  {
    title: 'Alarms',
    unit: 'short',
    queries: {
      '{{model}}: {{cause}} ({{severity}})':
        'max by (model, cause, severity) (text_recognizer_drift_alarm_firing{model=~"$model"})',
    },
  },
  { title: 'Mean sharpness', unit: 'percentunit', queries: { '{{model}}': mean('picture_sharpness_ratio') } },
  {
    title: 'Notifications that wait',
    unit: 'short',
    queries: { '{{channel}}': 'max by (channel) (text_recognizer_alarm_notifications_waiting)' },
  },
];

const datasource = { type: 'prometheus', uid: '${datasource}' };
const [WIDTH, HEIGHT, COLUMNS] = [12, 8, 2];

/** The dashboard as Grafana 10 and later import it. */
export function dashboard() {
  return {
    uid: 'text-recognizer',
    title: 'Text Recognizer',
    schemaVersion: 39,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    templating: {
      list: [
        { name: 'datasource', type: 'datasource', query: 'prometheus' },
        {
          name: 'model',
          type: 'query',
          datasource,
          query: 'label_values(text_recognizer_readings_total, model)',
          includeAll: true,
          multi: true,
          refresh: 2,
        },
      ],
    },
    panels: panels.map(({ title, unit, queries }, i) => ({
      id: i + 1,
      type: 'timeseries',
      title,
      datasource,
      gridPos: { x: (i % COLUMNS) * WIDTH, y: Math.floor(i / COLUMNS) * HEIGHT, w: WIDTH, h: HEIGHT },
      fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
      targets: Object.entries(queries).map(([legendFormat, expr], j) => ({
        refId: String.fromCodePoint(65 + j),
        datasource,
        expr,
        legendFormat,
      })),
    })),
  };
}
