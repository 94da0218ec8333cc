import { TextRecognizerError } from '../errors.ts';

/** Loads a package that few need, and that is not installed with this one; throws PACKAGE_MISSING, which says what needs it. */
export async function optionalPackage<Module>(use: string, name: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    const message = `${use} need a package that is not installed: npm install ${name}`;
    throw new TextRecognizerError('PACKAGE_MISSING', message, { cause });
  }
}
