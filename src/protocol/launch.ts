import type { LaunchCheck, LaunchFix } from '../core/launch/launchCheck';
import type { FieldGroup, LaunchChoice } from '../core/launch/launchForm';
import type { PresetId } from '../core/launch/presets';

/** The form as a choice fills it. */
export interface LaunchFormView {
  /** Folder of the project. */
  readonly folder: string;
  readonly project: string;
  /** Seed of `pebr.json`. */
  readonly seed: number;
  readonly presets: readonly { readonly id: PresetId; readonly title: string; readonly detail: string }[];
  readonly groups: readonly FieldGroup[];
  /** What is wrong with the values and belongs to no field. */
  readonly faults: readonly string[];
  /** Whether such a project can be checked and trained. */
  readonly isValid: boolean;
  /** What can be told from the configuration alone. */
  readonly checks: readonly LaunchCheck[];
}

export type LaunchContract = {
  requests: {
    form: { params: LaunchChoice; result: LaunchFormView };
    /** Looks at everything; each check comes as `checked` too, as soon as it is done. A second request ends the first. */
    check: { params: LaunchChoice; result: readonly LaunchCheck[] };
    /** True: the run has started, and its panel opens. */
    start: { params: LaunchChoice; result: boolean };
    /** Writes the values into `pebr.json`; true when it was changed. */
    save: { params: LaunchChoice; result: boolean };
  };
  toWebview: {
    checked: LaunchCheck;
    /** `pebr.json` has changed: ask for the form again. */
    changed: null;
  };
  toHost: { fix: LaunchFix };
};
