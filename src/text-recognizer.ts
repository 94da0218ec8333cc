/*
 * What the package `text-recognizer` exports: reading, and what one needs to name its types and errors. The client of the service, which
 * runs in browsers as well, is `text-recognizer/client`.
 */
export { TextRecognizerError, type ErrorCode } from './errors.ts';
export type { PageFacts } from './formats/page-facts.ts';
export { SearchablePdf, toSearchablePdf, type PdfPage } from './formats/searchable-pdf.ts';
export { toAlto } from './formats/to-alto.ts';
export { toHocr } from './formats/to-hocr.ts';
export { toPageXml } from './formats/to-page-xml.ts';
export type { Point } from './images/affine.ts';
export type { RawImage } from './images/gray-from-pixels.ts';
export type { GrayImage } from './images/gray-image.ts';
export type { ImageInput } from './images/decode-image.ts';
export type { ImageLimits } from './images/image-limits.ts';
export type { CharacterModelManifest, LineModelManifest, ModelManifest } from './models/model-manifest.ts';
export { CharacterPredictor, type CharacterPredictorOptions } from './reading/character-predictor.ts';
export { LinePredictor, type LinePredictorOptions } from './reading/line-predictor.ts';
export { listModels, readModel, type StoredModel } from './models/model-store.ts';
export type { LineFinder, PreparedPicture } from './reading/prepare-picture.ts';
export type { Reader, ReaderInput, ReadOptions } from './reading/reader.ts';
export type { CharacterReading, LineReading, Polygon, Reading, ReadingKind, WordReading } from './reading/reading.ts';
export { Recognizer, type RecognizeOptions, type RecognizerOptions } from './reading/recognizer.ts';
export type { WantedLicence } from './models/model-licence.ts';
export type { Device, SessionOptions } from './runtime/session.ts';
export type { Alternative } from './text/alternative.ts';
export type { LineDecoder } from './text/decode-line.ts';
