/** One line that is written over again, on a terminal; nothing elsewhere. */
export function createProgress(output: NodeJS.WritableStream & { readonly isTTY?: boolean }) {
  const isShown = output.isTTY === true;
  let isOpen = false;
  return {
    show(text: string) {
      if (!isShown) return;
      output.write(`\r\x1b[2K${text}`);
      isOpen = true;
    },
    end() {
      if (isOpen) output.write('\r\x1b[2K');
      isOpen = false;
    },
  };
}
