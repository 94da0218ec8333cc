import { element } from '../element.ts';
import { contextOf } from '../reading/gray-picture.ts';
import { ReadingError } from '../reading/reading.ts';

/** Whether a camera can be asked for; browsers give none on plain http. */
export async function hasCamera(): Promise<boolean> {
  const devices = await navigator.mediaDevices?.enumerateDevices().catch(() => []);
  return devices?.some(({ kind }) => kind === 'videoinput') ?? false;
}

/** Shows what the camera sees until a picture is taken; undefined if the person cancels. Throws a ReadingError. */
export async function takePhotograph(): Promise<Blob | undefined> {
  const dialog = element('viewfinder', HTMLDialogElement);
  const video = element('viewfinder-video', HTMLVideoElement);
  const shutter = element('shutter', HTMLButtonElement);
  const stream = await openCamera();
  try {
    dialog.returnValue = 'cancel';
    shutter.disabled = true;
    video.srcObject = stream;
    video.addEventListener('loadeddata', () => (shutter.disabled = false), { once: true });
    dialog.showModal();
    await new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }));
    return dialog.returnValue === 'take' ? await frameOf(video) : undefined;
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}

async function openCamera(): Promise<MediaStream> {
  const video = { facingMode: 'environment', width: { ideal: 1920 }, height: { ideal: 1080 } };
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
