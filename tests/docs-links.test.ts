import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (page: string) => readFileSync(join(root, page), 'utf8');

/** Markdown files of the folder, relative to the repository. */
function pagesIn(folder: string): string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.md') && !/node_modules/.test(name))
    .map((name) => join(folder, name).replaceAll('\\', '/'));
}

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...['docs', 'data', 'models', 'examples', 'notebooks'].flatMap(pagesIn),
];

/** Links to other files and sections, without those to the web. */
function linksOf(page: string): string[] {
  const text = read(page).replaceAll(/^```.*?^```/gms, '');
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

/** The anchors of a page, as GitHub makes them of its headings. */
function anchorsOf(page: string): string[] {
  const headings = [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test.each(pages)('the links of %s lead somewhere', (page) => {
  for (const link of linksOf(page)) {
    const [path, anchor] = link.split('#');
    const target = path === '' ? page : relative(root, join(root, dirname(page), path));
    expect(existsSync(join(root, target)), `${page} links to ${link}`).toBe(true);
    if (anchor !== undefined) expect(anchorsOf(target), `${page} links to ${link}`).toContain(anchor);
  }
});

test('README.md lists every page of docs', () => {
  const listed = new Set(linksOf('README.md').map((link) => link.split('#')[0]));
  const indexed = ['docs/adr/', 'docs/course/', 'docs/lab/', 'docs/runbooks/'];
  const missing = pagesIn('docs').filter(
    (page) => !listed.has(page) && !indexed.some((folder) => page.startsWith(folder)),
  );
  expect(missing).toEqual([]);
});

test.each(['docs/adr', 'docs/course', 'docs/lab', 'docs/runbooks'])(
  '%s/README.md lists every page of its folder',
  (folder) => {
    const listed = new Set(linksOf(`${folder}/README.md`).map((link) => `${folder}/${link}`));
    const missing = pagesIn(folder).filter((page) => !listed.has(page) && !page.endsWith('README.md'));
    expect(missing).toEqual([]);
  },
);

test('decisions are numbered from 1 without gaps', () => {
  const names = readdirSync(join(root, 'docs/adr')).filter((name) => name !== 'README.md');
  expect(names.sort().map((name) => name.slice(0, 5))).toEqual(
    names.map((_, i) => `${String(i + 1).padStart(4, '0')}-`),
  );
});
