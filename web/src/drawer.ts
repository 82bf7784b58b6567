// A click on a number opens the list of the figures it came from.
import { blockData, figureTexts } from "./payload";

/** A text whose names and intervals are not broken at a hyphen; src/ringtrue/report/render.py does the same to a page. */
function unbroken(text: string): (string | HTMLElement)[] {
  return text.split(/(\S*\w[-–][\w.]\S*)/).map((part, i) => {
    if (i % 2 === 0 || part.length > 24 || !/[\dA-Z]/.test(part)) return part;
    const kept = document.createElement("span");
    kept.className = "nb";
    kept.textContent = part;
    return kept;
  });
}

function line(tag: string, text: string, className = ""): HTMLElement {
  const node = document.createElement(tag);
  node.append(...unbroken(text));
  if (className) node.className = className;
  return node;
}

interface Drawer {
  dialog: HTMLDialogElement;
  head: HTMLElement;
  list: HTMLElement;
}

/** Build the one dialog of the document: head and Close stay in sight, the list scrolls below them. */
function buildDrawer(): Drawer {
  const dialog = document.createElement("dialog");
  dialog.className = "number-origin";
  const head = line("h2", "This number");
  const close = line("button", "Close") as HTMLButtonElement;
  close.type = "button";
  const bar = line("div", "", "bar");
  bar.append(head, close);
  const note = line("p", "It was computed from these figures; what nobody published comes first.", "note");
  const list = document.createElement("ul");
  dialog.append(bar, note, list);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    const box = dialog.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (event.target === dialog && !inside) dialog.close();
  });
  document.body.append(dialog);
  return { dialog, head, list };
}

function rowOf(figure: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`tr[data-figure="${figure}"]`);
}

export function connectNumbers(): void {
  let drawer: Drawer | null = null;
  let shown: HTMLElement | null = null;

  function open(link: HTMLElement): void {
    drawer ??= buildDrawer();
    const { dialog, head, list } = drawer;
    const texts = figureTexts();
    const what = link.dataset.what ?? "This number";
    head.replaceChildren(...unbroken(what));
    dialog.setAttribute("aria-label", what);
    const held = blockData(link);
    const figures = (held?.sets?.[link.dataset.inputs ?? ""] ?? []).map((place) => held!.figures![place]);
    list.replaceChildren(
      ...figures.map((figure) => {
        const text = texts[figure];
        const item = document.createElement("li");
        item.append(line("span", text.mark, `mark ${text.mark}`), line("b", text.label), line("span", ` ${text.printed} `));
        const detail = line("small", `${text.spread}. ${text.source}${text.note ? `. ${text.note}` : ""} `);
        if (rowOf(figure)) {
          const more = line("button", "in the table", "plain") as HTMLButtonElement;
          more.type = "button";
          more.addEventListener("click", () => {
            const row = rowOf(figure)!;
            dialog.close();
            row.closest("details")?.setAttribute("open", "");
            shown?.classList.remove("shown");
            shown = row;
            row.classList.add("shown");
            row.scrollIntoView({ block: "center" });
            row.focus({ preventScroll: true });
          });
          detail.append(more);
        }
        item.append(document.createElement("br"), detail);
        return item;
      }),
    );
    if (!figures.length) list.append(line("li", "No figure of the catalogue enters this number."));
    dialog.showModal();
    dialog.scrollTop = 0;
  }

  const linkOf = (event: Event) => (event.target as Element | null)?.closest<HTMLElement>("[data-inputs]");
  document.addEventListener("click", (event) => {
    const link = linkOf(event);
    if (link) open(link);
  });
  document.addEventListener("keydown", (event) => {
    const link = event.key === "Enter" || event.key === " " ? linkOf(event) : null;
    if (!link) return;
    event.preventDefault();
    open(link);
  });
}
