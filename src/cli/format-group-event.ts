import type { GroupEvent } from '../experiments/scheduler/group-run.ts';
import { formatFigure } from '../report/format-figure.ts';
import type { Monitor } from '../training/callbacks/monitor.ts';

/** An event of a group as a line to read. */
export function formatEvent(event: GroupEvent, { metric }: Monitor): string {
  switch (event.event) {
    case 'started':
      return `${event.run}: started on ${event.device}${event.attempt === 1 ? '' : `, attempt ${event.attempt}`}`;
    case 'epoch': {
      const { loss, [metric]: value } = event.metrics;
      const figures = `loss ${formatFigure(loss)}, ${metric} ${formatFigure(value)}`;
      return `${event.run}: epoch ${event.epoch}/${event.epochs}, ${figures}`;
    }
    case 'finished':
      return `${event.run}: finished${event.value === null ? '' : `, best ${metric} ${formatFigure(event.value)}`}`;
    case 'paused':
      return `${event.run}: paused after epoch ${event.epoch}`;
    case 'copied': {
      const settings = Object.entries(event.settings).map(([field, value]) => `${field} ${value}`);
      return `${event.run}: goes on from ${event.from} after epoch ${event.epoch}, with ${settings.join(', ')}`;
    }
    case 'interrupted':
      return `${event.run}: saved`;
    case 'killed':
      return `${event.run}: its process ended by ${event.how}`;
    case 'failed':
      return `${event.run}: failed: ${event.message}`;
  }
}
