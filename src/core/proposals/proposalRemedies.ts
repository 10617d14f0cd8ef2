import { AppError } from '../errors';

/** What a person can have done about a failure of proposals, each a button. */
export type ProposalRemedy = 'retry' | 'chooseModel' | 'nameModel' | 'openDescription' | 'giveKey' | 'openEndpoint' | 'trust';

/** What may mend a failure, the likeliest first; `retry` alone where nothing is known of it. */
export function proposalRemedies(error: unknown): readonly ProposalRemedy[] {
  if (AppError.is(error, 'workspace.untrusted')) return ['trust'];
  if (AppError.is(error, 'detector.unusable')) return isAbsent(error.details.reason) ? ['chooseModel', 'nameModel', 'retry'] : ['openDescription', 'chooseModel', 'retry'];
  if (AppError.is(error, 'detector.lost')) return ['retry', 'chooseModel'];
  if (AppError.is(error, 'endpoint.failed')) return ofStatus(error.details.status);
  if (AppError.is(error, 'argument.invalid') && error.details.argument === 'endpoint') return ['openEndpoint', 'chooseModel'];
  return ['retry'];
}

/** What may mend that single samples were left out, or that a part of the answers could not be used. */
export function partialRemedies(reasons: readonly string[]): readonly ProposalRemedy[] {
  const isRefused = reasons.some(reason => reason.includes('the endpoint refused it'));
  const isUnread = reasons.some(reason => /could not be used|holds no box/.test(reason));
  return isRefused ? ['chooseModel', 'openEndpoint', 'retry'] : isUnread ? ['chooseModel', 'retry'] : reasons.length > 0 ? ['retry'] : [];
}

function ofStatus(status: number | undefined): readonly ProposalRemedy[] {
  if (status === 401 || status === 403) return ['giveKey', 'openEndpoint'];
  if (status === 404) return ['chooseModel', 'openEndpoint', 'retry'];
  return status === undefined ? ['retry', 'openEndpoint', 'chooseModel'] : ['retry', 'chooseModel'];
}

/** There is nothing in the folder that could be corrected. */
function isAbsent(reason: string): boolean {
  return /no such folder|holds neither/.test(reason);
}
