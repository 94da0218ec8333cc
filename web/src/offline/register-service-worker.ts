/** Keeps the page for later visits without a network; does nothing where a browser or address does not allow it. */
export async function registerServiceWorker(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  await navigator.serviceWorker.register(new URL('service-worker.js', document.baseURI)).catch((error: unknown) => {
    console.warn('The page cannot be kept for offline use:', error);
  });
}
