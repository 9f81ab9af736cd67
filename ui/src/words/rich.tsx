import { Fragment, type ReactNode } from "react";
import { T } from "../components/T";

const SLOT = "\u{f8ff}";

/**
 * A sentence with an element in the place of one of its values: `rich((address) => m.x({ address }), <b/>)`.
 * Languages put the value at different places, so the sentence can't be cut apart in the code.
 */
export function rich(sentence: (slot: string) => string, element: ReactNode): ReactNode {
  const parts = sentence(SLOT).split(SLOT);
  return parts.map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence never change places
    <Fragment key={index}>
      {index > 0 && element}
      <T>{part}</T>
    </Fragment>
  ));
}
