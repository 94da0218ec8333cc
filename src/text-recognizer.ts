/*
 * What the package `text-recognizer` exports: reading, and what one needs to name its types and errors. Everything else can
 * be imported by its path, `text-recognizer/dist/…`.
 */
export { TextRecognizerError, type ErrorCode } from './errors.ts';
export type { RawImage } from './images/gray-from-pixels.ts';
export type { GrayImage } from './images/gray-image.ts';
export type { ImageInput } from './images/decode-image.ts';
export type { ImageLimits } from './images/image-limits.ts';
export type { ModelManifest } from './models/model-manifest.ts';
export { CharacterPredictor, type CharacterPredictorOptions } from './predictors/character-predictor.ts';
export { LinePredictor, type LinePredictorOptions, type PredictLineOptions } from './predictors/line-predictor.ts';
export { listModels } from './predictors/model-store.ts';
export type { Recognition } from './predictors/recognition.ts';
export type { Alternative } from './text/alternative.ts';
export type { CharacterExtent, ExtentReading, LineRecognition } from './predictors/recognize-line.ts';
