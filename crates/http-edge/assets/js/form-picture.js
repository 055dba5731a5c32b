// The picture: upload with progress, the QR code put on it, the result shown before ordering.

import { part, problemText, readJson, word } from "./words.js";
import { isLink } from "./form-fields.js";
import { setError } from "./form-errors.js";

const LARGEST = 20 * 1024 * 1024;
const TYPES = ["image/jpeg", "image/png", "image/webp"];
const UPLOAD_SHARE = 60;
const WORDS = {
  unsupported_image: "stage-wrong-type",
  too_large: "stage-too-large",
  too_many_pixels: "picture.too_large",
  invalid_image: "picture.invalid",
};

function refusal(problem) {
  return word(WORDS[problem?.code]) ?? problemText(problem, word("stage-failed"));
}

export class Picture {
  #form;
  #box;
  #field;
  #changed;
  #run = 0;
  #link = "";
  #work = Promise.resolve();

  constructor(form, changed) {
    this.#form = form;
    this.#changed = changed;
    this.#box = form.querySelector("[data-preview]");
    this.#field = form.querySelector('[data-field="picture"]');
    if (form.elements.processedImageUrl.value) this.#link = form.elements.targetUrl.value.trim();
    part(this.#box, "actions").hidden = !form.elements.imageId.value;
    const input = form.elements.picture;
    input.addEventListener("change", () => input.files[0] && this.#take(input.files[0]));
    form.querySelector("[data-remove-picture]").addEventListener("click", () => this.#remove());
    this.#drop(form.querySelector("[data-drop]"));
  }

  /** Settles when nothing is being done to the picture. */
  get settled() {
    return this.#work;
  }

  get busy() {
    return this.#box.dataset.state === "busy";
  }

  get ready() {
    return this.#box.dataset.state === "ready";
  }

  /** The code on the picture has to lead to the new link. */
  linkChanged() {
    const { imageId, targetUrl } = this.#form.elements;
    if (imageId.value && isLink(targetUrl.value) && targetUrl.value.trim() !== this.#link) {
      this.#start(() => this.#render(this.#run));
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
    setError(this.#field, "");
    if (file.size > LARGEST) return this.#refuse(word("stage-too-large"));
    if (file.type && !TYPES.includes(file.type)) return this.#refuse(word("stage-wrong-type"));
    this.#keep({});
    this.#show(URL.createObjectURL(file));
    return this.#start((run) => this.#upload(run, file));
  }

  #start(work) {
    this.#run += 1;
    const run = this.#run;
    this.#box.dataset.state = "busy";
    this.#work = work(run).catch(() => run === this.#run && this.#refuse(word("stage-offline")));
  }

  async #upload(run, file) {
    this.#stage(word("stage-uploading", { percent: 0 }), 0);
    const { status, body } = await send(file, (part) => {
      if (run !== this.#run) return;
      const percent = Math.round(part * 100);
      const text = percent < 100 ? word("stage-uploading", { percent }) : word("stage-uploaded");
      this.#stage(text, part * UPLOAD_SHARE);
    });
    if (run !== this.#run) return;
    if (status !== 201) {
      this.#refuse(refusal(body));
      return;
    }
    this.#keep({ imageId: body.imageId });
    await this.#render(run);
  }

  async #render(run) {
    const { imageId, targetUrl } = this.#form.elements;
    const link = targetUrl.value.trim();
    if (!isLink(link)) {
      this.#box.dataset.state = "waiting";
      this.#stage(word("stage-needs-link"), UPLOAD_SHARE);
      return;
    }
    this.#stage(word("stage-rendering"), UPLOAD_SHARE + 15);
    for (;;) {
      const response = await fetch("/api/images/process", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ imageId: imageId.value, targetUrl: link }),
      });
      const body = await readJson(response);
      if (run !== this.#run) return;
      if (response.status === 200) {
        this.#link = link;
        this.#keep(body);
        this.#show(body.processedImageUrl);
        this.#box.dataset.state = "ready";
        this.#stage(word("stage-ready"), 100);
        return;
      }
      if (response.status !== 202) {
        this.#refuse(refusal(body));
        return;
      }
      this.#stage(word("stage-still-rendering"), 90);
      await new Promise((resume) => setTimeout(resume, 1000));
    }
  }

  #remove() {
    this.#run += 1;
    this.#keep({});
    this.#show("");
    part(this.#box, "progress").hidden = true;
    this.#box.dataset.state = "none";
    setError(this.#field, "");
  }

  #refuse(text) {
    this.#remove();
    setError(this.#field, text);
  }

  #keep({ imageId = "", processedImageUrl = "", qrCodeUrl = "" }) {
    const { elements } = this.#form;
    elements.imageId.value = imageId;
    elements.processedImageUrl.value = processedImageUrl;
    elements.qrCodeUrl.value = qrCodeUrl;
    // What is uploaded already must not be uploaded a second time.
    if (!imageId) elements.picture.value = "";
    this.#changed();
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

  #stage(text, percent) {
    const progress = part(this.#box, "progress");
    progress.hidden = false;
    progress.querySelector("progress").value = percent;
    const line = part(progress, "stage");
    if (line.textContent !== text) line.textContent = text;
  }
}

// Only XMLHttpRequest tells how much of a request is sent.
function send(file, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/images");
    request.responseType = "json";
    request.upload.onprogress = (event) => progress(event.loaded / (event.total || 1));
    request.onload = () => resolve({ status: request.status, body: request.response });
    request.onerror = reject;
    request.onabort = reject;
    const body = new FormData();
    body.append("file", file);
    request.send(body);
  });
}
