import { readFile } from 'node:fs/promises';
import { memoryPages, validateXML } from 'xmllint-wasm';

const schema = (name: string) => readFile(new URL(`schemas/${name}`, import.meta.url), 'utf8');

/** What libxml says against a document that should be of a schema in `schemas`; nothing where it is valid. */
export async function validateXml(xml: string, name: 'alto-4-4.xsd' | 'page-2019-07-15.xsd'): Promise<string[]> {
  const xlink = { fileName: 'xlink.xsd', contents: await schema('xlink.xsd') };
  // The schema of ALTO names that of XLink by its address.
  const contents = (await schema(name)).replace(/schemaLocation="[^"]*xlink\.xsd"/u, 'schemaLocation="xlink.xsd"');
  const { errors } = await validateXML({
    xml,
    schema: { fileName: name, contents },
    preload: xlink,
    initialMemoryPages: 32 * memoryPages.MiB,
    maxMemoryPages: 256 * memoryPages.MiB,
  });
  return errors.map(({ rawMessage }) => rawMessage);
}
