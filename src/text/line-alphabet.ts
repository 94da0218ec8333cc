import { Alphabet } from './alphabet.ts';

/**
 * The alphabet of the line recognizers: 125 characters and the blank. It was chosen from the transcriptions of IAM and
 * IAM-OnDB (English), the Hooker letters (English, 19th century) and Copiste d'un jour (French of today), and is frozen:
 * a trained model depends on the order.
 *
 * | group | characters |
 * |---|---|
 * | ASCII | all printable but `<` `>` (the Copiste mark for struck-out words) and `` ` `` `\` `|` (in none of the sets) |
 * | signs | £ ° « » € |
 * | French | all lower-case letters but ÿ; the capitals À Â Ç È É Ê Î Ô Œ |
 * | other | á ä í ñ ó ö, of names |
 *
 * `encode(text, 'fold')` brings everything else to these where handwriting allows: typographic quotes, dashes, spaces
 * and dots to ASCII (`’` is 6 % of Copiste's apostrophes and looks like `'`); ligatures, fractions and superscripts to
 * their parts; letters with any other accent to the bare letter (Ë → E, Ñ → N, ì → i: one to a few per set). What
 * remains (π, ∞, other scripts: 3 characters of 27,801 lines) is unknown, and can be dropped.
 */
export const lineAlphabet = new Alphabet(
  ' !"#$%&\'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{}~' +
    '£«°»ÀÂÇÈÉÊÎÔàáâäæçèéêëíîïñóôöùûüŒœ€',
);
