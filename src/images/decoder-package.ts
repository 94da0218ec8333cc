import { TextRecognizerError } from '../errors.ts';

/** Loads a package that only some formats need, and some installations leave out; throws UNSUPPORTED_IMAGE where it is missing. */
export async function decoderPackage<Module>(
  format: string,
  name: string,
  load: () => Promise<Module>,
): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    const message = `${format} files are read with the package ${name}, which is not here. Install it, or save the file as JPEG or PNG.`;
    throw new TextRecognizerError('UNSUPPORTED_IMAGE', message, { cause });
  }
}
