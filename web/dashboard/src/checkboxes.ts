import { make } from '../../src/element.ts';

/**
 * Fills a fieldset with a checkbox for each name, below headings, and calls `onChange` with the names that are chosen, in the order in which
 * they were. Boxes that are there already stay, so that none loses the focus.
 */
export function checkboxes(
  fieldset: HTMLFieldSetElement,
  groups: Readonly<Record<string, readonly string[]>>,
  chosen: readonly string[],
  onChange: (chosen: string[]) => void,
): void {
  const key = JSON.stringify(groups);
  if (fieldset.dataset.names === key) return;
  fieldset.dataset.names = key;
  let names = [...chosen];
  const boxOf = (name: string): HTMLElement => {
    const box = make('input', '');
    box.type = 'checkbox';
    box.checked = names.includes(name);
    box.addEventListener('change', () => {
      names = names.filter((other) => other !== name);
      if (box.checked) names.push(name);
      onChange([...names]);
    });
    return make('label', '', box, ` ${name}`);
  };
  const parts = Object.entries(groups)
    .filter(([, members]) => members.length > 0)
    .flatMap(([title, members]) =>
      (title === '' ? [] : [make('h3', '', title) as HTMLElement]).concat(members.map(boxOf)),
    );
  fieldset.replaceChildren(fieldset.firstElementChild ?? '', ...parts);
}
