import { element } from '../element.ts';
import { contextOf } from '../reading/gray-picture.ts';
import { ReadingError } from '../reading/reading.ts';

/** Whether a camera can be asked for; browsers give none on plain http. */
export async function hasCamera(): Promise<boolean> {
  const devices = await navigator.mediaDevices?.enumerateDevices().catch(() => []);
  return devices?.some(({ kind }) => kind === 'videoinput') ?? false;
}

/** Shows what the camera sees until a picture is taken that pleases; undefined if the person cancels. Throws a ReadingError. */
export async function takePhotograph(): Promise<Blob | undefined> {
  const dialog = element('viewfinder', HTMLDialogElement);
  const video = element('viewfinder-video', HTMLVideoElement);
  const shutter = element('shutter', HTMLButtonElement);
  const stream = await openCamera();
  const closed = new AbortController();
  const { signal } = closed;
  try {
    dialog.returnValue = 'cancel';
    shutter.disabled = true;
    showTaken(false);
    video.srcObject = stream;
    video.addEventListener('loadeddata', () => (shutter.disabled = false), { once: true, signal });
    // A video that pauses shows the picture that was taken.
    shutter.addEventListener('click', () => (video.pause(), showTaken(true)), { signal });
    element('retake', HTMLButtonElement).addEventListener('click', () => (void video.play(), showTaken(false)), {
      signal,
    });
    dialog.showModal();
    await new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }));
    return dialog.returnValue === 'use' ? await frameOf(video) : undefined;
  } finally {
    closed.abort();
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}

/** Offers to use or to retake a picture once it is taken; until then, lines show how to hold the camera. */
function showTaken(isTaken: boolean): void {
  for (const id of ['retake', 'use-photograph']) element(id, HTMLButtonElement).hidden = !isTaken;
  element('shutter', HTMLButtonElement).hidden = isTaken;
  element('viewfinder-guide', HTMLElement).hidden = isTaken;
}

async function openCamera(): Promise<MediaStream> {
  const video = { facingMode: 'environment', width: { ideal: 4096 }, height: { ideal: 3072 } };
  return await navigator.mediaDevices.getUserMedia({ video }).catch(() => {
    throw new ReadingError('No camera is available. Allow it in the address bar, or upload a photograph.');
  });
}

async function frameOf(video: HTMLVideoElement): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  contextOf(canvas).drawImage(video, 0, 0);
  return await new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new ReadingError('The camera returned no picture.'))));
  });
}
