// The larger cities of the region that is chosen, to suggest.

import { lang, readJson } from "./words.js";

export function suggestCities(form) {
  const list = document.getElementById("cities");
  const { country, region } = form.elements;
  const show = (names) =>
    list.replaceChildren(
      ...names.map((name) => {
        const option = document.createElement("option");
        option.value = name;
        return option;
      }),
    );
  async function refresh() {
    // Only Russia's are known; a list that is of no use would be in the way.
    const known = country.value === "RU";
    if (known) region.setAttribute("list", "regions");
    else region.removeAttribute("list");
    if (!known) return show([]);
    const query = new URLSearchParams({ region: region.value, lang });
    try {
      const answer = await readJson(await fetch(`/api/places/cities?${query}`));
      if (answer) show(answer.cities);
    } catch {
      // A suggestion less.
    }
  }
  region.addEventListener("change", refresh);
  country.addEventListener("change", refresh);
}
