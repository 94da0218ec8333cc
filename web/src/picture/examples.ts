import digit from '../../../data/emnist-sample/images/digit-3.png';
import english from '../../../data/line-sample/laid-down-the-necklace.png';
import french from '../../../data/line-sample/blanche-comme-une-statue-de-cire.png';
import { element, make } from '../element.ts';
import { ReadingError } from '../reading/reading.ts';

/** Handwriting of the repository's samples, free to use. */
const EXAMPLES = [
  { label: 'A line in English', url: english },
  { label: 'A line in French', url: french },
  { label: 'A digit', url: digit },
] as const;

/** Offers pictures to try, each read with one tap. */
export function offerExamples(onFile: (file: Blob) => void, onProblem: (error: unknown) => void): void {
  const buttons = EXAMPLES.map(({ label, url }) => {
    const image = make('img', '');
    image.src = url;
    image.alt = label;
    const button = make('button', '', image);
    button.type = 'button';
    button.addEventListener('click', () => void take(url).then(onFile, onProblem));
    return button;
  });
  element('examples', HTMLElement).append(...buttons);
}

async function take(url: string): Promise<Blob> {
  const response = await fetch(url).catch(() => undefined);
  if (!response?.ok) throw new ReadingError('The example could not be loaded. Try again when you are online.');
  return await response.blob();
}
