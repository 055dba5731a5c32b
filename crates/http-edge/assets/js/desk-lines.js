// What is wrong with the bots' lines to Telegram, above the panes. The words are the server's: what a bridge
// says, or its silence, only makes the page ask for them anew.

const PAUSE = 1000;
const SILENCE = 30_000;
const LOOK = 15_000;
// In these nothing is said.
const WELL = ["ok", "starting"];

export class Lines {
  #area;
  #heard;
  #asked = 0;
  #planned;

  constructor(desk) {
    this.#area = desk.querySelector("[data-lines]");
    const bots = this.#area.dataset.bots.split(" ").filter(Boolean);
    this.#heard = new Map(bots.map((bot) => [Number(bot), Date.now()]));
    setInterval(() => this.#look(), LOOK);
  }

  /** A bridge has said how its bot's line is. */
  hear({ botId, state }) {
    this.#heard.set(botId, Date.now());
    const shown = this.#area.querySelector(`[data-bot="${Number(botId)}"]`)?.dataset.state ?? "";
    if (shown !== (WELL.includes(state) ? "" : state)) this.#soon();
  }

  // Time passes over what is shown; and a bridge that is gone does not say so.
  #look() {
    const times = Array.from(this.#heard.values());
    const isSilent = times.some((at) => Date.now() - at > SILENCE);
    if (isSilent || this.#area.children.length) this.#soon();
  }

  // Everybody hears at once; the bridge tells first and then writes it down.
  #soon() {
    const pause = PAUSE * (0.5 + Math.random());
    const wait = Math.max(pause, this.#asked + pause - Date.now());
    this.#planned ??= setTimeout(() => this.#renew(), wait);
  }

  async #renew() {
    this.#planned = undefined;
    this.#asked = Date.now();
    const answer = await fetch("/dashboard/operator-chats/lines").catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-lines]");
    // It is read out: only what has changed is worth that.
    if (!fresh || fresh.innerHTML === this.#area.innerHTML) return;
    const isFocused = this.#area.contains(document.activeElement);
    this.#area.replaceChildren(...fresh.childNodes);
    if (isFocused) this.#area.querySelector("a")?.focus();
  }
}
