// The order form: draft, picture, running summary, sending. Without this the form is plain HTML.

import { Draft } from "./form-draft.js";
import { Picture } from "./form-picture.js";
import { showErrors } from "./form-errors.js";
import { Summary } from "./form-summary.js";
import { Sender } from "./form-send.js";
import { word } from "./words.js";

const form = document.querySelector("[data-order-form]");

if (form) {
  form.elements.timeZone.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const draft = new Draft(form);
  const summary = new Summary(form);
  const picture = new Picture(form, () => {
    draft.touch();
    summary.refresh();
  });
  const sender = new Sender(form, picture, draft);

  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    draft.touch();
    summary.refresh();
  });
  form.elements.targetUrl.addEventListener("change", () => picture.linkChanged());
  form.querySelector("[data-clear]").addEventListener("click", (event) => {
    if (confirm(word("draft-clear-question"))) draft.stop();
    else event.preventDefault();
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.matches("[data-clear]")) return;
    event.preventDefault();
    const errors = summary.errors();
    showErrors(form, errors);
    if (errors.length === 0) sender.send();
  });
}
