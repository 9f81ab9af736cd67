import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import css from "./Dialog.module.css";

/** A dialog over the window. `locked` while something runs that closing would not stop. */
export function Dialog({
  title,
  children,
  onClose,
  alert = false,
  locked = false,
  wide = false,
  testid,
}: {
  title: ReactNode;
  children: ReactNode;
  onClose: () => void;
  alert?: boolean;
  locked?: boolean;
  wide?: boolean;
  testid?: string;
}) {
  return (
    <ModalOverlay
      className={css.veil}
      isOpen
      isDismissable={!alert && !locked}
      isKeyboardDismissDisabled={locked}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Modal className={css.modal} data-wide={wide || undefined}>
        <AriaDialog className={css.dialog} role={alert ? "alertdialog" : "dialog"} data-testid={testid}>
          <Heading slot="title" level={2} className={css.title}>
            {title}
          </Heading>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** The buttons of a dialog, safe choice first. */
export function DialogButtons({ children }: { children: ReactNode }) {
  return <div className={css.buttons}>{children}</div>;
}
