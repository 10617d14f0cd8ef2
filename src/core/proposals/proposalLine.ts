import type { Bbox } from '../dataset/sample';
import { isDegenerate } from '../geometry/shapeBox';
import { type JsonObject, numberOf, type Parsed, parseJsonObject, textOf } from '../parsedLine';
import { mostProposals, type Proposal, type ProposalModel, type SampleProposals } from './proposal';

/** A line of `.pebr/proposals/<dataset>.<model>.jsonl`: the first names the model, each other one a sample. */
export type ProposalLine = { readonly kind: 'model'; readonly model: ProposalModel } | { readonly kind: 'sample'; readonly sample: SampleProposals };

export function parseProposalLine(line: string): Parsed<ProposalLine> {
  const { value, fault } = parseJsonObject(line);
  if (!value) return { fault };
  if (value.v !== undefined && value.v !== 1) return { fault: `The line has version ${JSON.stringify(value.v)}; this release reads 1.` };
  if (typeof value.model === 'object' && value.model !== null) {
    const { name, hash } = value.model as JsonObject;
    return typeof name === 'string' && typeof hash === 'string' ? { value: { kind: 'model', model: { name, hash } } } : { fault: '"model" has no "name" or no "hash".' };
  }
  const { qid, image, size } = value;
  if (typeof qid !== 'string' || qid === '') return { fault: 'The line names no "qid".' };
  const [width, height] = Array.isArray(size) ? size.map(numberOf) : [];
  if (typeof image !== 'string' || !(width && width > 0) || !(height && height > 0)) return { fault: 'The line names no "image" with its "size".' };
  if (!Array.isArray(value.proposals)) return { fault: '"proposals" is no list.' };
  const proposals = value.proposals.slice(0, mostProposals).flatMap(proposalOf);
  return { value: { kind: 'sample', sample: { qid, image, size: { width, height }, date: textOf(value.date) ?? '', proposals } } };
}

export function printProposalModel(model: ProposalModel): string {
  return JSON.stringify({ v: 1, model: { name: model.name, hash: model.hash } });
}

export function printSampleProposals({ qid, image, size, date, proposals }: SampleProposals): string {
  return JSON.stringify({ v: 1, qid, image, size: [size.width, size.height], date, proposals: proposals.map(({ label, score, bbox }) => ({ label, score, bbox })) });
}

function proposalOf(entry: unknown): readonly Proposal[] {
  if (typeof entry !== 'object' || entry === null) return [];
  const { label, score, bbox } = entry as JsonObject;
  if (typeof label !== 'string' || !Array.isArray(bbox) || bbox.length !== 4 || !bbox.every(each => numberOf(each) !== undefined) || isDegenerate(bbox as unknown as Bbox)) return [];
  const sure = numberOf(score);
  return [{ label, score: sure === undefined ? null : Math.min(1, Math.max(0, sure)), bbox: bbox as unknown as Bbox }];
}
