/** The label of the dataset that a class of a detector is: the one that the detector's folder names, one that is written the same but for case and signs, or the class itself. */
export function mapLabel(className: string, labels: readonly string[], named: Readonly<Record<string, string>> = {}): string {
  if (Object.hasOwn(named, className)) return named[className] ?? className;
  const wanted = plain(className);
  return labels.find(label => label === className) ?? labels.find(label => plain(label) === wanted) ?? labels.find(label => singular(plain(label)) === singular(wanted)) ?? className;
}

const plain = (text: string): string => text.toLowerCase().replace(/[\s_-]+/g, ' ').trim();
const singular = (text: string): string => text.replace(/(?<=..)(?<!s)s$/, '');
