/** A value of a run for people: four digits, times to the minute, nothing for what is missing. */
export function formatValue(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number') return formatNumber(value);
  const time = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(String(value)) ? new Date(String(value)) : undefined;
  return time ? time.toLocaleString('en-GB', { dateStyle: 'short', timeStyle: 'short' }) : String(value);
}

function formatNumber(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e7) return String(value);
  return size < 1e-3 || size >= 1e7 ? value.toExponential(2) : String(Number(value.toPrecision(4)));
}
