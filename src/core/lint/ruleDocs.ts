/** Where docs/RULES.md can be read. */
const page = 'https://github.com/pebr-studio/pebr-studio/blob/main/docs/RULES.md';

/** Address of a rule's page; its heading is the rule's id, and GitHub leaves the slash out of the anchor. */
export function ruleAddress(rule: string): string {
  return `${page}#${rule.replace(/[^\w-]/g, '')}`;
}
