import type { AlarmEvent } from '../../../src/server/monitoring/drift-report.ts';
import { element, make } from '../../src/element.ts';
import { formatValue } from '../../dashboard/src/format.ts';

const HEADINGS = ['Began', 'Ended', 'Model', 'Severity', 'Cause', 'Signals', 'Requests'];

/** Alarms, latest first, each with the ids of the requests that differ most. */
export function showAlarms(alarms: readonly AlarmEvent[]): void {
  element('no-alarms', HTMLParagraphElement).hidden = alarms.length > 0;
  element('alarms-box', HTMLDivElement).hidden = alarms.length === 0;
  const headings = HEADINGS.map((heading) => {
    const cell = make('th', '', heading);
    cell.scope = 'col';
    return cell;
  });
  element('alarms', HTMLTableElement).replaceChildren(
    make('thead', '', make('tr', '', ...headings)),
    make('tbody', '', ...alarms.map(rowOf)),
  );
}

function rowOf({ startsAt, endsAt, state, model, severity, cause, evidence, requestIds }: AlarmEvent): HTMLElement {
  const signals = [...new Set(evidence.map(({ signal }) => signal))];
  const cells = [formatValue(startsAt), endsAt === undefined ? 'not yet' : formatValue(endsAt), model, severity, cause];
  return make(
    'tr',
    '',
    ...cells.map((text) => make('td', state === 'firing' ? 'firing' : '', text)),
    make('td', 'wrapped', signals.join(', ')),
    make('td', 'wrapped', requestIds.join(', ')),
  );
}
