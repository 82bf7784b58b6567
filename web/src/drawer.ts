// A click on a number opens the list of the parameters it came from.
import type { Payload } from "./payload";

function line(tag: string, text: string, className = ""): HTMLElement {
  const node = document.createElement(tag);
  node.textContent = text;
  if (className) node.className = className;
  return node;
}

export function connectNumbers(payload: Payload): void {
  const dialog = document.getElementById("number-origin") as HTMLDialogElement | null;
  const list = dialog?.querySelector("ul");
  const head = dialog?.querySelector("h2");
  if (!dialog || !list || !head) return;
  const order = Object.keys(payload.parameters).sort();
  dialog.querySelector("button")?.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.addEventListener("click", (event) => {
    const link = (event.target as Element | null)?.closest<HTMLElement>("[data-inputs]");
    if (!link) return;
    event.preventDefault();
    head.textContent = link.dataset.what ?? "This number";
    const ids = (payload.input_sets[link.dataset.inputs ?? ""] ?? []).map((place) => order[place]);
    const rank: Record<string, number> = { assumed: 0, estimate: 1, derived: 2, via: 3, published: 4 };
    ids.sort((a, b) => (rank[payload.parameters[a].mark] ?? 9) - (rank[payload.parameters[b].mark] ?? 9));
    list.replaceChildren(
      ...ids.map((id) => {
        const parameter = payload.parameters[id];
        const item = document.createElement("li");
        item.append(line("span", parameter.mark, `mark ${parameter.mark}`), line("b", parameter.label), line("span", ` ${parameter.printed} `));
        const detail = line("small", `${parameter.spread}. ${parameter.source}${parameter.note ? `. ${parameter.note}` : ""} `);
        const more = document.createElement("a");
        more.href = `#p-${id}`;
        more.textContent = "in the table";
        more.addEventListener("click", () => {
          dialog.close();
          document.getElementById(`p-${id}`)?.closest("details")?.setAttribute("open", "");
        });
        detail.append(more);
        item.append(document.createElement("br"), detail);
        return item;
      }),
    );
    if (!ids.length) list.append(line("li", "No parameter of the catalogue enters this number."));
    dialog.showModal();
  });
}
