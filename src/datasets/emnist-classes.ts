/** The 62 classes of EMNIST ByClass in label order: digits, capitals, small letters (Cohen et al. 2017, arXiv:1702.05373). */
export const EMNIST_CLASSES: readonly string[] = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'];
