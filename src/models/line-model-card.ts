import type { LineModelManifest } from './model-manifest.ts';

/** The model card of a line model, made from the manifest alone so that it cannot disagree with it. */
export function lineModelCard(manifest: LineModelManifest): string {
  const { name, description, network, alphabet, stem, parameters, multiplyAccumulates, file, provenance, licence } =
    manifest;
  return `# ${name}

${description}

Generated from \`model.json\`; do not edit.

| | |
|---|---|
| reads | one line of handwriting, ${[...alphabet].length} characters: \`\` ${alphabet} \`\` |
| input | ${stem.height} pixels high, any width up to ${stem.maxWidth}, light ink on black; the stem makes it from any image |
| network | ${network.name}, ${(parameters / 1e6).toFixed(3)} M parameters, ${(multiplyAccumulates / 1e6).toFixed(0)} M multiply-accumulates for 1,024 pixels |
| file | \`${file.name}\`, ${(file.bytes / 1e6).toFixed(2)} MB, sha256 \`${file.sha256}\` |
| weights' licence | ${licence} |
| trained | ${provenance.date}, with ${Object.entries(provenance.software)
    .map((pair) => pair.join(' '))
    .join(', ')} |

## Measured

${metricsTable(manifest.metrics)}

*CER* and *WER* are all edits over all characters or words. *Line accuracy* is the mean over lines of 1 − edits / length.
*Calibration error* is the expected difference between a character's or word's confidence and its accuracy (15 bins).
Texts are compared in the characters above; typographic quotes and dashes count as the plain ones.

## Trained on

${provenance.data.map(({ name: set, items, licence: terms, note }) => `- ${set}: ${items} lines, ${terms}${note ? `. ${note}` : ''}`).join('\n')}

\`\`\`json
${JSON.stringify(provenance.recipe, null, 2)}
\`\`\`

## Limits

One line at a time, in Latin letters, of English or French; other languages as far as the characters reach. Pages are cut into
lines before. Hands and times unlike those of the data above are read worse.
Not meant to identify writers, nor to decide about people.
`;
}

function metricsTable(metrics: LineModelManifest['metrics']): string {
  const percent = (value: number | undefined) => (value === undefined ? '–' : `${(100 * value).toFixed(2)} %`);
  const rows = Object.entries(metrics).map(
    ([name, m]) =>
      `| ${name} | ${m.lines} | ${percent(m.cer)} | ${percent(m.wer)} | ${percent(m.lineAccuracy)} | ${percent(m.exact)} | ${m.characterCalibrationError?.toFixed(3)} / ${m.wordCalibrationError?.toFixed(3)} |`,
  );
  return [
    '| data set, decoder | lines | CER | WER | line accuracy | without error | calibration error |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}
