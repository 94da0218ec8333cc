import { basename, resolve } from 'node:path';
import { Command } from 'commander';
import { requireWritable } from '../../files/explain-write.ts';
import { writeFileAtomic } from '../../files/write-file-atomic.ts';
import { gradeSubmission } from '../../grading/grade-submission.ts';
import { gradescopeResults, type GradescopeResults } from '../../grading/gradescope-results.ts';
import { readLab } from '../../grading/lab.ts';
import { enterLeaderboard, type LeaderboardRow } from '../../grading/leaderboard.ts';
import { formatTable } from '../../report/format-table.ts';
import { dataRootOption, threadsOption } from '../options.ts';

interface GradeFlags {
  readonly lab: string;
  readonly data?: string;
  readonly output?: string;
  readonly leaderboard?: string;
  readonly name?: string;
  readonly dataRoot: string;
  readonly threads?: number;
}

/** `grade SUBMISSION`: runs a lab's checks. */
export function gradeCommand(): Command {
  return new Command('grade')
    .description("run a lab's checks on a submission, here or for Gradescope")
    .argument('<submission>', 'a folder with a model, or with one in model/ or models/NAME/')
    .requiredOption('--lab <lab>', 'the number of a lab of the course, or a file like data/course/lab-1.json')
    .option('--data <name>', 'evaluate on this data set or prefix, which students do not have')
    .option('--output <file>', "write Gradescope's results.json")
    .option('--leaderboard <file>', 'add the submission to a leaderboard file')
    .option('--name <name>', 'with --leaderboard: the name to enter (default: the name of the folder)')
    .addOption(dataRootOption())
    .addOption(threadsOption())
    .action(grade);
}

async function grade(submission: string, { lab, output, leaderboard, name, ...options }: GradeFlags): Promise<void> {
  for (const path of [output, leaderboard]) if (path !== undefined) await requireWritable(path);
  const results = gradescopeResults(await gradeSubmission(submission, await readLab(lab), options));
  for (const line of describe(results)) console.log(line);
  if (output !== undefined) await writeFileAtomic(output, `${JSON.stringify(results, null, 2)}\n`);
  if (leaderboard === undefined) return;
  const rows = await enterLeaderboard(leaderboard, name ?? basename(resolve(submission)), results.leaderboard);
  for (const line of formatTable(rows.map(cells))) console.log(line);
}

function describe({ output, score, tests }: GradescopeResults): string[] {
  const most = tests.reduce((sum, { max_score }) => sum + max_score, 0);
  const lines = tests.map(({ number, name, score, max_score, output }) =>
    [`${number} ${name}: ${score} of ${max_score}`, ...output.split('\n').map((line) => `    ${line}`)].join('\n'),
  );
  return [output, ...lines, `${score} of ${most} points`];
}

function cells({ name, entries }: LeaderboardRow, i: number): string[] {
  return [`${i + 1}.`, name, ...entries.map((entry) => `${entry.name} ${entry.value}`)];
}
