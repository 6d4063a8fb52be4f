import { LitElement } from "lit";

/** An element whose parts are in the page itself, so that the page's one style sheet reaches them. */
export abstract class LightElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}

/** Asks the server for JSON; an answer to a question that was overtaken is dropped with its signal. */
export async function ask<T>(path: string, signal?: AbortSignal): Promise<T> {
  const answer = await fetch(path, { signal, headers: { accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return (await answer.json()) as T;
}
