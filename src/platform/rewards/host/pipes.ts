/** Descriptors, in the process of a reward, of the pipes between its thread and the worker. What is scored goes through them past the process's main thread, which only watches. */
export const itemsPipe = 4;
export const scoresPipe = 5;

/** The line before the items of a run: so many bytes of a list in JSON follow it, then so many of the texts that belong to the list. */
export interface ItemsHead {
  /** Runs of a process are numbered from 1. */
  readonly run: number;
  readonly jsonBytes: number;
  readonly textBytes: number;
}

/** The line before some scores: each is a line of JSON, in the order of the indexes. */
export interface ScoresHead {
  readonly run: number;
  readonly indexes: readonly number[];
  /** With the last scores of the run: how many items there were, -1 where they could not be read. */
  readonly count?: number;
}
