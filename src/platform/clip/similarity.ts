export interface ImageTextPair {
  /** Absolute path of an image. */
  readonly image: string;
  readonly text: string;
}

/** The cosine similarity, or why there is none. */
export type Similarity = { readonly similarity: number } | { readonly error: string };
