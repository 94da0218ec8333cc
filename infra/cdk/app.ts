import { App } from 'aws-cdk-lib';
import { lambdaVariables } from '../../src/options/lambda-variables.ts';
import { TextRecognizerStack } from './lib/text-recognizer-stack.ts';

const app = new App();
const context = (name: string): string | undefined => app.node.tryGetContext(name) as string | undefined;

new TextRecognizerStack(app, 'TextRecognizer', {
  description: 'Reads handwriting: a function behind an HTTP API.',
  functionZip: context('functionZip') ?? '../dist/function.zip',
  architecture: context('arch') === 'arm64' ? 'arm64' : 'x64',
  alarmTopicArn: context('alarmTopicArn'),
  variables: lambdaVariables(process.env),
});
