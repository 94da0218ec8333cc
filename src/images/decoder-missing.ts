import type { MissingPackage } from '../files/optional-package.ts';

/** Where the package that decodes a format is missing, as some installations leave it out. */
export const decoderMissing: MissingPackage = {
  code: 'UNSUPPORTED_IMAGE',
  otherwise: ', or save the file as JPEG or PNG.',
};
