// The customer's list of orders, live.

import { announce, money, part, word } from "./words.js";
import { writeTime } from "./times.js";
import { follow } from "./live.js";

const list = document.querySelector("[data-orders]");
const empty = document.querySelector("[data-empty]");
const template = (id) => document.getElementById(id).content;
const rowOf = (id) => list.querySelector(`[data-id="${CSS.escape(id)}"]`);

function reason(rejection) {
  return rejection ? (word(`reason.${rejection.code}`) ?? rejection.error ?? "") : "";
}

function showThumbnail(row, url) {
  const image = part(row, "thumbnail");
  if (url) image.src = url;
  image.hidden = !url;
  part(row, "no-thumbnail").hidden = Boolean(url);
}

function fill(row, order) {
  row.dataset.id = order.id;
  row.dataset.status = order.status;
  row.dataset.version = order.version;
  row.dataset.image = order.imageId ?? "";
  part(row, "link").href = `/dashboard/customer/orders/${encodeURIComponent(order.id)}`;
  part(row, "title").textContent = order.title;
  part(row, "amount").textContent = money(order.totalAmount);
  writeTime(part(row, "deadline").querySelector("time"), order.deadline);
  const status = template("statuses").querySelector(`[data-status="${CSS.escape(order.status)}"]`);
  if (status) part(row, "status").replaceChildren(status.cloneNode(true));
  part(row, "platforms").replaceChildren(
    ...order.platforms
      .map((name) => template("platforms").querySelector(`[data-platform="${CSS.escape(name)}"]`))
      .filter(Boolean)
      .map((platform) => platform.cloneNode(true)),
  );
  const why = part(row, "rejection");
  why.textContent = reason(order.rejection);
  why.hidden = !why.textContent;
  showThumbnail(row, order.thumbnailUrl);
}

function flash(row, order) {
  const note = part(row, "changed");
  note.textContent = word("order-changed");
  note.hidden = false;
  row.classList.add("is-changed");
  setTimeout(() => {
    note.hidden = true;
    row.classList.remove("is-changed");
  }, 6000);
  const status = part(row, "status").textContent.trim();
  announce(word("order-changed-announce", { name: order.title, status }));
}

function onOrder(order) {
  let row = rowOf(order.id);
  // News that was published late may be older than what is shown.
  if (row && Number(row.dataset.version) > order.version) return;
  const { filter, search } = list.dataset;
  if (!row) {
    // Whether a new order is what is searched for only the server knows.
    const belongs = "firstPage" in list.dataset && !search && (!filter || filter === order.status);
    if (!belongs) return;
    row = template("order-row").firstElementChild.cloneNode(true);
    fill(row, order);
    list.prepend(row);
    list.hidden = false;
    empty.hidden = true;
  } else {
    if (row.dataset.status === order.status && (row.dataset.image ?? "") === (order.imageId ?? "")) {
      fill(row, order);
      return;
    }
    fill(row, order);
  }
  flash(row, order);
}

let balanceVersion = -1;

if (list) {
  follow("/api/orders/live", {
    order: onOrder,
    image({ imageId, thumbnailUrl }) {
      const row = list.querySelector(`[data-image="${CSS.escape(imageId)}"]`);
      if (row && thumbnailUrl) showThumbnail(row, thumbnailUrl);
    },
    // Too much was missed to be told one by one.
    reset: () => location.reload(),
    balance(balance) {
      if (balance.version <= balanceVersion) return;
      balanceVersion = balance.version;
      for (const name of ["available", "held"]) {
        document.querySelector(`[data-balance="${name}"]`).textContent = money(balance[name]);
      }
    },
  });
}
