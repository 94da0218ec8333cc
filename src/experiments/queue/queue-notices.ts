const SILENT_MS = 30_000;

/** Passes on what goes wrong with a queue, which is tried again: the same at most every half minute. */
export function queueNotices(address: string, onNotice: (message: string) => void): (error: Error) => void {
  const said = new Map<string, number>();
  return ({ message }) => {
    const last = said.get(message) ?? Number.NEGATIVE_INFINITY;
    if (performance.now() - last < SILENT_MS) return;
    said.set(message, performance.now());
    onNotice(`Queue ${address}: ${message || 'no connection'}; trying again.`);
  };
}
