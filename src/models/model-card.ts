import { lineModelCard } from './line-model-card.ts';
import type { CharacterModelManifest, ModelManifest } from './model-manifest.ts';

/** The model card (Mitchell et al. 2019) as Markdown, made from the manifest alone so that it cannot disagree with it. */
export function modelCard(manifest: ModelManifest): string {
  return manifest.kind === 'line' ? lineModelCard(manifest) : characterModelCard(manifest);
}

function characterModelCard(manifest: CharacterModelManifest): string {
  const { name, description, network, classes, stem, parameters, multiplyAccumulates, file, provenance, licence } =
    manifest;
  return `# ${name}

${description}

Generated from \`model.json\`; do not edit.

| | |
|---|---|
| reads | ${classes.length} classes: \`${classes.join('')}\` |
| input | one character, ${stem.height}×${stem.width} pixels, light ink on black; the stem makes it from any image |
| network | ${network.name}, ${(parameters / 1e6).toFixed(3)} M parameters, ${(multiplyAccumulates / 1e6).toFixed(1)} M multiply-accumulates an image |
| file | \`${file.name}\`, ${(file.bytes / 1e6).toFixed(2)} MB, sha256 \`${file.sha256}\` |
| weights' licence | ${licence} |
| trained | ${provenance.date}, with ${Object.entries(provenance.software)
    .map((pair) => pair.join(' '))
    .join(', ')} |

## Measured

${metricsTable(manifest.metrics)}

*Case merged* counts a letter as right in either case; *look-alikes merged* also takes 0 and O, and 1, l and I, as one.
*Calibration error* is the expected difference between confidence and accuracy (15 bins).

## Trained on

${provenance.data.map(({ name: set, items, licence: terms, note }) => `- ${set}: ${items} images, ${terms}${note ? `. ${note}` : ''}`).join('\n')}

\`\`\`json
${JSON.stringify(provenance.recipe, null, 2)}
\`\`\`

## Limits

One character at a time, upright, of the classes above. Handwriting of American census workers and students of the 1990s;
other styles, e.g. a European 1 or 7, are rarer in it. Some pairs (o and O, s and S, 0 and O) cannot be told apart by sight.
Not meant to identify writers, nor to decide about people.
`;
}

function metricsTable(metrics: CharacterModelManifest['metrics']): string {
  const percent = (value: number | undefined) => (value === undefined ? '–' : `${(100 * value).toFixed(2)} %`);
  const rows = Object.entries(metrics).map(
    ([name, m]) =>
      `| ${name} | ${m.count} | ${percent(m.accuracy)} | ${percent(m.accuracyCaseMerged)} | ${percent(m.accuracyLookAlikesMerged)} | ${m.calibrationError?.toFixed(4)} |`,
  );
  return [
    '| data set | images | accuracy | case merged | look-alikes merged | calibration error |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}
