type Parameter = string | number | boolean | undefined | readonly string[];

/** Asks the server of this page; throws an error with what it says is wrong. */
export async function ask<Answer>(name: string, parameters: Readonly<Record<string, Parameter>> = {}): Promise<Answer> {
  const answer = await fetch(`./api/${name}?${queryOf(parameters)}`);
  const body = (await answer.json()) as Answer & { readonly error?: string };
  if (!answer.ok) throw new Error(body.error ?? `The server says ${answer.status}.`);
  return body;
}

/** The address of a drawing, report or picture of a run. */
export function fileAddress(id: string, name: string): string {
  return `./api/file?${queryOf({ id, name })}`;
}

function queryOf(parameters: Readonly<Record<string, Parameter>>): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (typeof value === 'object') for (const each of value) query.append(name, each);
    else if (value !== undefined && value !== '') query.append(name, String(value));
  }
  return query;
}
