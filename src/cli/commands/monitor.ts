import { Command } from 'commander';
import { drillCommand } from './monitor/drill.ts';
import { exportCommand } from './monitor/export.ts';
import { referenceCommand } from './monitor/reference.ts';

/** `monitor`: what the monitoring compares with, and a rehearsal of its alarms. */
export function monitorCommand(): Command {
  return new Command('monitor')
    .description('make references for monitoring, and test its alarms')
    .addCommand(referenceCommand())
    .addCommand(drillCommand())
    .addCommand(exportCommand());
}
