/**
 * Keeps ONNX Runtime from reporting its use to Microsoft, which its Linux library does by default since 1.30. It looks at the
 * variable when the first session is made, and in the environment of the process, which only the main thread can change.
 */
export function disableTelemetry(): void {
  process.env.ORT_DISABLE_TELEMETRY ??= '1';
}
