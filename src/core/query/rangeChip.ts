/** The chip that holds for all numbers from those of one bar of a histogram to those of a later one; undefined where a bar is no number (`(empty)`). */
export function rangeChip(first: string, last: string): string | undefined {
  const [from, to] = [boundsOf(first), boundsOf(last)];
  if (!from || !to || from.chip !== to.chip) return undefined;
  return `${from.chip}:${from.least}..${to.isOpen ? '<' : ''}${to.most}`;
}

const number = '[-+]?\\d+(?:\\.\\d+)?(?:e[-+]?\\d+)?';
const numbers = new RegExp(`^(.+?):(${number})(?:\\.\\.(<?)(${number}))?$`, 'i');

function boundsOf(text: string): { readonly chip: string; readonly least: string; readonly most: string; readonly isOpen: boolean } | undefined {
  const [, chip, least = '', isOpen, most = least] = numbers.exec(text) ?? [];
  return chip === undefined ? undefined : { chip, least, most, isOpen: isOpen === '<' };
}
