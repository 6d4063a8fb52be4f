/** The page of an image: pointing at a slice of the cake shows its step, and the other way round; choosing one shows its files without leaving the page. */
class ImagePage extends HTMLElement {
  connectedCallback() {
    for (const type of ["pointerover", "focusin"]) this.addEventListener(type, (event) => this.point(layerOf(event)));
    for (const type of ["pointerleave", "focusout"]) this.addEventListener(type, () => this.point(undefined));
    this.addEventListener("click", (event) => {
      const link = (event.target as Element).closest<Element>("a[href]");
      const layer = layerOf(event);
      if (!link || !layer || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      void this.show(link.getAttribute("href")!, layer);
    });
  }

  private point(layer: string | undefined) {
    for (const part of this.querySelectorAll<HTMLElement>("[data-layer]")) part.classList.toggle("pointed", part.dataset.layer === layer);
  }

  private async show(href: string, layer: string) {
    const files = this.querySelector("#files")!;
    files.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(href, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      files.replaceChildren(...document.importNode(page.querySelector("#files")!, true).childNodes);
      history.replaceState(null, "", href);
    } catch {
      location.assign(href);
      return;
    }
    files.removeAttribute("aria-busy");
    for (const part of this.querySelectorAll<HTMLElement>("[data-layer]")) part.classList.toggle("chosen", part.dataset.layer === layer);
    for (const link of this.querySelectorAll(".steps a")) {
      if (link.closest<HTMLElement>("[data-layer]")?.dataset.layer === layer) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    files.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
  }
}

function layerOf(event: Event): string | undefined {
  return (event.target as Element).closest<HTMLElement>("[data-layer]")?.dataset.layer;
}

customElements.define("hub-image", ImagePage);
