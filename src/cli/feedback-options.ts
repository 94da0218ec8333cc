import { TextRecognizerError } from '../errors.ts';
import type { ServiceSettings } from '../options/service-options.ts';
import type { FeedbackOptions } from '../server/feedback/feedback.ts';

type Settings = Pick<ServiceSettings, 'feedback' | 'feedbackKeyFile' | 'feedbackDays' | 'feedbackMax'>;

/** Where corrections are kept, if they are taken; throws INVALID_ARGUMENT without a key. */
export function feedbackOptions(options: Settings): FeedbackOptions | undefined {
  const { feedback: folder, feedbackKeyFile: keyFile, feedbackDays: days, feedbackMax } = options;
  if (folder === undefined) return undefined;
  if (keyFile !== undefined) return { folder, keyFile, days, maxBytes: feedbackMax * 2 ** 20 };
  const message = '--feedback needs --feedback-key-file, a file with the key that encrypts: openssl rand -hex 32.';
  throw new TextRecognizerError('INVALID_ARGUMENT', message);
}
