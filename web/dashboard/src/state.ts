/** What the user has chosen; kept for this tab, so that a reload shows the same. */
export interface State {
  where: string;
  columns: string[];
  sort: string | undefined;
  descending: boolean;
  /** Ids of runs, in the order in which they were chosen: their colours. */
  selected: string[];
  curves: string[];
  metric: string | undefined;
}

const usual: State = {
  where: '',
  columns: ['network', 'epoch', 'seconds', 'started'],
  sort: undefined,
  descending: true,
  selected: [],
  curves: ['step.loss', 'epoch.valLoss', 'epoch.valAccuracy', 'epoch.valCer'],
  metric: undefined,
};

const KEY = 'runs-dashboard';

export const state: State = { ...usual, ...(JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Partial<State>) };

/** To be called after each change. */
export function keepState(): void {
  sessionStorage.setItem(KEY, JSON.stringify(state));
}

/** The conditions that were typed, with commas between them. */
export function conditions(): string[] {
  return state.where
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '');
}
