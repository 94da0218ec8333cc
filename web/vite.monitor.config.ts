import { defineConfig } from 'vite';
import { servedPage } from './build/served-page.ts';

/** The dashboard of a running service, at `/monitor/`. */
export default defineConfig(servedPage('monitor', '/v1', 'http://localhost:8000'));
