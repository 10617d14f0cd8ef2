import { LongNumber } from '../dataset/longNumber';
import type { ExportFault } from './checkSample';
import type { JsonObject } from '../parsedLine';

/** Follows the types of fields that become columns: Arrow, which every trainer's loader stands on, refuses a column of two types. */
export class ExtraTypes {
  private readonly first = new Map<string, { readonly type: string; readonly line: number }>();

  check(extra: JsonObject, line: number): readonly ExportFault[] {
    const faults: ExportFault[] = [];
    for (const [key, value] of Object.entries(extra)) {
      if (value === null) continue;
      const type = Array.isArray(value) ? 'list' : typeof value === 'string' ? 'text' : value instanceof LongNumber ? 'number' : typeof value;
      const first = this.first.get(key);
      if (!first) this.first.set(key, { type, line });
      else if (first.type !== type) {
        faults.push({
          severity: 'error', rule: 'export/mixed-types', message: `The field "${key}" is a ${type} here and a ${first.type} on line ${first.line}; the loader refuses a column of two types.`,
          remedy: 'Write the field alike in all rows.',
        });
      }
    }
    return faults;
  }
}
