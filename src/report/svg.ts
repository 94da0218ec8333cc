import { escapeXml } from '../text/escape-xml.ts';

export interface SvgAttributes {
  readonly [attribute: string]: string | number;
}

/** An element with numbers rounded to hundredths; `content` is SVG already. */
export function element(name: string, attributes: SvgAttributes, content = ''): string {
  const written = Object.entries(attributes).map(([key, value]) => {
    const text = typeof value === 'number' ? String(Math.round(100 * value) / 100) : escapeXml(value);
    return ` ${key}="${text}"`;
  });
  return content === '' ? `<${name}${written.join('')}/>` : `<${name}${written.join('')}>${content}</${name}>`;
}

/** A text element; `attributes` place and style it. */
export function label(text: string, attributes: SvgAttributes): string {
  return element('text', attributes, escapeXml(text) || ' ');
}

/** Light colours, and dark ones where the reader prefers them (https://www.w3.org/TR/mediaqueries-5/#prefers-color-scheme). */
const STYLE = `
text { font: 12px system-ui, "Segoe UI", Helvetica, Arial, "DejaVu Sans", sans-serif; fill: #1f2328; }
text.title { font-size: 14px; font-weight: 600; }
text.quiet { fill: #59636e; }
.paper { fill: #ffffff; }
.grid { stroke: #d1d9e0; stroke-width: 1; }
.axis { stroke: #59636e; stroke-width: 1; }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc; }
  text.quiet { fill: #9198a1; }
  .paper { fill: #0d1117; }
  .grid { stroke: #3d444d; }
  .axis { stroke: #9198a1; }
}`;

/** A whole SVG file of that size in pixels, with nothing loaded from elsewhere; `style` is more CSS. */
export function svgDocument(width: number, height: number, style: string, content: readonly string[]): string {
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: 'img',
  };
  const parts = [`<style>${STYLE}${style}</style>`, element('rect', { class: 'paper', width, height }), ...content];
  return `${element('svg', attributes, `\n${parts.join('\n')}\n`)}\n`;
}
