/** The text with a full stop where it ends without one, so that another sentence can follow. */
export function sentence(text: string): string {
  return /[.!?:]$/.test(text) ? text : `${text}.`;
}
