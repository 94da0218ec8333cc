import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { TextRecognizerError } from '../errors.ts';
import { decodeText } from '../files/decode-text.ts';
import type { TextRules } from '../text/constraints/text-rules.ts';

/** What the options of `addRuleOptions` give. */
export interface RuleFlags {
  readonly characters?: string;
  readonly pattern?: string;
  readonly words?: string;
  readonly likelyWords?: string;
}

/** `--characters`, `--pattern`, `--words` and `--likely-words`. */
export function addRuleOptions(command: Command): Command {
  return command
    .addOption(new Option('--characters <set>', 'only these characters occur, e.g. 0-9.,€'))
    .addOption(new Option('--pattern <regex>', 'the whole text matches this regular expression, e.g. [A-Z]{2}\\d{6}'))
    .addOption(new Option('--words <file>', 'the whole text is one of the lines of this file').conflicts('pattern'))
    .addOption(new Option('--likely-words <file>', 'lines: words of this file are likely to occur'));
}

/** Reads the lists of words; throws FILE_NOT_FOUND. */
export async function readRules({ characters, pattern, words, likelyWords }: RuleFlags): Promise<TextRules> {
  return { characters, pattern, words: await readList(words), likelyWords: await readList(likelyWords) };
}

async function readList(path: string | undefined): Promise<readonly string[] | undefined> {
  if (path === undefined) return undefined;
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new TextRecognizerError('FILE_NOT_FOUND', `Cannot read the list of words ${path}.`, { cause });
  });
  return decodeText(bytes)
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}
