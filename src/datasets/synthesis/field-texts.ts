import { Random } from '../../random/random.ts';

/** How many texts to make, and from which seed; texts of different seeds differ. */
export interface FieldTextsOptions {
  readonly count: number;
  readonly seed: number;
  /** Most characters of a text. Default 40. */
  readonly maxLength?: number;
  /** Words for capitals, names and addresses, e.g. of sentences. */
  readonly words: readonly string[];
}

/**
 * Texts as they are in the fields of forms: numbers, amounts, dates, times, telephone numbers, codes, capitals, initials, names
 * and addresses, alone or after a word. No language model knows them, so a reader has to see every character.
 */
export function fieldTexts({ count, seed, maxLength = 40, words }: FieldTextsOptions): string[] {
  return Array.from({ length: count }, (_, index) => {
    const random = Random.of(seed, index);
    for (;;) {
      const text = oneField(random, words);
      if (text.length <= maxLength) return text;
    }
  });
}

type Field = (random: Random, words: readonly string[]) => string;

/** Every kind of field, with how often it is drawn relative to the others. */
const fields: readonly (readonly [weight: number, field: Field])[] = [
  [5, (random) => digits(random, 1 + random.below(12))],
  [3, groupedDigits],
  [3, amount],
  [4, date],
  [2, time],
  [2, telephone],
  [5, code],
  [2, capitals],
  [1, initials],
  [2, (random, words) => `${pick(random, words)} ${digits(random, 1 + random.below(5))}`],
  [1, (random, words) => `${digits(random, 1 + random.below(4))} ${titled(random, words)} ${titled(random, words)}`],
  [1, (random, words) => `${titled(random, words)} ${pick(random, words).toUpperCase()}`],
  [1, email],
];

function oneField(random: Random, words: readonly string[]): string {
  const total = fields.reduce((sum, [weight]) => sum + weight, 0);
  let rest = random.between(0, total);
  const [, field] = fields.find(([weight]) => (rest -= weight) < 0) ?? fields[0];
  return field(random, words);
}

function digits(random: Random, length: number): string {
  return Array.from({ length }, () => random.below(10)).join('');
}

/** `12 345 678`, `12.345`, `12-34-56`. */
function groupedDigits(random: Random): string {
  const separator = pick(random, [' ', ' ', '.', ',', '-', '/']);
  const size = 2 + random.below(3);
  return Array.from({ length: 2 + random.below(4) }, () => digits(random, size)).join(separator);
}

function amount(random: Random): string {
  const [thousands, point] = pick(random, [
    [',', '.'],
    ['.', ','],
    [' ', ','],
    ['', '.'],
  ]);
  const whole = String(random.below(10 ** (1 + random.below(6)))).replace(/\B(?=(\d{3})+$)/g, thousands);
  const number = random.uniform() < 0.7 ? `${whole}${point}${digits(random, 2)}` : whole;
  return pick(random, [number, `${number} €`, `€${number}`, `$${number}`, `£${number}`, `${number} %`, `- ${number}`]);
}

const months = (
  'January February March April May June July August September October November December ' +
  'janvier février mars avril mai juin juillet août septembre octobre novembre décembre ' +
  'Jan Feb Mar Apr Jun Jul Aug Sept Oct Nov Dec'
).split(' ');

function date(random: Random): string {
  const day = String(1 + random.below(31));
  const month = String(1 + random.below(12));
  const year = String(1850 + random.below(200));
  const [dd, mm] = [day.padStart(2, '0'), month.padStart(2, '0')];
  const separator = pick(random, ['/', '.', '-', ' ']);
  return pick(random, [
    [dd, mm, year].join(separator),
    [day, month, year.slice(2)].join(separator),
    [year, mm, dd].join('-'),
    `${day} ${pick(random, months)} ${year}`,
    `${pick(random, months)} ${day}, ${year}`,
    `le ${day} ${pick(random, months)}`,
    year,
  ]);
}

function time(random: Random): string {
  const hour = String(random.below(24));
  const minute = String(random.below(60)).padStart(2, '0');
  return pick(random, [`${hour}:${minute}`, `${hour}h${minute}`, `${hour}.${minute} pm`, `${hour}:${minute} am`]);
}

function telephone(random: Random): string {
  const pairs = (count: number) => Array.from({ length: count }, () => digits(random, 2)).join(' ');
  return pick(random, [
    `0${digits(random, 1)} ${pairs(4)}`,
    `+${digits(random, 2)} ${digits(random, 1)} ${pairs(4)}`,
    `(${digits(random, 3)}) ${digits(random, 3)}-${digits(random, 4)}`,
    `0${digits(random, 4)} ${digits(random, 6)}`,
  ]);
}

/** Plates, postcodes, order and serial numbers, accounts. */
function code(random: Random): string {
  const separator = pick(random, ['', '', '-', ' ', '/']);
  return pick(random, [
    [letters(random, 1 + random.below(3)), digits(random, 1 + random.below(6))].join(separator),
    [letters(random, 2), digits(random, 3), letters(random, 2)].join(separator),
    [digits(random, 4), letters(random, 2)].join(separator),
    `${letters(random, 2)}${digits(random, 1)} ${digits(random, 1)}${letters(random, 2)}`,
    mixed(random, 3 + random.below(8)),
    `${letters(random, 2)}${digits(random, 2)} ${digits(random, 4)} ${digits(random, 4)} ${digits(random, 4)}`,
    `${pick(random, ['No', 'Nr.', '#', 'N°', 'Ref.', 'p.'])} ${mixed(random, 2 + random.below(5))}`,
  ]);
}

function letters(random: Random, length: number): string {
  return Array.from({ length }, () => String.fromCharCode(65 + random.below(26))).join('');
}

function mixed(random: Random, length: number): string {
  return Array.from({ length }, () => (random.uniform() < 0.5 ? digits(random, 1) : letters(random, 1))).join('');
}

function capitals(random: Random, words: readonly string[]): string {
  return Array.from({ length: 1 + random.below(3) }, () => pick(random, words).toUpperCase()).join(' ');
}

function initials(random: Random, words: readonly string[]): string {
  const first = Array.from({ length: 1 + random.below(3) }, () => `${letters(random, 1)}.`).join(' ');
  return `${first} ${titled(random, words)}`;
}

function email(random: Random, words: readonly string[]): string {
  const [name, site] = [plain(pick(random, words)), plain(pick(random, words))];
  const end = pick(random, ['com', 'org', 'net', 'fr', 'de', 'co.uk', 'eu']);
  return pick(random, [`${name}@${site}.${end}`, `${name}.${digits(random, 2)}@${site}.${end}`, `www.${site}.${end}`]);
}

/** Lower case without accents. */
function plain(word: string): string {
  return word.toLowerCase().normalize('NFD').replace(/\P{L}/gu, '');
}

function titled(random: Random, words: readonly string[]): string {
  const word = pick(random, words);
  return word[0].toUpperCase() + word.slice(1).toLowerCase();
}

function pick<T>(random: Random, items: readonly T[]): T {
  return items[random.below(items.length)];
}
