// The form's values as they are typed. What is right and wrong with them only the server says.

export function platformsOf(form) {
  return Array.from(form.querySelectorAll('[name="platforms"]:checked'), (box) => box.value);
}

/** What is typed, by field name, as a draft keeps it. */
export function typed(form) {
  const names = [
    "orderId", "title", "description", "targetUrl", "totalAmount", "country", "region", "city",
    "deadline", "timeZone", "imageId", "processedImageUrl", "qrCodeUrl", "corner", "size",
  ];
  const draft = Object.fromEntries(names.map((name) => [name, form.elements[name].value]));
  draft.platforms = platformsOf(form);
  draft.trackLink = form.elements.trackLink.checked;
  return draft;
}

/** The body of `POST /api/orders` and of its check. */
export function order(form) {
  const value = (name) => form.elements[name].value;
  const some = (name) => value(name).trim() || undefined;
  return {
    title: value("title"),
    description: value("description"),
    targetUrl: value("targetUrl"),
    totalAmount: value("totalAmount"),
    location: { country: value("country"), region: some("region"), city: some("city") },
    deadline: value("deadline"),
    timeZone: value("timeZone"),
    platforms: platformsOf(form),
    imageId: some("imageId"),
    trackLink: form.elements.trackLink.checked,
  };
}

/** A field's name in the form, of its name in the API. */
export function controlOf(field) {
  const member = field.split(".").pop();
  return member === "imageId" ? "picture" : member;
}
