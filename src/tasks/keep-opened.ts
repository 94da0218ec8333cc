/** `open` that opens each data set once, however many stages and names ask for it. */
export function keepOpened<Opened>(open: (name: string) => Promise<Opened>): (name: string) => Promise<Opened> {
  const opened = new Map<string, Promise<Opened>>();
  return (name) => {
    const before = opened.get(name);
    if (before) return before;
    const opening = open(name);
    opened.set(name, opening);
    return opening;
  };
}
