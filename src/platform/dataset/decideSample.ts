import { type Curation, type CurationChange, untouched } from '../../core/curation/curation';
import { decidedFrom } from '../../core/curation/fromRollout';
import { curationFile, readCuration, saveCuration } from './curationFile';

let last: Promise<unknown> = Promise.resolve();

/**
 * Decides something about one sample outside the dataset editor, because of a rollout: writes its line of the curation file at once. An open editor follows the
 * file. Two decisions never overlap. Throws `file.unwritable`.
 */
export function decideSample(datasetFile: string, qid: string, change: CurationChange, rollout: string, date: string): Promise<Curation> {
  const done = last.then(async () => {
    const file = curationFile(datasetFile);
    const curation = (await readCuration(file)).records.get(qid) ?? untouched;
    const decided = decidedFrom(rollout, curation, change);
    if (decided !== curation) await saveCuration(file, new Map([[qid, decided]]), date);
    return decided;
  });
  last = done.catch(() => undefined); // told to the caller
  return done;
}
