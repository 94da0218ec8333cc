import { App } from './app.ts';
import { registerServiceWorker } from './offline/register-service-worker.ts';

const app = new App();
await app.start();
await registerServiceWorker();
