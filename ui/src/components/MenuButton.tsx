import type { ReactNode } from "react";
import { Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { Button, type ButtonProps } from "./Button";
import css from "./MenuButton.module.css";

export type MenuChoice<Key extends string> = { key: Key; label: string; testid?: string };

/** A button that opens a short menu. */
export function MenuButton<Key extends string>({
  label,
  children,
  choices,
  onChoose,
  ...button
}: {
  /** The menu's name. */
  label: string;
  children: ReactNode;
  choices: MenuChoice<Key>[];
  onChoose: (key: Key) => void;
} & Pick<ButtonProps, "tone" | "small" | "busy" | "data-testid">) {
  return (
    <MenuTrigger>
      <Button {...button}>
        {children}
        <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
          <path d="M2 4l4 4 4-4" fill="none" stroke="currentColor" strokeWidth="1.6" />
        </svg>
      </Button>
      <Popover className={css.popover} placement="bottom start">
        <Menu className={css.menu} aria-label={label} onAction={(key) => onChoose(key as Key)}>
          {choices.map((choice) => (
            <MenuItem key={choice.key} id={choice.key} className={css.item} data-testid={choice.testid}>
              {choice.label}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
