// Errors beside their fields, and a summary at the top that links to them.

import { word } from "./words.js";
import { controlOf } from "./form-fields.js";

const ORDER = Array.from(document.querySelectorAll("[data-field]"), (field) => field.dataset.field);
const place = (error) => ORDER.indexOf(controlOf(error.field));

/** The words for `{field, code, message}`. */
export function errorText({ field, code, message }) {
  return word(`${field.split(".").pop()}.${code}`) ?? message ?? code;
}

/** Goes to a field, or to the first choice of a group. */
export function visit(name) {
  const control = document.getElementById(name);
  control.scrollIntoView({ block: "center" });
  (control.matches("fieldset") ? control.querySelector("input") : control).focus({ preventScroll: true });
}

/** A link that goes to a field. */
export function linkTo(name, text) {
  const link = document.createElement("a");
  link.href = `#${name}`;
  link.textContent = text;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    visit(name);
  });
  return link;
}

/** Shows `[{field, code, message}]` and nothing else; `problem` is wrong with no single field. */
export function showErrors(form, errors, problem = "") {
  const summary = document.getElementById("errors");
  const list = summary.querySelector("[data-error-list]");
  list.replaceChildren();
  for (const field of form.querySelectorAll("[data-field]")) setError(field, "");
  for (const error of errors.toSorted((one, other) => place(one) - place(other))) {
    const name = controlOf(error.field);
    const text = errorText(error);
    const field = form.querySelector(`[data-field="${CSS.escape(name)}"]`);
    const item = document.createElement("li");
    if (field) {
      setError(field, text);
      item.append(linkTo(name, text));
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
  if (!line) return;
  const words = line.querySelector("[data-error-text]");
  if (words.textContent === text) return;
  words.textContent = text;
  line.hidden = !text;
  field.classList.toggle("wrong", Boolean(text));
  const control = document.getElementById(field.dataset.field);
  if (text) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
}
