/** A number for people, with at most `digits` significant digits: 0.4123, 812, 12.35, 1.2e-5. */
export function formatFigure(value: number, digits = 4): string {
  const size = Math.abs(value);
  const tiny = size > 0 && size < 1e-3;
  if (!tiny && !(size >= 1e7)) return String(Number(value.toPrecision(Math.max(digits, wholeDigits(size)))));
  return value
    .toExponential(digits - 1)
    .replace(/\.?0+e/, 'e')
    .replace('e+', 'e');
}

function wholeDigits(size: number): number {
  return size >= 1 ? Math.floor(Math.log10(size)) + 1 : 1;
}

/** Seconds for people: 8.1 s, 48 s, 1:23, 2:05:09. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (n: number) => String(n).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${two(whole % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}
