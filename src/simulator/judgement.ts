/** The answer to a request: a result, or a refusal. */
export type Judgement =
  | { readonly result?: unknown; readonly code?: undefined }
  | { readonly code: number; readonly label: string };
