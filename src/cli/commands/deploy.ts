import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, Option } from 'commander';
import { TextRecognizerError } from '../../errors.ts';

interface DeployOptions {
  readonly dryRun?: boolean;
  readonly arch: 'x64' | 'arm64';
}

const root = fileURLToPath(new URL('../../../', import.meta.url));
const stack = join(root, 'infra/cdk');

/** `deploy lambda`: builds the function and deploys its stack to AWS. */
export function deployCommand(): Command {
  const lambda = new Command('lambda')
    .description('deploy the API as an AWS Lambda function behind an HTTP API')
    .option('--dry-run', 'build the function and the stack without deploying them')
    .addOption(new Option('--arch <processor>', 'processor of the function').choices(['x64', 'arm64']).default('x64'))
    .action(deployLambda);
  return new Command('deploy').description('deploy the service').addCommand(lambda.exitOverride());
}

function deployLambda({ dryRun, arch }: DeployOptions): void {
  if (!existsSync(join(stack, 'cdk.json'))) {
    throw new TextRecognizerError('FILE_NOT_FOUND', `There is no ${stack}: deploy from a clone of the repository.`);
  }
  if (!dryRun) requireCredentials(process.env, homedir());
  run('node', ['scripts/run.mjs', 'scripts/build-lambda.ts', '--arch', arch], root);
  if (!existsSync(join(stack, 'node_modules')))
    run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], stack);
  run(
    'npx',
    ['--no-install', 'cdk', dryRun ? 'synth' : 'deploy', '--context', `arch=${arch}`, ...(dryRun ? ['--quiet'] : [])],
    stack,
  );
  if (dryRun)
    console.log(`The function is infra/dist/function.zip, the stack infra/cdk/cdk.out; nothing was deployed.`);
}

/** Throws INVALID_ARGUMENT unless there is something that AWS's tools would find credentials in. */
export function requireCredentials(env: NodeJS.ProcessEnv, home: string): void {
  const variables = [
    'AWS_ACCESS_KEY_ID',
    'AWS_PROFILE',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  ];
  if (variables.some((name) => env[name])) return;
  if (['credentials', 'config'].some((name) => existsSync(join(home, '.aws', name)))) return;
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    'There are no AWS credentials: run `aws configure`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE. ' +
      'With --dry-run, everything is built and nothing is deployed.',
  );
}

function run(command: string, args: readonly string[], cwd: string): void {
  console.log(`> ${command} ${args.join(' ')}`);
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status === 0) return;
  throw new TextRecognizerError('INVALID_ARGUMENT', `\`${command} ${args.join(' ')}\` failed in ${cwd}; see above.`);
}
