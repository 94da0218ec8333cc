import { LatencyProbe } from './probe-latency.ts';

// Asks for an address until its standard input ends, and prints the milliseconds of each answer as JSON: a process of its own, so that
// whatever else is measured does not delay it.
const [url, everyMs] = process.argv.slice(2);
const probe = new LatencyProbe(url, Number(everyMs));
process.stdin.on('end', () => void probe.stop().then((times) => console.log(JSON.stringify(times)))).resume();
