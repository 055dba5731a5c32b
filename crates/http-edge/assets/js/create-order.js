// The order form: draft, picture, checks while typing, sending. Without this the form is plain HTML.

import { Check } from "./form-check.js";
import { Draft } from "./form-draft.js";
import { Picture } from "./form-picture.js";
import { Sender } from "./form-send.js";
import { Summary } from "./form-summary.js";
import { follow } from "./live.js";
import { suggestCities } from "./form-places.js";
import { word } from "./words.js";

const form = document.querySelector("[data-order-form]");

// A new form means the zone of the browser, an old one the zone that was chosen.
function chooseZone({ timeZone }) {
  if (document.querySelector("[data-draft-state]").dataset.draftVersion) return;
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!Array.from(timeZone.options).some((option) => option.value === own)) {
    timeZone.add(new Option(own.replaceAll("_", " "), own));
  }
  timeZone.value = own;
}

if (form) {
  chooseZone(form.elements);
  const draft = new Draft(form);
  const summary = new Summary(form);
  const check = new Check(form, (answer) => summary.show(answer));
  const picture = new Picture(form, () => {
    draft.touch();
    check.soon();
  });
  const sender = new Sender(form, picture, draft);

  form.querySelector("[data-save]").hidden = true;
  form.addEventListener("input", (event) => event.target.type !== "file" && draft.touch());
  suggestCities(form);
  form.querySelector("[data-clear]").addEventListener("click", (event) => {
    if (confirm(word("draft-clear-question"))) draft.stop();
    else event.preventDefault();
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.matches("[data-clear]")) return;
    event.preventDefault();
    sender.send();
  });
  follow("/api/orders/live", {
    progress: (progress) => picture.progress(progress),
    balance: () => check.soon(),
  });
}
