/** How a request is answered: with a result, or refused. */
export type Judgement =
  | { readonly result?: unknown; readonly code?: undefined }
  | { readonly code: number; readonly label: string };
