import { characterModelCard } from './character-model-card.ts';
import { lineModelCard } from './line-model-card.ts';
import type { ModelCardParts } from './model-card-parts.ts';
import type { ModelManifest } from './model-manifest.ts';
import { pageModelCard } from './page-model-card.ts';

/** The model card (Mitchell et al. 2019) as Markdown, made from the manifest alone so that it cannot disagree with it. */
export function modelCard(manifest: ModelManifest): string {
  const { name, description, network, parameters, file, provenance, licence, metrics, digest } = manifest;
  const parts = partsOf(manifest);
  return `# ${name}

${description}

Generated from \`model.json\`; do not edit.

| | |
|---|---|
| reads | ${parts.reads} |
| input | ${parts.input} |
| network | ${network.name}, ${(parameters / 1e6).toFixed(3)} M parameters, ${parts.work} |
| file | \`${file.name}\`, ${(file.bytes / 1e6).toFixed(2)} MB, sha256 \`${file.sha256}\` |
| digest of \`model.json\` | \`${digest}\` |
| weights' licence | ${licence} |
| trained | ${provenance.date}, with ${Object.entries(provenance.software)
    .map((pair) => pair.join(' '))
    .join(', ')} |
${beginning(provenance)}
## Results

${metricsTable(metrics, parts)}

${parts.explanation}

## Training data

${provenance.data.map(({ name: set, items, licence: terms, note }) => `- ${set}: ${items} ${parts.items}, ${terms}${note ? `. ${note}` : ''}`).join('\n')}

\`\`\`json
${JSON.stringify(provenance.recipe, null, 2)}
\`\`\`

## Limits

${parts.limits}
Not meant to identify writers, nor to decide about people.
`;
}

/** The weights that it began with, which bind it, too. */
function beginning({ run }: ModelManifest['provenance']): string {
  if (!run || run.parents.length === 0) return '';
  const rows = run.parents.map(
    ({ weights, sha256, licence }) => `\`${weights}\` (sha256 \`${sha256}\`, licence: ${licence})`,
  );
  return `\nThe training started from ${rows.join(' and ')}.\n`;
}

function metricsTable(metrics: ModelManifest['metrics'], { headings, cells }: ModelCardParts): string {
  const row = (values: readonly (string | number | undefined)[]) => `| ${values.join(' | ')} |`;
  return [
    row(headings),
    `|${headings.map(() => '---|').join('')}`,
    ...Object.entries(metrics).map(([name, figures]) => row([name, ...cells(figures)])),
  ].join('\n');
}

function partsOf(manifest: ModelManifest): ModelCardParts {
  switch (manifest.kind) {
    case 'character':
      return characterModelCard(manifest);
    case 'line':
      return lineModelCard(manifest);
    case 'page':
      return pageModelCard(manifest);
  }
}
