// `/` goes to the search field, Escape and a click beside it close the account menu, arrow keys walk lists of cards.
const menu = () => document.querySelector<HTMLDetailsElement>("details.menu[open]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const target = event.target as HTMLElement;
  const writing = target.matches("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !writing) {
    const field = document.querySelector<HTMLInputElement>(".search input");
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  } else if (event.key === "Escape") {
    const open = menu();
    if (!open) return;
    open.open = false;
    open.querySelector("summary")!.focus();
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && target.matches(".cards a")) {
    const links = [...document.querySelectorAll<HTMLElement>(".cards a")];
    const next = links[links.indexOf(target) + (event.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
});

document.addEventListener("pointerdown", (event) => {
  const open = menu();
  if (open && !open.contains(event.target as Node)) open.open = false;
});
