// The picture: upload with progress, the QR code put on it, the result shown before ordering.

import { announce, part, problemText, readJson, size, word } from "./words.js";
import { setError } from "./form-errors.js";
import { upload } from "./form-upload.js";

const LARGEST = 20 * 1024 * 1024;
const TYPES = ["image/jpeg", "image/png", "image/webp"];
const UPLOAD_SHARE = 50;
/** How far a picture is when the media worker says that it is doing this. */
const STAGES = { fetching: 54, decoding: 60, rendering: 70, reading_back: 84, storing: 94 };
const WORDS = {
  unsupported_image: "stage-wrong-type",
  too_large: "stage-too-large",
  too_many_pixels: "picture.too_large",
  invalid_image: "picture.invalid",
};

const refusal = (problem) => word(WORDS[problem?.code]) ?? problemText(problem, word("stage-failed"));

export class Picture {
  #form;
  #box;
  #field;
  #changed;
  /** Counts what was begun: an answer to what was begun before is not looked at. */
  #run = 0;
  /** What is on the picture that is shown: another wish means another rendering. */
  #shown = "";
  #expected = "";
  #file;
  #work = Promise.resolve();

  constructor(form, changed) {
    this.#form = form;
    this.#changed = changed;
    this.#box = form.querySelector("[data-preview]");
    this.#field = form.querySelector('[data-field="picture"]');
    if (form.elements.processedImageUrl.value) this.#shown = this.#wish();
    part(this.#box, "actions").hidden = !form.elements.imageId.value;
    const input = form.elements.picture;
    input.addEventListener("change", () => input.files[0] && this.#take(input.files[0]));
    form.querySelector("[data-remove-picture]").addEventListener("click", () => {
      this.#remove();
      input.focus();
    });
    form.querySelector("[data-retry-picture]").addEventListener("click", () => this.#again());
    addEventListener("online", () => this.#box.dataset.state === "interrupted" && this.#again());
    for (const name of ["targetUrl", "trackLink", "corner", "size"]) {
      form.elements[name].addEventListener("change", () => this.#wishChanged());
    }
    this.#drop(form.querySelector("[data-drop]"));
    // A draft may have been left before its picture was done.
    if (form.elements.imageId.value && !form.elements.processedImageUrl.value) this.#wishChanged();
  }

  /** The form is for another order now, whose code is another one. */
  orderChanged() {
    this.#wishChanged();
  }

  /** Settles when nothing is being done to the picture. */
  get settled() {
    return this.#work;
  }

  get busy() {
    return this.#box.dataset.state === "busy";
  }

  /** There is none, or its code is on it, or it waits for a link that the order brings. */
  get usable() {
    return ["none", "ready", "waiting"].includes(this.#box.dataset.state);
  }

  /** What the media worker is doing with a picture. */
  progress({ imageId, stage }) {
    if (!this.busy || imageId !== this.#expected || !(stage in STAGES)) return;
    this.#stage(word(`stage-${stage.replace("_", "-")}`), STAGES[stage]);
  }

  /** What the code is to say, and where. */
  #wish() {
    const { orderId, targetUrl, trackLink, corner, size: codeSize } = this.#form.elements;
    const link = trackLink.checked ? `order ${orderId.value}` : targetUrl.value.trim();
    return [link, corner.value, codeSize.value].join(" ");
  }

  #wishChanged() {
    if (this.#form.elements.imageId.value && this.#wish() !== this.#shown) {
      this.#start((run) => this.#render(run));
    }
  }

  #drop(area) {
    const over = (on) => (event) => {
      event.preventDefault();
      area.classList.toggle("is-over", on);
    };
    area.addEventListener("dragover", over(true));
    area.addEventListener("dragleave", over(false));
    area.addEventListener("drop", (event) => {
      over(false)(event);
      const [file] = event.dataTransfer.files;
      if (file) this.#take(file);
    });
  }

  #take(file) {
    if (file.size > LARGEST) return this.#turnAway(word("stage-too-large"));
    if (file.type && !TYPES.includes(file.type)) return this.#turnAway(word("stage-wrong-type"));
    this.#remove();
    this.#file = file;
    this.#name(`${file.name}, ${size(file.size)}`);
    this.#show(URL.createObjectURL(file));
    return this.#start((run) => this.#upload(run));
  }

  /** Goes on where the connection broke. */
  #again() {
    const uploaded = this.#form.elements.imageId.value;
    this.#start((run) => (uploaded ? this.#render(run) : this.#upload(run)));
  }

  #start(work) {
    this.#run += 1;
    const run = this.#run;
    setError(this.#field, "");
    this.#retry(false);
    this.#box.dataset.state = "busy";
    this.#work = work(run).catch(() => run === this.#run && this.#interrupted());
  }

  async #upload(run) {
    this.#stage(word("stage-uploading", { percent: 0 }), 0);
    const { status, body } = await upload(this.#file, (share) => {
      if (run !== this.#run) return;
      const percent = Math.round(share * 100);
      const text = percent < 100 ? word("stage-uploading", { percent }) : word("stage-uploaded");
      this.#stage(text, share * UPLOAD_SHARE, percent === 100);
    });
    if (run !== this.#run) return;
    if (status !== 201) return this.#fail(status, body);
    this.#keep({ imageId: body.imageId });
    await this.#render(run);
  }

  async #render(run) {
    const { imageId, targetUrl, trackLink, corner, size: codeSize, orderId } = this.#form.elements;
    const wish = this.#wish();
    if (!trackLink.checked && !targetUrl.value.trim()) return this.#wait();
    this.#stage(word("stage-fetching"), STAGES.fetching);
    // The first answer comes at once and says which picture it will be, so that its progress can be told from
    // that of others; the next ones wait.
    for (let first = true; ; first = false) {
      const response = await fetch("/api/images/process", {
        method: "POST",
        headers: { "content-type": "application/json", ...(first && { prefer: "wait=0" }) },
        body: JSON.stringify({
          imageId: imageId.value,
          targetUrl: targetUrl.value.trim() || undefined,
          trackLink: trackLink.checked,
          orderKey: orderId.value,
          corner: corner.value,
          size: codeSize.value,
        }),
      });
      const body = await readJson(response);
      if (run !== this.#run) return;
      if (response.status === 200) {
        this.#shown = wish;
        this.#keep(body);
        this.#show(body.processedImageUrl);
        this.#box.dataset.state = "ready";
        const notes = (body.notes ?? []).map((note) => word(`note.${note}`)).filter(Boolean);
        this.#stage([word("stage-ready"), ...notes].join(" "), 100);
        return;
      }
      if (response.status !== 202) return this.#fail(response.status, body);
      this.#expected = body.imageId;
      if (!first) this.#stage(word("stage-still-rendering"), 90);
    }
  }

  /** There is no link for the code yet. */
  #wait() {
    this.#box.dataset.state = "waiting";
    this.#stage(word("stage-needs-link"), UPLOAD_SHARE);
  }

  #fail(status, problem) {
    const fields = problem?.errors?.map((error) => error.field) ?? [];
    if (fields.length > 0 && fields.every((field) => field === "targetUrl")) return this.#wait();
    // The picture is still there for whoever signs in again.
    if (status === 401) return this.#interrupted(word("submit-signed-out"));
    // What is busy or away for a moment can be tried again with the same file.
    if (status === 408 || status === 429 || status >= 500) return this.#interrupted(refusal(problem));
    return this.#refuse(refusal(problem));
  }

