import type { ForeignFrame } from '../../core/formats/foreignFrame';
import type { FrameDecision } from '../../core/formats/frameTally';
import type { ImportedRow, ImportOptions } from '../../core/formats/importedRow';
import type { ImportPreview } from '../../core/formats/importPreview';
import type { ImageSize } from '../../core/geometry/boxFrame';
import type { Problem } from '../../core/problem';
import type { DetectedSource } from './detectSource';
import type { RowPlan } from './finishRow';
import type { ForeignRecord } from './foreignRecord';
import type { NameStart } from './imageName';

/** What a person asks to import, and what they said about it. */
export interface ImportRequest {
  /** File or folder. */
  readonly input: string;
  readonly format?: string;
  readonly split?: string;
  readonly frame?: ForeignFrame;
  /** Absolute path of the folder that image paths start from. */
  readonly imageRoot?: string;
  readonly options: ImportOptions;
}

/** A request that has been looked into. */
export interface ImportPlan {
  readonly request: ImportRequest;
  readonly detected: DetectedSource;
  readonly options: ImportOptions;
  readonly decision: FrameDecision;
  readonly root: NameStart;
  /** Undefined until the frame is known: then the import cannot run. */
  readonly rowPlan: RowPlan | undefined;
  readonly preview: ImportPreview;
  /** Rows to look at: the first few that have boxes and an image of known size. */
  readonly samples: readonly SampledRow[];
}

export interface SampledRow {
  readonly row: ImportedRow;
  readonly size: ImageSize;
}

/** A record's problems with their place: a line where the file has lines, the row in the message where it has none. */
export function problemsOf({ file, line, row, element }: ForeignRecord, faults: readonly { readonly severity: Problem['severity']; readonly rule: string; readonly message: string; readonly remedy: string }[], imported?: ImportedRow): readonly Problem[] {
  return faults.map(({ severity, rule, message, remedy }) => ({
    severity, rule, file, message: row !== undefined ? `Row ${row}: ${message}` : element !== undefined ? `Record ${element}: ${message}` : message, remedy,
    ...(line === undefined ? {} : { line }), ...(imported && imported.qid !== '' ? { qid: imported.qid } : {}),
  }));
}
