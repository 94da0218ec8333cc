import { element } from '../element.ts';
import { ReadingError } from '../reading/reading.ts';
import { hasCamera, takePhotograph } from './viewfinder.ts';

/** Takes pictures that are chosen, photographed, pasted or dropped on the page. */
export function takePictures(onFile: (file: Blob) => void, onProblem: (error: unknown) => void): void {
  const take = (file: Blob | undefined) => {
    if (file) onFile(file);
    else onProblem(new ReadingError('No picture was found; use a PNG or JPEG file.'));
  };
  chooseWith(element('upload', HTMLButtonElement), element('file', HTMLInputElement), onFile);
  offerCamera(onFile, onProblem);
  offerPaste(take, onProblem);
  takeDrops(take);
  document.addEventListener('paste', (event) => {
    const file = pictureIn(event.clipboardData);
    if (file) onFile(file);
  });
}

function chooseWith(button: HTMLButtonElement, input: HTMLInputElement, onFile: (file: Blob) => void): void {
  button.addEventListener('click', () => input.click());
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file) onFile(file);
    // So that the same file can be chosen again.
    input.value = '';
  });
}

/** On a phone, a file input opens the camera's own app; elsewhere it would open the file chooser once more. */
function offerCamera(onFile: (file: Blob) => void, onProblem: (error: unknown) => void): void {
  const button = element('photograph', HTMLButtonElement);
  if (matchMedia('(pointer: coarse)').matches) {
    button.hidden = false;
    return chooseWith(button, element('camera', HTMLInputElement), onFile);
  }
  void hasCamera().then((found) => (button.hidden = !found));
  button.addEventListener('click', () => {
    takePhotograph().then((file) => file && onFile(file), onProblem);
  });
}

/** Ctrl+V always pastes; the button is for those without a keyboard, where the browser lets a page read. */
function offerPaste(take: (file: Blob | undefined) => void, onProblem: (error: unknown) => void): void {
  const button = element('paste', HTMLButtonElement);
  button.hidden = typeof navigator.clipboard?.read !== 'function';
  button.addEventListener('click', () => {
    readClipboard().then(take, () => onProblem(new ReadingError('The browser did not allow pasting; use Ctrl+V.')));
  });
}

async function readClipboard(): Promise<Blob | undefined> {
  for (const item of await navigator.clipboard.read()) {
    const type = item.types.find((type) => type.startsWith('image/'));
    if (type) return await item.getType(type);
  }
  return undefined;
}

function takeDrops(take: (file: Blob | undefined) => void): void {
  const curtain = element('drop-here', HTMLElement);
  const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
  document.addEventListener('dragover', (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    curtain.hidden = false;
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) curtain.hidden = true;
  });
  document.addEventListener('drop', (event) => {
    curtain.hidden = true;
    if (!holdsFiles(event)) return;
    event.preventDefault();
    take(pictureIn(event.dataTransfer));
  });
}

function pictureIn(transfer: DataTransfer | null): File | undefined {
  return Array.from(transfer?.files ?? []).find(({ type }) => type.startsWith('image/'));
}
