import { LatencyProbe } from './probe-latency.ts';

// Asks for an address from the first byte of its standard input until that ends, and prints the milliseconds of each answer as JSON: a
// process of its own, so that whatever else is measured does not delay it.
const [url, everyMs] = process.argv.slice(2);
process.stdin.once('data', () => {
  const probe = new LatencyProbe(url, Number(everyMs));
  process.stdin.on('end', () => void probe.stop().then((times) => console.log(JSON.stringify(times))));
});
