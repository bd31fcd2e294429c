// Search as you type: fetch the results alone, and keep the address of the page that which asks for them again.
const form = document.getElementById("search");
const results = document.getElementById("results");
const status = document.getElementById("status");
let waiting, running;

async function ask() {
  running?.abort();
  running = new AbortController();
  const asked = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
  results.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch("/results?" + asked, { signal: running.signal });
    results.innerHTML = await answer.text();
    status.textContent = results.querySelector(".summary")?.textContent ?? "";
    results.removeAttribute("aria-busy");
    history.replaceState(null, "", "/?" + asked);
    for (const link of document.querySelectorAll("a[data-lang]")) {
      asked.set("lang", link.dataset.lang);
      link.href = "/?" + asked;
    }
  } catch (error) {
    if (error.name === "AbortError") return;
    results.removeAttribute("aria-busy");
    status.textContent = form.dataset.failed;
  }
}

form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(ask, 150);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  ask();
});
if (matchMedia("(min-width: 50rem)").matches) document.getElementById("filters").open = true;
