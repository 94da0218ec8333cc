import { type INamespace, Root } from 'protobufjs/light.js';

/** A value of a summary: a number or a PNG under a tag, whose part before a slash groups it. */
export type SummaryValue =
  | { readonly tag: string; readonly simpleValue: number }
  | { readonly tag: string; readonly image: SummaryImage };

export interface SummaryImage {
  readonly height: number;
  readonly width: number;
  /** Channels: 1 gray, 2 gray and alpha, 3 RGB, 4 RGBA. */
  readonly colorspace: number;
  readonly encodedImageString: Uint8Array;
}

/** One record of an event file, with one of the optional fields. */
export interface TensorBoardEvent {
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly step?: number;
  /** Must be `brain.Event:2`, in the first event of a file. */
  readonly fileVersion?: string;
  readonly summary?: { readonly value: readonly SummaryValue[] };
  /** Status 1, START: what earlier files hold of this step and later is out of date. */
  readonly sessionLog?: { readonly status: number };
}

/** What is used of https://github.com/tensorflow/tensorboard/tree/master/tensorboard/compat/proto (event, summary). */
const SCHEMA: INamespace = {
  nested: {
    Event: {
      fields: {
        wallTime: { id: 1, type: 'double' },
        step: { id: 2, type: 'int64' },
        fileVersion: { id: 3, type: 'string' },
        summary: { id: 5, type: 'Summary' },
        sessionLog: { id: 7, type: 'SessionLog' },
      },
    },
    SessionLog: { fields: { status: { id: 1, type: 'int32' } } },
    Summary: {
      fields: { value: { id: 1, type: 'Value', rule: 'repeated' } },
      nested: {
        Value: {
          fields: {
            tag: { id: 1, type: 'string' },
            simpleValue: { id: 2, type: 'float' },
            image: { id: 4, type: 'Image' },
          },
        },
        Image: {
          fields: {
            height: { id: 1, type: 'int32' },
            width: { id: 2, type: 'int32' },
            colorspace: { id: 3, type: 'int32' },
            encodedImageString: { id: 4, type: 'bytes' },
          },
        },
      },
    },
  },
};

/** The message of an event, with the fields that are used. */
export const eventType = Root.fromJSON(SCHEMA).lookupType('Event');

/** An event as Protocol Buffers bytes. */
export function encodeEvent(event: TensorBoardEvent): Uint8Array {
  return eventType.encode(event).finish();
}
