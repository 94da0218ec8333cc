import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnStage, CorsHttpMethod, HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Alarm, type Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Architecture, Code, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { defaultModels } from '../../../src/models/default-models.ts';
import { readServiceOptions } from '../../../src/options/read-service-options.ts';
import { ReadingMonitor } from './reading-monitor.ts';

export interface TextRecognizerStackProps extends StackProps {
  /** What scripts/build-lambda.ts makes. */
  readonly functionZip: string;
  readonly architecture: 'x64' | 'arm64';
  /** The topic that alarms go to; a new one by default. */
  readonly alarmTopicArn?: string;
  /** What configures the function: the variables `TEXT_RECOGNIZER_*` that docs/serving.md lists for Lambda. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** The function, an HTTP API before it, its log for 30 days, alarms and a dashboard. */
export class TextRecognizerStack extends Stack {
  constructor(scope: Construct, id: string, props: TextRecognizerStackProps) {
    super(scope, id, props);
    const reader = this.#reader(props);
    const api = this.#api(reader, props);
    const topic =
      props.alarmTopicArn === undefined
        ? new Topic(this, 'Alarms')
        : Topic.fromTopicArn(this, 'Alarms', props.alarmTopicArn);
    this.#alarm('Errors', reader.metricErrors({ period: Duration.minutes(5) }), 1, topic);
    this.#alarm('Throttles', reader.metricThrottles({ period: Duration.minutes(5) }), 1, topic);
    this.#alarm('SlowAnswers', reader.metricDuration({ period: Duration.minutes(5), statistic: 'p99' }), 5000, topic);
    this.#alarm('ServerErrors', api.metricServerError({ period: Duration.minutes(5), statistic: 'sum' }), 1, topic);
    this.#monitor(reader, api, topic, props);
    new CfnOutput(this, 'Url', { value: api.apiEndpoint });
  }

  #reader({ functionZip, architecture, variables = {} }: TextRecognizerStackProps): LambdaFunction {
    const logGroup = new LogGroup(this, 'Log', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    return new LambdaFunction(this, 'Reader', {
      description: 'Reads handwriting',
      runtime: Runtime.NODEJS_22_X,
      architecture: architecture === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
      handler: 'app/lambda/handler.handler',
      code: Code.fromAsset(functionZip),
      // One whole processor comes with 1,769 MB.
      memorySize: 1769,
      timeout: Duration.seconds(30),
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      environment: variables,
    });
  }

  /** Passes bodies on as base64 unless they are text, without a setting; a REST API would need binaryMediaTypes. */
  #api(reader: LambdaFunction, { variables = {} }: TextRecognizerStackProps): HttpApi {
    const { corsOrigins = [] } = readServiceOptions(variables, { platform: 'lambda' });
    const cors = {
      allowOrigins: [...corsOrigins],
      allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST],
      allowHeaders: ['authorization', 'content-type', 'x-api-key'],
    };
    const api = new HttpApi(this, 'Api', {
      defaultIntegration: new HttpLambdaIntegration('ToReader', reader),
      corsPreflight: corsOrigins.length > 0 ? cors : undefined,
    });
    const stage = api.defaultStage?.node.defaultChild as CfnStage;
    stage.defaultRouteSettings = { throttlingRateLimit: 50, throttlingBurstLimit: 100 };
    return api;
  }

  /** Watches what is read, unless the function does not count it. */
  #monitor(reader: LambdaFunction, api: HttpApi, topic: ITopic, { variables = {} }: TextRecognizerStackProps): void {
    const { models = [...new Set(Object.values(defaultModels))], monitoring } = readServiceOptions(variables, {
      platform: 'lambda',
    });
    if (!monitoring) return;
    new ReadingMonitor(this, 'Monitor', {
      models,
      topic,
      requests: [api.metricCount({ statistic: 'sum' })],
      errors: [api.metricServerError({ statistic: 'sum' }), api.metricClientError({ statistic: 'sum' })],
      duration: reader.metricDuration({ statistic: 'p99' }),
    });
  }

  #alarm(id: string, metric: Metric, threshold: number, topic: ITopic): void {
    const alarm = new Alarm(this, id, {
      metric,
      threshold,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(topic));
  }
}
