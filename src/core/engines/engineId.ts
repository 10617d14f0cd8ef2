/** What trains: our trainer alone (`trl`), the same on several machines (`ray`), or an engine of its own that is given files and a command. */
export const engineIds = ['trl', 'ray', 'easyr1', 'verl'] as const;
export type EngineId = (typeof engineIds)[number];

/** Engines whose console is not our trainer's and has to be read. */
export type ForeignEngine = Extract<EngineId, 'easyr1' | 'verl'>;

export function isEngineId(text: string): text is EngineId {
  return engineIds.some(id => id === text);
}
