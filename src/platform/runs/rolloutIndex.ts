import { open } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Problem } from '../../core/problem';
import { parseRollout } from '../../core/rollouts/parseRollout';
import type { Rollout } from '../../core/rollouts/rollout';
import { type GroupSummary, markOf, type RolloutMark, summaryOf } from '../../core/rollouts/rolloutGroup';
import { LineTail, type TailLine } from './lineTail';

/** Where the line of one rollout is, in bytes. */
interface Place {
  readonly offset: number;
  readonly length: number;
}

interface OpenGroup {
  readonly head: Pick<GroupSummary, 'group' | 'stage' | 'step' | 'dataset' | 'sampleId' | 'policyStage' | 'mode'>;
  /** By index within the group. */
  readonly marks: (RolloutMark | undefined)[];
  readonly places: (Place | undefined)[];
  /** Made when asked for, void as soon as a rollout comes in. */
  summary: GroupSummary | undefined;
}

const maxProblems = 100;
/** Lines that are parsed before others get their turn: about 10 ms. */
const linesATurn = 400;

/**
 * Index of one `rollouts/<stage>.jsonl`: summaries of its groups in memory, the responses by byte offset on disk. Follows a file that
 * grows; a group that a resumed run writes again replaces the earlier one.
 */
export class RolloutIndex {
  private readonly tail: LineTail;
  private readonly byName = new Map<string, OpenGroup>();
  private faults: Problem[] = [];
  private rows = 0;
  private reading: Promise<boolean> | undefined;

  constructor(readonly file: string) {
    this.tail = new LineTail(file);
  }

  /** Summaries in the order of the file. */
  get groups(): readonly GroupSummary[] {
    return [...this.byName.values()].map(group => (group.summary ??= summaryOf(group.head, group.marks.filter(mark => mark !== undefined))));
  }

  get groupCount(): number {
    return this.byName.size;
  }

  get rolloutCount(): number {
    return this.rows;
  }

  /** Lines that could not be read, the first hundred. */
  get problems(): readonly Problem[] {
    return this.faults;
  }

  /** Whether the file is being read at this moment. */
  get isReading(): boolean {
    return this.reading !== undefined;
  }

  /**
   * Reads what is new and tells whether anything was. `onBatch` is called about once a megabyte, so that a first page can be shown
   * early. While an earlier call still reads, this one waits for that and reads nothing of its own.
   */
  async refresh(onBatch?: () => void): Promise<boolean> {
    this.reading ??= this.readOn(onBatch).finally(() => (this.reading = undefined));
    return this.reading;
  }

  /** The rollouts of one group, in order of their index; empty when there is none of that name. */
  async read(group: string): Promise<readonly Rollout[]> {
    const places = this.byName.get(group)?.places.filter(place => place !== undefined) ?? [];
    return readPlaces(this.file, places);
  }

  /** The line that the file ends in without a line end: it is being written, or its writer was stopped. */
  async unfinished(): Promise<Problem | undefined> {
    const line = await this.tail.rest();
    if (!line || line.text.trim() === '') return undefined;
    return faultAt(this.file, line, parseRollout(line.text).fault ?? 'This line has no line end: it is still being written, or its writer was stopped.');
  }

  private async readOn(onBatch?: () => void): Promise<boolean> {
    let isChanged = false;
    for await (const batch of this.tail.read()) {
      isChanged = true;
      if (batch.isReset) this.clear();
      for (let start = 0; start < batch.lines.length; start += linesATurn) {
        for (const line of batch.lines.slice(start, start + linesATurn)) this.take(line);
        await nextTurn();
      }
      onBatch?.();
    }
    return isChanged;
  }

  private take(line: TailLine): void {
    if (line.text.trim() === '') return;
    const { value, fault } = parseRollout(line.text);
    if (!value) {
      if (this.faults.length < maxProblems) this.faults.push(faultAt(this.file, line, fault));
      return;
    }
    const { group, stage, step, dataset, sampleId, policyStage, mode, index } = value;
    let open = this.byName.get(group);
    if (!open) this.byName.set(group, (open = { head: { group, stage, step, dataset, sampleId, policyStage, mode }, marks: [], places: [], summary: undefined }));
    const at = Number.isInteger(index) && index >= 0 && index < 4096 ? index : open.marks.length;
    if (open.marks[at] === undefined) this.rows++;
    open.marks[at] = markOf(value);
    open.places[at] = { offset: line.offset, length: line.length };
    open.summary = undefined;
  }

  private clear(): void {
    this.byName.clear();
    this.faults = [];
    this.rows = 0;
  }
}

async function readPlaces(file: string, places: readonly Place[]): Promise<readonly Rollout[]> {
  if (places.length === 0) return [];
  const handle = await open(file, 'r');
  try {
    const rollouts: Rollout[] = [];
    for (const { offset, length } of places) {
      const { buffer } = await handle.read(Buffer.alloc(length), 0, length, offset);
      const { value } = parseRollout(buffer.toString('utf8'));
      if (value) rollouts.push(value); // else the file was cut since: the next refresh finds out and starts again
    }
    return rollouts;
  } finally {
    await handle.close();
  }
}

function faultAt(file: string, line: TailLine, message: string): Problem {
  return { severity: 'warning', rule: 'rollout/bad-line', file, line: line.number, message, remedy: 'The other rollouts are shown. Nothing has to be done if the trainer was killed at that moment.' };
}
