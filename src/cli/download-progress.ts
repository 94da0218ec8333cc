import type { DownloadProgress } from '../files/download-file.ts';
import { formatBytes } from '../images/image-limits.ts';
import { formatDuration } from '../report/format-figure.ts';

/** Shows a download on stderr: one line that is redrawn on a terminal, otherwise one line for every tenth. */
export function downloadProgress(stream: NodeJS.WriteStream = process.stderr): (progress: DownloadProgress) => void {
  let shownTenth = -1;
  return ({ url, bytes, totalBytes, bytesPerSecond, secondsLeft }) => {
    const tenth = Math.floor((10 * bytes) / totalBytes);
    if (!stream.isTTY && tenth === shownTenth) return;
    shownTenth = tenth;
    const name = url.slice(url.lastIndexOf('/') + 1);
    const rate = `${formatBytes(bytesPerSecond)}/s, ${formatDuration(secondsLeft)} left`;
    const line = `${name}: ${formatBytes(bytes)} of ${formatBytes(totalBytes)}, ${rate}`;
    stream.write(stream.isTTY ? `\r\x1b[2K${line}${bytes === totalBytes ? '\n' : ''}` : `${line}\n`);
  };
}
