import { readServiceOptions } from '../../options/read-service-options.ts';

/** The health check of the Docker image: ends with 0 when the service in this container, at its configured port, would read an image. */
const { port } = readServiceOptions(process.env);
const response = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
process.exitCode = response?.ok ? 0 : 1;
