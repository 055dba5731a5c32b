// The form's values, and the same rules the server holds, for quick answers.

const MOST = 100_000_000;

/** Rubles as typed (`1 500,50`), or NaN. */
export function amountOf(form) {
  const plain = form.elements.totalAmount.value.replace(/[\s\u00a0₽]/g, "").replace(",", ".");
  return /^\d+(\.\d{1,2})?$/.test(plain) ? Number(plain) : NaN;
}

export function platformsOf(form) {
  return Array.from(form.querySelectorAll('[name="platforms"]:checked'), (box) => box.value);
}

export function isLink(text) {
  try {
    const url = new URL(text.trim());
    return (url.protocol === "https:" || url.protocol === "http:") && url.hostname !== "";
  } catch {
    return false;
  }
}

/** What is typed, by field name, as a draft keeps it. */
export function typed(form) {
  const names = [
    "orderId", "title", "description", "targetUrl", "totalAmount", "country", "region", "city",
    "deadline", "timeZone", "imageId", "processedImageUrl", "qrCodeUrl",
  ];
  const draft = Object.fromEntries(names.map((name) => [name, form.elements[name].value]));
  draft.platforms = platformsOf(form);
  return draft;
}

/** The body of `POST /api/orders`. */
export function order(form) {
  const value = (name) => form.elements[name].value.trim();
  const some = (name) => value(name) || undefined;
  return {
    title: value("title"),
    description: value("description"),
    targetUrl: value("targetUrl"),
    totalAmount: amountOf(form),
    location: { country: value("country"), region: some("region"), city: some("city") },
    deadline: new Date(value("deadline")).toISOString(),
    platforms: platformsOf(form),
    imageId: some("imageId"),
    processedImageUrl: some("processedImageUrl"),
    qrCodeUrl: some("qrCodeUrl"),
  };
}

/** What is wrong, as `{field, code}`, in the order of the form. */
export function check(form) {
  const errors = [];
  const wrong = (field, code) => errors.push({ field, code });
  const value = (name) => form.elements[name].value.trim();
  if (!value("title")) wrong("title", "required");
  if (!value("description")) wrong("description", "required");
  if (platformsOf(form).length === 0) wrong("platforms", "required");
  if (!value("targetUrl")) wrong("targetUrl", "required");
  else if (!isLink(value("targetUrl"))) wrong("targetUrl", "invalid");
  if (!value("country")) wrong("country", "required");
  const deadline = new Date(value("deadline"));
  if (Number.isNaN(deadline.getTime())) wrong("deadline", "required");
  else if (deadline <= new Date()) wrong("deadline", "in_the_past");
  const amount = amountOf(form);
  if (!value("totalAmount")) wrong("totalAmount", "required");
  else if (Number.isNaN(amount)) wrong("totalAmount", "invalid");
  else if (amount < 100) wrong("totalAmount", "too_small");
  else if (amount > MOST) wrong("totalAmount", "too_large");
  return errors;
}
