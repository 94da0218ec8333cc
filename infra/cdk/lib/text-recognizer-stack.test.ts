import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import type { Reading } from '../../../src/reading/reading.ts';
import { embeddedMetrics } from '../../../src/server/monitoring/embedded-metrics.ts';
import { TextRecognizerStack, type TextRecognizerStackProps } from './text-recognizer-stack.ts';

const functionZip = join(mkdtempSync(join(tmpdir(), 'function-')), 'function.zip');
writeFileSync(functionZip, 'PK');

function synthesise(props: Partial<TextRecognizerStackProps> = {}): Template {
  return Template.fromStack(new TextRecognizerStack(new App(), 'Test', { functionZip, architecture: 'x64', ...props }));
}

test('the function, its log and the API before it', () => {
  const template = synthesise();
  template.hasResourceProperties('AWS::Lambda::Function', {
    Handler: 'app/lambda/handler.handler',
    Runtime: 'nodejs22.x',
    Architectures: ['x86_64'],
    MemorySize: 1769,
    Timeout: 30,
    LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: Match.stringLikeRegexp('^Log') } },
  });
  template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
  template.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: '$default' });
  template.hasResourceProperties('AWS::ApiGatewayV2::Integration', { PayloadFormatVersion: '2.0' });
  template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
    DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
  });
  template.hasOutput('Url', {});
});

test('the function may write its log, and nothing else', () => {
  const policies = synthesise().findResources('AWS::IAM::Role');
  const managed = Object.values(policies).flatMap(({ Properties }) => Properties.ManagedPolicyArns);
  expect(JSON.stringify(managed)).toContain('AWSLambdaBasicExecutionRole');
  expect(managed).toHaveLength(1);
  synthesise().resourceCountIs('AWS::IAM::Policy', 0);
});

test('alarms go to a topic of its own, or to one that exists', () => {
  const variables = { TEXT_RECOGNIZER_MONITORING: 'no' };
  const own = synthesise({ variables });
  own.resourceCountIs('AWS::SNS::Topic', 1);
  own.resourceCountIs('AWS::CloudWatch::Alarm', 4);
  own.allResourcesProperties('AWS::CloudWatch::Alarm', {
    AlarmActions: [{ Ref: Match.stringLikeRegexp('^Alarms') }],
    TreatMissingData: 'notBreaching',
  });
  const alarmTopicArn = 'arn:aws:sns:eu-central-1:123456789012:on-call';
  const other = synthesise({ alarmTopicArn, variables });
  other.resourceCountIs('AWS::SNS::Topic', 0);
  other.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [alarmTopicArn] });
});

test('variables are passed on, and other sites allowed by the API as by the function', () => {
  const variables = {
    TEXT_RECOGNIZER_API_KEY_HASHES: `${'aa'.repeat(32)},${'bb'.repeat(32)}`,
    TEXT_RECOGNIZER_CORS_ORIGINS: 'https://a.example/',
    TEXT_RECOGNIZER_MODELS: 'character-cnn,line-recognizer',
    TEXT_RECOGNIZER_IMAGE_URL: 'yes',
  };
  const template = synthesise({ architecture: 'arm64', variables });
  template.hasResourceProperties('AWS::Lambda::Function', {
    Architectures: ['arm64'],
    Environment: { Variables: variables },
  });
  template.hasResourceProperties('AWS::ApiGatewayV2::Api', {
    CorsConfiguration: { AllowOrigins: ['https://a.example'] },
  });
});

test('a variable without an effect on Lambda is refused', () => {
  expect(() => synthesise({ variables: { TEXT_RECOGNIZER_PORT: '80' } })).toThrow('has no effect on AWS Lambda');
});

test('what models read is watched: an alarm where a mean leaves its band, and a dashboard', () => {
  const template = synthesise({ variables: { TEXT_RECOGNIZER_MODELS: 'line-recognizer' } });
  // Confidence, sharpness, inverted and length, beside the four of the function.
  template.resourceCountIs('AWS::CloudWatch::Alarm', 8);
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmDescription: Match.stringLikeRegexp('line-recognizer reads has changed: confidence'),
    ComparisonOperator: 'LessThanLowerThreshold',
    OKActions: [{ Ref: Match.stringLikeRegexp('^Alarms') }],
    Metrics: Match.arrayWith([
      Match.objectLike({ Expression: 'ANOMALY_DETECTION_BAND(m0, 4)' }),
      Match.objectLike({
        MetricStat: Match.objectLike({
          Metric: {
            Namespace: 'TextRecognizer',
            MetricName: 'confidence',
            Dimensions: [{ Name: 'model', Value: 'line-recognizer' }],
          },
          Period: 3600,
          Stat: 'Average',
        }),
      }),
    ]),
  });
  template.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
});

test('the metrics that are watched are those that the function writes', () => {
  const lines: string[] = [];
  const values = { confidence: 0.9, sharpness: 0.5, inverted: 0, length: 12 };
  const reading = { model: 'line-recognizer', kind: 'line' } as Reading;
  const timing = { queueMs: 0, decodeMs: 1, computeMs: 2, batchSize: 1 };
  const measurement = {
    model: 'line-recognizer',
    kind: 'line',
    values,
    characters: {},
    wordConfidences: [],
    embedding: [],
  } as const;
  embeddedMetrics((line) => lines.push(line)).read({ reading, timing, measurement }, 'id');
  const { _aws: written } = JSON.parse(lines[0]) as {
    _aws: { CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[] };
  };
  const [{ Namespace, Dimensions, Metrics }] = written.CloudWatchMetrics;
  expect([Namespace, Dimensions]).toEqual(['TextRecognizer', [['model']]]);
  expect(Metrics.map(({ Name }) => Name)).toEqual(expect.arrayContaining(Object.keys(values)));
});
