const opening = new Set(['(', '[']);
const closing = new Set([')', ']', '.', ',', ';', ':', '!', '?', '...', '%']);
/** Ends that IAM cuts off as tokens of their own: you | 're, did | n't, cat | 's. */
const clitic = /^(?:'(?:s|S|re|ve|ll|d|m|t)|n't|N'T|')$/;

/**
 * The text of IAM's tokens as it is on the paper: no space before closing punctuation and clitics, none after an opening bracket,
 * and quotation marks, which open and close in turn, close to what they quote.
 */
export function joinTokens(tokens: readonly string[]): string {
  let text = '';
  let glue = true;
  const open = { '"': false, "'": false };
  for (const [i, token] of tokens.entries()) {
    const isQuote = token === '"' || (token === "'" && (open["'"] || opensQuote(tokens, i)));
    if (isQuote) {
      const mark = token as keyof typeof open;
      text += open[mark] || glue ? token : ` ${token}`;
      glue = !open[mark];
      open[mark] = !open[mark];
      continue;
    }
    const attached = glue || closing.has(token) || clitic.test(token);
    text += attached ? token : ` ${token}`;
    glue = opening.has(token);
  }
  return text;
}

/** An apostrophe opens a quotation if another one follows that can close it, otherwise it ends a plural's genitive. */
function opensQuote(tokens: readonly string[], at: number): boolean {
  return tokens.indexOf("'", at + 1) > 0;
}
