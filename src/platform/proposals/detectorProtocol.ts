import type { ErrorCode, ErrorDetails } from '../../core/errors';
import type { ProposalModel } from '../../core/proposals/proposal';
import type { ProposalReply, ProposalRequest } from './proposer';

/** What the process that holds the detector is asked, one JSON object a line on its stdin. */
export interface DetectorQuestion extends ProposalRequest {
  readonly id: number;
}

/** Its lines on stdout; the first says that the model is loaded, or why it is not. */
export type DetectorAnswer =
  | { readonly ready: ProposalModel }
  | { readonly id: number; readonly reply: ProposalReply }
  | { readonly id: number | null; readonly error: DetectorError };

export interface DetectorError {
  /** Absent where it was no failure that a person can act on. */
  readonly code?: ErrorCode;
  readonly details?: ErrorDetails[ErrorCode];
  readonly message: string;
}
