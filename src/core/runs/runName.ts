/** `20261121-101500-cards-mixed`, a run's folder: when it began and what it was called. The folder is there before anything is in it. */
const stamped = /^\d{4}(\d\d)(\d\d)-(\d\d)(\d\d)\d\d-(.+)$/;

/** A name as folders of runs have it: 40 of a–z, 0–9 and hyphens. */
export function runSlug(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40) || 'run';
}

/** What a run was called; `project` as it is written where the folder says no other name. A folder of somebody else's is called as it is. */
export function runName(folderName: string, project?: string): string {
  const called = stamped.exec(folderName)?.[5] ?? folderName;
  return project !== undefined && called === runSlug(project) ? project : called;
}

/** `11-21 10:15`; empty for a folder that does not say. */
export function runTime(folderName: string): string {
  const [, month, day, hour, minute] = stamped.exec(folderName) ?? [];
  return month === undefined ? '' : `${month}-${day} ${hour}:${minute}`;
}
