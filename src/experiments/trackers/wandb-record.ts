import { type INamespace, Root } from 'protobufjs/light.js';

/** A value by its key, as JSON. */
export interface WandbItem {
  readonly key?: string;
  /** The path of a value in an object. */
  readonly nestedKey?: readonly string[];
  readonly valueJson: string;
}

export interface WandbTimestamp {
  readonly seconds: number;
  readonly nanos: number;
}

/** One record of a `.wandb` file: `num` from 1, and one of the other fields. */
export interface WandbRecord {
  readonly num: number;
  readonly header?: { readonly versionInfo: { readonly producer: string; readonly minConsumer: string } };
  readonly run?: {
    readonly runId: string;
    readonly project?: string;
    readonly config: { readonly update: readonly WandbItem[] };
    readonly runGroup?: string;
    readonly displayName: string;
    readonly tags?: readonly string[];
    readonly startTime: WandbTimestamp;
    readonly git?: { readonly commit: string };
  };
  readonly metric?: {
    readonly globName: string;
    readonly stepMetric: string;
    readonly options: { readonly stepSync: boolean };
  };
  readonly history?: { readonly item: readonly WandbItem[]; readonly step: { readonly num: number } };
  readonly summary?: { readonly update: readonly WandbItem[] };
  readonly files?: {
    readonly files: readonly { readonly path: string; readonly policy: number; readonly type: number }[];
  };
  readonly exit?: { readonly exitCode: number; readonly runtime: number };
}

const text = (id: number) => ({ id, type: 'string' });
const list = (id: number, type: string) => ({ id, type, rule: 'repeated' as const });
const item = { fields: { key: text(1), nestedKey: list(2, 'string'), valueJson: text(16) } };

/** What is used of https://github.com/wandb/wandb/blob/main/wandb/proto/wandb_internal.proto. */
const SCHEMA: INamespace = {
  nested: {
    Record: {
      fields: {
        num: { id: 1, type: 'int64' },
        history: { id: 2, type: 'History' },
        summary: { id: 3, type: 'Update' },
        files: { id: 6, type: 'Files' },
        metric: { id: 12, type: 'Metric' },
        run: { id: 17, type: 'Run' },
        exit: { id: 18, type: 'Exit' },
        header: { id: 21, type: 'Header' },
      },
    },
    Item: item,
    Update: { fields: { update: list(1, 'Item') } },
    Timestamp: { fields: { seconds: { id: 1, type: 'int64' }, nanos: { id: 2, type: 'int32' } } },
    History: { fields: { item: list(1, 'Item'), step: { id: 2, type: 'Step' } } },
    Step: { fields: { num: { id: 1, type: 'int64' } } },
    Files: { fields: { files: list(1, 'File') } },
    File: { fields: { path: text(1), policy: { id: 2, type: 'int32' }, type: { id: 3, type: 'int32' } } },
    Metric: { fields: { globName: text(2), stepMetric: text(4), options: { id: 6, type: 'MetricOptions' } } },
    MetricOptions: { fields: { stepSync: { id: 1, type: 'bool' } } },
    Run: {
      fields: {
        runId: text(1),
        project: text(3),
        config: { id: 4, type: 'Update' },
        runGroup: text(6),
        displayName: text(8),
        tags: list(10, 'string'),
        startTime: { id: 17, type: 'Timestamp' },
        git: { id: 21, type: 'Git' },
      },
    },
    Git: { fields: { commit: text(2) } },
    Exit: { fields: { exitCode: { id: 1, type: 'int32' }, runtime: { id: 2, type: 'int32' } } },
    Header: { fields: { versionInfo: { id: 1, type: 'Version' } } },
    Version: { fields: { producer: text(1), minConsumer: text(2) } },
  },
};

const recordType = Root.fromJSON(SCHEMA).lookupType('Record');

/** A record as Protocol Buffers bytes. */
export function encodeWandbRecord(record: WandbRecord): Uint8Array {
  return recordType.encode(record).finish();
}
