/** Numbers of classes in the order in which they were met, from `first`. */
export class ClassNumbers {
  private readonly numbers = new Map<string, number>();

  constructor(private readonly first: 0 | 1) {}

  of(label: string): number {
    const number = this.numbers.get(label) ?? this.numbers.size + this.first;
    this.numbers.set(label, number);
    return number;
  }

  get names(): readonly string[] {
    return [...this.numbers.keys()];
  }
}
