// The script of a page without a moving map: a click on a number opens its figures, print opens what is folded.
import "./page.css";
import { connectNumbers } from "./drawer";

document.documentElement.classList.add("numbers");
connectNumbers();
window.addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details")) folded.open = true;
});
