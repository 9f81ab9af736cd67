import type { ReactNode, Ref } from "react";
import { m } from "../paraglide/messages";
import { Button } from "./Button";
import { DialogButtons } from "./Dialog";

/**
 * Cancel and the one thing that a dialog is for. Without `onConfirm` it submits the form around it, whose first
 * field has the focus; else the safe choice has it.
 */
export function DialogAnswers({
  busy,
  tone = "strong",
  disabled = false,
  confirmRef,
  onCancel,
  onConfirm,
  cancelWords = m.cancel(),
  children,
}: {
  busy: boolean;
  tone?: "strong" | "danger-fill";
  disabled?: boolean;
  confirmRef?: Ref<HTMLButtonElement>;
  onCancel: () => void;
  onConfirm?: () => void;
  /** Where "Cancel" could mean either. */
  cancelWords?: string;
  children: ReactNode;
}) {
  return (
    <DialogButtons>
      <Button autoFocus={!!onConfirm} onPress={onCancel} isDisabled={busy} data-testid="dialog-cancel">
        {cancelWords}
      </Button>
      <Button
        {...(confirmRef ? { ref: confirmRef } : {})}
        {...(onConfirm ? { onPress: onConfirm } : { type: "submit" as const })}
        tone={tone}
        busy={busy}
        isDisabled={disabled}
        data-testid="dialog-confirm"
      >
        {children}
      </Button>
    </DialogButtons>
  );
}
