import { type ErrorCode, TextRecognizerError } from '../errors.ts';

/** The error where a package is missing. */
export interface MissingPackage {
  readonly code: ErrorCode;
  /** What else helps, after the command that installs it. */
  readonly otherwise?: string;
}

/** Loads a package that few need, and that may be missing; throws PACKAGE_MISSING, or the given code, with what needs it. */
export async function optionalPackage<Module>(
  use: string,
  name: string,
  load: () => Promise<Module>,
  { code, otherwise = '' }: MissingPackage = { code: 'PACKAGE_MISSING' },
): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    const message = `${use} need a package that is not installed: npm install ${name}${otherwise}`;
    throw new TextRecognizerError(code, message, { cause });
  }
}
