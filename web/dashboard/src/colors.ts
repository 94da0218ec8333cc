/** After Okabe and Ito, darkened or lightened so that lines stand out on either background: told apart by colour-blind people, too. */
const light = ['#0062a3', '#b04a00', '#007a58', '#a3307f', '#6b5b00', '#1d6fd1', '#7a3fb0', '#444444'];
const dark = ['#6ab8f7', '#f0a35e', '#3fcf9f', '#e88bc8', '#e6d34a', '#9ac1ff', '#c9a3f5', '#d0d0d0'];

const darkScheme = matchMedia('(prefers-color-scheme: dark)');

/** The colour of the run with this place among those that are selected. */
export function colorOf(place: number): string {
  const colors = darkScheme.matches ? dark : light;
  return colors[place % colors.length];
}

/** Lines dash where the colours begin again. */
export function dashOf(place: number): number[] {
  return place < light.length ? [] : [6, 4];
}

/** A colour of the style sheet. */
export function styleColor(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
