// Errors beside their fields, and a summary at the top that links to them.

import { word } from "./words.js";

const ORDER = Array.from(document.querySelectorAll("[data-field]"), (field) => field.dataset.field);

/** Shows `[{field, code, message}]` and nothing else; `problem` is wrong with no single field. */
export function showErrors(form, errors, problem = "") {
  const summary = document.getElementById("errors");
  const list = summary.querySelector("[data-error-list]");
  list.replaceChildren();
  for (const field of form.querySelectorAll("[data-field]")) {
    setError(field, "");
  }
  const place = (error) => ORDER.indexOf(error.field.split(".").pop());
  for (const error of errors.toSorted((one, other) => place(one) - place(other))) {
    const member = error.field.split(".").pop();
    const text = word(`${member}.${error.code}`) ?? error.message ?? error.code;
    const name = member === "imageId" ? "picture" : member;
    const field = form.querySelector(`[data-field="${CSS.escape(name)}"]`);
    const item = document.createElement("li");
    if (field) {
      setError(field, text);
      const link = document.createElement("a");
      link.href = `#${name}`;
      link.textContent = text;
      link.addEventListener("click", (event) => {
        event.preventDefault();
        const control = document.getElementById(name);
        control.scrollIntoView({ block: "center" });
        (control.matches("fieldset") ? control.querySelector("input") : control).focus();
      });
      item.append(link);
    } else {
      item.textContent = text;
    }
    list.append(item);
  }
  const line = summary.querySelector("[data-problem]");
  line.textContent = problem;
  line.hidden = !problem;
  summary.hidden = errors.length === 0 && !problem;
  if (!summary.hidden) {
    summary.scrollIntoView({ block: "center" });
    summary.focus({ preventScroll: true });
  }
}

/** Shows or clears the error of one field. */
export function setError(field, text) {
  const line = field.querySelector(".error");
  line.querySelector("[data-error-text]").textContent = text;
  line.hidden = !text;
  field.classList.toggle("wrong", Boolean(text));
  const control = document.getElementById(field.dataset.field);
  if (text) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
}