  #interrupted(text = word("stage-offline")) {
    this.#box.dataset.state = "interrupted";
    this.#stage(text, 0);
    this.#retry(true);
  }

  #remove() {
    this.#run += 1;
    this.#file = undefined;
    this.#expected = "";
    this.#shown = "";
    this.#keep({});
    this.#show("");
    this.#name("");
    this.#retry(false);
    part(this.#box, "progress").hidden = true;
    this.#box.dataset.state = "none";
    setError(this.#field, "");
  }

  #refuse(text) {
    this.#remove();
    setError(this.#field, text);
    announce(text);
  }

  /** A file that is not even tried: the picture that is there stays. */
  #turnAway(text) {
    this.#form.elements.picture.value = "";
    setError(this.#field, text);
    announce(text);
  }

  #keep({ imageId = "", processedImageUrl = "", qrCodeUrl = "" }) {
    const { elements } = this.#form;
    elements.imageId.value = imageId;
    elements.processedImageUrl.value = processedImageUrl;
    elements.qrCodeUrl.value = qrCodeUrl;
    // The file is sent from here: the form must not send it a second time.
    elements.picture.value = "";
    this.#changed();
  }

  #name(text) {
    const line = part(this.#field, "file-name");
    line.textContent = text;
    line.hidden = !text;
    this.#form.elements.picture.classList.toggle("named", Boolean(text));
  }

  #show(url) {
    const image = part(this.#box, "picture");
    if (image.src.startsWith("blob:")) URL.revokeObjectURL(image.src);
    if (url) image.src = url;
    else image.removeAttribute("src");
    image.hidden = !url;
    part(this.#box, "none").hidden = Boolean(url);
    part(this.#box, "actions").hidden = !url;
  }

  #retry(on) {
    this.#form.querySelector("[data-retry-picture]").hidden = !on;
  }

  #stage(text, percent, loud = true) {
    const progress = part(this.#box, "progress");
    progress.hidden = false;
    progress.querySelector("progress").value = percent;
    const line = part(progress, "stage");
    if (line.textContent === text) return;
    line.textContent = text;
    // A screen reader hears of each stage, not of each percent.
    if (loud) announce(text);
  }
}
