/** Log-odds are mapped to confidences as `sigmoid(scale · logit(confidence) + shift)`. */
export interface ConfidenceScaling {
  readonly scale: number;
  readonly shift: number;
}

const logOddsLimit = 20;

/** The calibrated confidence in [0, 1] for a raw `confidence` in [0, 1]. */
export function scaleConfidence(confidence: number, { scale, shift }: ConfidenceScaling): number {
  return sigmoid(scale * logOdds(confidence) + shift);
}

/** ln(p / (1 − p)), within ±20. */
export function logOdds(confidence: number): number {
  const odds = Math.log(confidence) - Math.log1p(-confidence);
  return Math.min(logOddsLimit, Math.max(-logOddsLimit, odds));
}

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
