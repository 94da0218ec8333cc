/** Where runs can be followed besides their folder. */
export const trackerKinds = ['mlflow', 'wandb'] as const;
export type TrackerKind = (typeof trackerKinds)[number];
