import { escapeXml } from '../text/escape-xml.ts';

/** An element that `writeXml` writes; attributes and children that are undefined are left out. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number | undefined>>;
  /** Elements, or one text. */
  readonly content: string | readonly (XmlElement | undefined)[];
}

export function xmlElement(
  name: string,
  attributes: XmlElement['attributes'] = {},
  content: XmlElement['content'] = [],
): XmlElement {
  return { name, attributes, content };
}

/** An XML document: one element a line, text without space around it. */
export function writeXml(root: XmlElement, doctype = ''): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${doctype}${written(root, '')}`;
}

function written({ name, attributes, content }: XmlElement, indent: string): string {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined);
  const open = `${indent}<${name}${given.map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`).join('')}`;
  if (typeof content === 'string') return `${open}>${escapeXml(content)}</${name}>\n`;
  const children = content.filter((child) => child !== undefined);
  if (children.length === 0) return `${open}/>\n`;
  return `${open}>\n${children.map((child) => written(child, `${indent}  `)).join('')}${indent}</${name}>\n`;
}
