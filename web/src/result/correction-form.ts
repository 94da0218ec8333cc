import { ServiceError } from '../../../src/client/text-recognizer-client.ts';
import { element } from '../element.ts';
import { siteClient } from '../reading/read-on-server.ts';

/**
 * Sends corrections to a server that takes them: of a reading once, all of its lines together. The picture is kept only with consent,
 * and can then be deleted.
 */
export class CorrectionForm {
  readonly #form = element('sending', HTMLFormElement);
  readonly #consent = element('consent', HTMLInputElement);
  readonly #send = element('send', HTMLButtonElement);
  readonly #delete = element('delete-kept', HTMLButtonElement);
  readonly #outcome = element('sending-outcome', HTMLElement);
  readonly #textOf: () => string;
  #requestId: string | undefined;
  /** Under which the picture is kept. */
  #keptId: string | undefined;

  /** `textOf` tells the text as it is corrected. */
  constructor(textOf: () => string) {
    this.#textOf = textOf;
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#sendText();
    });
    this.#delete.addEventListener('click', () => void this.#deleteKept());
  }

  /** Begins anew for a reading; one without `requestId` cannot be corrected there. */
  begin(requestId: string | undefined): void {
    this.#requestId = requestId;
    this.#keptId = undefined;
    this.#consent.checked = false;
    this.#form.hidden = true;
    this.#form.dataset.state = 'open';
    this.#send.disabled = false;
    this.#delete.hidden = true;
    this.#outcome.textContent = '';
  }

  /** Offers to send where something was corrected; what was sent stays. */
  offer(isCorrected: boolean): void {
    if (this.#form.dataset.state === 'open') this.#form.hidden = this.#requestId === undefined || !isCorrected;
  }

  async #sendText(): Promise<void> {
    const requestId = this.#requestId;
    if (requestId === undefined || this.#send.disabled) return;
    this.#send.disabled = true;
    await this.#report(requestId, async () => {
      const { id } = await siteClient().correct(requestId, this.#textOf(), { consent: this.#consent.checked });
      if (requestId !== this.#requestId) return;
      this.#form.dataset.state = 'sent';
      this.#keptId = id;
      this.#delete.hidden = id === undefined;
      this.#outcome.textContent = id
        ? `Sent. The picture is kept. You can delete it now, or have it deleted later by its number, ${id}.`
        : 'Sent. The picture is not kept.';
      // The button that had the focus is gone.
      this.#outcome.focus();
    });
    if (requestId === this.#requestId) this.#send.disabled = false;
  }

  async #deleteKept(): Promise<void> {
    const [requestId, id] = [this.#requestId, this.#keptId];
    if (requestId === undefined || id === undefined) return;
    this.#delete.disabled = true;
    await this.#report(requestId, async () => {
      await siteClient().deleteCorrection(id);
      if (requestId !== this.#requestId) return;
      this.#delete.hidden = true;
      this.#outcome.textContent = 'The picture is deleted.';
      this.#outcome.focus();
    });
    this.#delete.disabled = false;
  }

  /** Says what went wrong, unless another reading is shown by then. */
  async #report(requestId: string, step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      if (requestId === this.#requestId) this.#outcome.textContent = inWords(error);
    }
  }
}

function inWords(error: unknown): string {
  if (!(error instanceof ServiceError)) return 'The server cannot be reached. Try again later.';
  if (error.code === 'READING_NOT_FOUND') {
    return 'The server no longer knows this reading: corrections are taken for ten minutes. Read the picture again first.';
  }
  if (error.status === 401) return 'This server needs a key; enter it below.';
  return error.message;
}
