import { defineConfig } from 'vite';
import { servedPage } from './build/served-page.ts';

/** The page of the command `dashboard`. */
export default defineConfig(servedPage('dashboard', '/api', 'http://localhost:8100'));
