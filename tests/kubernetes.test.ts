import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule';
import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { Service } from 'kubernetes-models/v1/Service';
import { afterAll, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { serviceOptions, variableOf } from '../src/options/service-options.ts';
import { Monitor } from '../src/server/monitoring/monitor.ts';
import { runServer } from '../src/server/testing/run-server.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'infra/kubernetes');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
}

const kustomization = parse(read('infra/kubernetes/kustomization.yaml')) as { resources: string[] };
const manifests = kustomization.resources.flatMap((name) =>
  parseAllDocuments(read(`infra/kubernetes/${name}`)).map((document) => document.toJS() as Manifest),
);

/** What checks a manifest against the schema of Kubernetes 1.3x, or of the Prometheus operator. */
const kinds = { Deployment, Service, PodDisruptionBudget, HorizontalPodAutoscaler, PrometheusRule, ServiceMonitor };
type Kind = keyof typeof kinds;

function validate(manifest: Manifest): void {
  const Model = kinds[manifest.kind as Kind] as new (data: Manifest) => { validate(): void };
  new Model(manifest).validate();
}

test('every file is a resource of the kustomization', () => {
  const files = readdirSync(folder).filter((name) => name !== 'kustomization.yaml');
  expect(kustomization.resources.toSorted()).toEqual(files.toSorted());
});

test.each(manifests.map((manifest) => [manifest.kind, manifest.metadata.name, manifest] as const))(
  '%s %s is valid by its schema',
  (_, __, manifest) => validate(manifest),
);

test('the schemas refuse what is wrong', () => {
  const deployment = manifests.find(({ kind }) => kind === 'Deployment')!;
  expect(() => validate({ ...deployment, spec: { replicas: 'two' } } as Manifest)).toThrow(/replicas|spec/);
});

const deployment = manifests.find(({ kind }) => kind === 'Deployment') as unknown as {
  spec: {
    selector: { matchLabels: object };
    template: {
      metadata: { labels: object };
      spec: {
        terminationGracePeriodSeconds: number;
        containers: [
          {
            ports: { name: string; containerPort: number }[];
            env: { name: string; value?: string }[];
            readinessProbe: { httpGet: { path: string; port: string } };
            livenessProbe: { httpGet: { path: string; port: string } };
            startupProbe: { httpGet: { path: string; port: string } };
          },
        ];
      };
    };
  };
};
const { spec: pod, metadata } = deployment.spec.template;
const [container] = pod.containers;
const server = await runServer();
afterAll(() => server.close());

test('selectors fit the labels of the pods', () => {
  expect(deployment.spec.selector.matchLabels).toEqual(metadata.labels);
  for (const { kind, ...rest } of manifests) {
    const { selector } = (rest as unknown as { spec: { selector?: object & { matchLabels?: object } } }).spec;
    if (kind === 'Service') expect(selector).toEqual(metadata.labels);
    if (kind === 'PodDisruptionBudget') expect(selector?.matchLabels).toEqual(metadata.labels);
  }
});

test('probes ask for what the service answers, variables are options, and there is time to drain', async () => {
  for (const probe of [container.readinessProbe, container.livenessProbe, container.startupProbe]) {
    expect((await fetch(server.url + probe.httpGet.path)).status).toBe(200);
    expect(container.ports.map(({ name }) => name)).toContain(probe.httpGet.port);
  }
  const known: string[] = Object.values(serviceOptions).map(variableOf);
  for (const { name } of container.env) expect(known).toContain(name);
  const portOf = (name: string) => container.ports.find((port) => port.name === name)?.containerPort;
  expect(portOf('http')).toBe(serviceOptions.port.default);
  const metricsPort = container.env.find(({ name }) => name === 'TEXT_RECOGNIZER_METRICS_PORT');
  expect(metricsPort?.value).toBe(String(portOf('metrics')));
  expect(pod.terminationGracePeriodSeconds * 1000).toBeGreaterThan(serviceOptions.drain.default + 5000);
});

test('the autoscaler goes by a metric of the service, and the alarms are those of infra/prometheus', async () => {
  const autoscaler = manifests.find(({ kind }) => kind === 'HorizontalPodAutoscaler') as unknown as {
    spec: { metrics: [{ pods: { metric: { name: string } } }]; scaleTargetRef: { name: string } };
  };
  const monitor = await Monitor.start([], { waiting: () => 0 });
  const names = (await monitor.registry.getMetricsAsJSON()).map(({ name }) => name);
  expect(names).toContain(autoscaler.spec.metrics[0].pods.metric.name);
  await monitor.close();
  const alarms = manifests.find(({ kind }) => kind === 'PrometheusRule') as unknown as { spec: object };
  expect(alarms.spec).toEqual(parse(read('infra/prometheus/rules.yaml')));
});
