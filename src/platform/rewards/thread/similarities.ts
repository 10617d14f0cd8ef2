import type { SimilarityPair, SimilarityResult } from './threadMessages';

interface Asked extends SimilarityPair {
  resolve(value: number): void;
  reject(error: Error): void;
}

/** Gathers the similarities that are asked for together into one request; the model runs them as a batch. */
export class Similarities {
  private readonly open = new Map<number, readonly Asked[]>();
  private gathered: Asked[] = [];
  private nextId = 1;

  constructor(private readonly send: (id: number, pairs: readonly SimilarityPair[]) => void) {}

  ask(image: string, text: string): Promise<number> {
    if (typeof image !== 'string' || typeof text !== 'string') return Promise.reject(new TypeError('clip.similarity(imagePath, text) takes two strings.'));
    return new Promise((resolve, reject) => {
      this.gathered.push({ image, text, resolve, reject });
      if (this.gathered.length === 1) setImmediate(() => this.flush()); // after every item of the batch has started
    });
  }

  answer(id: number, results: readonly SimilarityResult[]): void {
    const asked = this.open.get(id) ?? [];
    this.open.delete(id);
    asked.forEach(({ resolve, reject }, index) => {
      const result = results[index];
      if (result && 'similarity' in result) resolve(result.similarity);
      else reject(new Error(result?.error ?? 'The image-text model gave no similarity.'));
    });
  }

  private flush(): void {
    const id = this.nextId++;
    this.open.set(id, this.gathered);
    this.send(id, this.gathered.map(({ image, text }) => ({ image, text })));
    this.gathered = [];
  }
}
