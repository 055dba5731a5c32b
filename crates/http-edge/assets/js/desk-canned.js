// Ready answers: `/` at the beginning of a word in the reply offers them.

const SHOWN = 8;

export class Canned {
  #text;
  #list;
  #onPut;

  constructor(form, text, onPut) {
    this.#text = text;
    this.#onPut = onPut;
    this.#list = form.querySelector("[data-canned]");
    text.setAttribute("aria-controls", this.#list.id);
    text.setAttribute("aria-autocomplete", "list");
    text.addEventListener("input", () => this.#offer());
    text.addEventListener("blur", () => setTimeout(() => this.#hide(), 150));
    this.#list.addEventListener("pointerdown", (event) => {
      const option = event.target.closest("[role=option]");
      if (!option) return;
      event.preventDefault();
      this.#put(option);
    });
  }

  // What is being typed after a slash, up to the cursor.
  get #typed() {
    const { value, selectionStart } = this.#text;
    return value.slice(0, selectionStart).match(/(?:^|\s)\/([\p{L}\p{N}_-]*)$/u);
  }

  // They change while the page is open.
  get #options() {
    return Array.from(this.#list.children);
  }

  get #shown() {
    return this.#options.filter((option) => !option.hidden);
  }

  #offer() {
    const typed = this.#typed?.[1].toLowerCase();
    let left = SHOWN;
    for (const option of this.#options) {
      const fits = typed !== undefined && option.dataset.shortcut.startsWith(typed) && left > 0;
      option.hidden = !fits;
      if (fits) left -= 1;
    }
    this.#list.hidden = this.#shown.length === 0;
    this.#choose(this.#shown[0]);
  }

  #choose(chosen) {
    for (const option of this.#options) {
      option.setAttribute("aria-selected", String(option === chosen));
    }
    if (chosen && !this.#list.hidden) {
      this.#text.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    } else this.#text.removeAttribute("aria-activedescendant");
  }

  #hide() {
    this.#list.hidden = true;
    this.#choose();
  }

  #put(option) {
    const typed = this.#typed;
    const end = this.#text.selectionStart;
    const from = typed ? end - typed[1].length - 1 : end;
    this.#text.setRangeText(option.dataset.text, from, end, "end");
    this.#hide();
    this.#onPut();
  }

  /** Whether the key was for the list. */
  key(event) {
    if (this.#list.hidden) return false;
    const shown = this.#shown;
    const at = shown.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.#choose(shown.at((at + step) % shown.length));
    else if (event.key === "Enter" || event.key === "Tab") this.#put(shown[Math.max(at, 0)]);
    else if (event.key === "Escape") this.#hide();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }
}
