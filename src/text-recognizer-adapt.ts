/*
 * What the package `text-recognizer/adapt` exports: learning a hand. It brings what trains, which reading does without; the files that it
 * makes are read by `text-recognizer`.
 */
export { type Adapter, type AdapterAbout, combineAdapters, decodeAdapter, encodeAdapter } from './models/adapter.ts';
export { withAdapter } from './models/apply-adapter.ts';
export type { LineDataset } from './datasets/lines/line-dataset.ts';
export { adaptLineModel, type AdaptOptions } from './tasks/line/adapt/adapt-line-model.ts';
export { bundledOthers } from './tasks/line/adapt/bundled-lines.ts';
export { openOwnLines, openUnlabelledLines, type OwnLinesOptions } from './tasks/line/adapt/open-own-lines.ts';
