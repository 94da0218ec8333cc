import { basename } from 'node:path';
import { type PageFile, readWrittenPage } from '../../datasets/sources/pages/page-set.ts';
import type { Glyphs } from '../../datasets/synthesis/pages/page-sampler.ts';
import { pageServingGraph, pageServingWork } from '../../models/page-serving-graph.ts';
import { TextRecognizerError } from '../../errors.ts';
import type { Network } from '../../networks/network.ts';
import { pageLoss } from './page-loss.ts';
import { pageStep, pageStride } from '../../networks/page-network.ts';
import type { PageFinder } from '../../reading/find-lines.ts';
import type { GraphRunner } from '../../runtime/tensor.ts';
import type { Session } from '../../runtime/session.ts';
import type { Monitor } from '../../training/callbacks/monitor.ts';
import type { Learner } from '../task.ts';
import { findingRates, type LineMatches } from './match-lines.ts';
import { pageViews } from './page-views.ts';
import { byCollection, evaluatePages, matchPage, type PageEvaluation } from './evaluate-pages.ts';

/** The data and settings of a page network's training. */
export interface PageLearning {
  readonly train: readonly PageFile[];
  readonly maxSide: number;
  readonly trainedOn: Learner<PageCalibration, PageEvaluation>['trainedOn'];
  /** Kept aside to choose and calibrate by. */
  readonly held: readonly PageFile[];
  readonly tests: readonly PageFile[];
  readonly glyphs: Glyphs | undefined;
  readonly seed: number;
  readonly stepsPerEpoch: number;
  readonly batchSize: number;
  readonly size: number;
  readonly sheets: number;
}

/** What is fitted to held-out pages. */
export interface PageCalibration {
  readonly threshold: number;
}

/** The best epoch finds the most lines of the pages kept aside. */
export const pageMonitor: Monitor = { metric: 'valF1', mode: 'max' };

/** Pixels of a picture that the network is shown: a page of 720 × 960. */
const pixels = 960 * 720;
const thresholds = [0.15, 0.2, 0.25, 0.3, 0.4, 0.5];

/** A network that learns to find lines; what is calibrated is the probability from which on it is believed. */
export function pageLearner(network: Network, learning: PageLearning): Learner<PageCalibration, PageEvaluation> {
  const { train, maxSide, trainedOn, held, tests, glyphs, seed, stepsPerEpoch, batchSize, size, sheets } = learning;
  const stem = { name: 'page' as const, pixels, step: pageStep, stride: pageStride };
  const finder = (session: Session, threshold: number): PageFinder => ({ session, manifest: { stem, threshold } });
  return {
    network,
    monitor: pageMonitor,
    trainedOn,
    identity: {
      network: { name: network.name, config: network.config },
      pages: train.map(({ picture }) => basename(picture)),
      maxSide,
      characters: glyphs?.count,
      stepsPerEpoch,
      batchSize,
      size,
      sheets,
    },
    loss: () => pageLoss(network, batchSize, size),
    batches: ({ share }) => {
      if (share) {
        throw new TextRecognizerError(
          'INVALID_ARGUMENT',
          'Page networks are trained by one process: leave out --replicas.',
        );
      }
      return pageViews(train, glyphs, { maxSide, size, sheets, batchSize, stepsPerEpoch, seed });
    },
    servingGraph: (weights) => pageServingGraph(network, weights),
    async validate(session) {
      const { precision, recall, f1 } = await evaluatePages(finder(session, 0.2), held);
      return { valPrecision: precision, valRecall: recall, valF1: f1 };
    },
    calibrate: (session) => fitThreshold(finder(session, 0), held),
    async evaluate(session, { threshold }) {
      const evaluations: Record<string, PageEvaluation> = {};
      for (const [part, files] of [['kept aside', held] as const, ['test', tests] as const]) {
        for (const [collection, own] of byCollection(files)) {
          evaluations[`${collection}, ${part}`] = await evaluatePages(finder(session, threshold), own);
        }
      }
      return evaluations;
    },
    calibratedGraph: (weights, _, name) => pageServingGraph(network, weights, { name }),
    figures: ({ pages, lines, precision, recall, f1 }) => ({ pages, lines, precision, recall, f1 }),
    manifest: (weights, { threshold }) => ({
      kind: 'page',
      stem,
      threshold,
      multiplyAccumulates: pageServingWork(network, weights),
    }),
    report: async () => {},
  };
}

/** The threshold with the highest F1, the lower of equals. */
async function fitThreshold({ session, manifest }: PageFinder, held: readonly PageFile[]): Promise<PageCalibration> {
  const matches = thresholds.map((): LineMatches[] => []);
  for (const file of held) {
    const page = await readWrittenPage(file);
    const remembering = remember(session);
    for (const [i, threshold] of thresholds.entries()) {
      matches[i].push(await matchPage({ session: remembering, manifest: { ...manifest, threshold } }, page));
    }
  }
  const rates = matches.map((ofThreshold) => findingRates(ofThreshold).f1);
  return { threshold: thresholds[rates.indexOf(Math.max(...rates))] };
}

/** Runs a network once for each size of its picture. */
function remember(session: GraphRunner): GraphRunner {
  const answers = new Map<string, ReturnType<GraphRunner['run']>>();
  return {
    run(inputs) {
      const key = inputs.images.shape.join();
      const answer = answers.get(key) ?? session.run(inputs);
      answers.set(key, answer);
      return answer;
    },
  };
}
